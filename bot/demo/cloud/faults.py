"""Faults on demand: which, where and how often; what each does stands in cloud_mischief."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.demo.cloud import mischief, odd_lists
from bot.demo.cloud.answers import Answer
from bot.demo.cloud.mischief import Wire

_T = TypeVar("_T")

INSTEAD: dict[str, Callable[..., Wire]] = {
    "fail": mischief.fail,
    "unauthorized": mischief.unauthorized,
    "token_expired": mischief.token_expired,
    "throttled": mischief.throttled,
    "stop_refused": mischief.stop_refused,
    "vanished": mischief.vanished,
    "no_route": mischief.no_route,
    "html": mischief.html,
    "empty": mischief.empty,
    "body": mischief.body,
    "redirect": mischief.redirect,
    "gzip_bomb": mischief.gzip_bomb,
}
CHANGES: dict[str, Callable[..., Answer]] = {
    "numbers_as_strings": mischief.numbers_as_strings,
    "no_is_success": mischief.no_is_success,
    "error_msg_key": mischief.error_msg_key,
    "failures_as_200": mischief.failures_as_200,
    "wrong_id": mischief.wrong_id,
    "unknown_status": mischief.unknown_status,
    "null_status": mischief.null_status,
    "null_fields": mischief.null_fields,
    "nan": mischief.nan,
    "jobs_null": mischief.jobs_null,
    "jobs_missing": mischief.jobs_missing,
    "odd_row": odd_lists.odd_row,
    "unlisted": odd_lists.unlisted,
    "wrong_total": odd_lists.wrong_total,
    "null_character": mischief.null_character,
    "schedule": mischief.schedule,
}
SPOILS: dict[str, Callable[..., Wire]] = {
    "huge_body": mischief.huge_body,
    "deep_nesting": mischief.deep_nesting,
    "duplicate_keys": mischief.duplicate_keys,
    "cut_json": mischief.cut_json,
    "byte_order_mark": mischief.byte_order_mark,
    "gzipped": mischief.gzipped,
    "wrong_content_type": mischief.wrong_content_type,
}
# Done by the server itself: it hangs up, drips or keeps quiet; or pages overlap by one job.
CONDUCT = frozenset({"reset", "never_answers", "slow_drip", "shifted_pages"})
NAMES = frozenset({*INSTEAD, *CHANGES, *SPOILS, *CONDUCT})

# Logging in fails only where it is asked to.
_ANY_CALL = r" /v1/"
_WHERE = {"stop_refused": r"^POST .*/stop$", "shifted_pages": r"[?&]page=(?!1(&|$))"}


@dataclass(slots=True, kw_only=True, eq=False)
class _Fault:
    name: str
    where: re.Pattern[str]
    left: int | None
    applied: bool
    change: Callable[[Answer], Answer] | None = None
    spoil: Callable[[Wire], Wire] | None = None
    instead: Wire | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """All that shall go wrong with one request; `applied` lets the call have its effect first."""

    names: frozenset[str] = frozenset()
    applied: bool = True
    instead: Wire | None = None
    changes: tuple[Callable[[Answer], Answer], ...] = ()
    spoils: tuple[Callable[[Wire], Wire], ...] = ()


@dataclass(slots=True)
class Faults:
    """The faults that wait for their request."""

    _waiting: list[_Fault] = field(default_factory=list)

    def add(
        self,
        name: str,
        *,
        count: int | None = 1,
        where: str | None = None,
        applied: bool = False,
        **options: str | int | None,
    ) -> None:
        """Let the next `count` requests (None: all) meet a fault; `options` are its own.

        `where` is searched in `METHOD path?query`, by default any ModelArts call. A fault that
        replaces the answer happens before the call has an effect, or after it with `applied`.
        Raises ValueError for an unknown name, TypeError for an unknown option.
        """
        if name not in NAMES:
            raise ValueError(f"no fault {name!r}; there are {', '.join(sorted(NAMES))}")
        pattern = _WHERE.get(name, _ANY_CALL) if where is None else where
        fault = _Fault(name=name, where=re.compile(pattern), left=count, applied=applied)
        if name in INSTEAD:
            fault.instead = INSTEAD[name](**options)
        elif name in CHANGES:
            fault.change = _bound(CHANGES[name], options)
        elif name in SPOILS:
            fault.spoil = _bound(SPOILS[name], options)
        self._waiting.append(fault)

    def clear(self) -> None:
        """Nothing goes wrong from here on."""
        self._waiting.clear()

    def take(self, line: str) -> Trouble:
        """The trouble of one request, counted off; of faults that replace the answer the first."""
        met: list[_Fault] = []
        for fault in list(self._waiting):
            taken = _replaces(fault) and any(_replaces(one) for one in met)
            if taken or not fault.where.search(line):
                continue
            met.append(fault)
            self._count_off(fault)
        return Trouble(
            names=frozenset(fault.name for fault in met),
            applied=all(fault.applied for fault in met if _replaces(fault)),
            instead=next((fault.instead for fault in met if fault.instead), None),
            changes=tuple(fault.change for fault in met if fault.change),
            spoils=tuple(fault.spoil for fault in met if fault.spoil),
        )

    def _count_off(self, fault: _Fault) -> None:
        if fault.left is None:
            return
        fault.left -= 1
        if fault.left <= 0:
            self._waiting.remove(fault)


def _replaces(fault: _Fault) -> bool:
    return fault.instead is not None or fault.name in {"reset", "never_answers"}


def _bound(function: Callable[..., _T], options: Mapping[str, object]) -> Callable[..., _T]:
    inspect.signature(function).bind(None, **options)
    return functools.partial(function, **options)
