"""Faults on demand: which, where and how often; `answer_faults` and `odd_lists` say how."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.demo.cloud import answer_faults, odd_lists
from bot.demo.cloud.answer_faults import Wire
from bot.demo.cloud.answers import Answer

_T = TypeVar("_T")

INSTEAD: dict[str, Callable[..., Wire]] = {
    "fail": answer_faults.fail,
    "unauthorized": answer_faults.unauthorized,
    "token_expired": answer_faults.token_expired,
    "throttled": answer_faults.throttled,
    "stop_refused": answer_faults.stop_refused,
    "vanished": answer_faults.vanished,
    "no_route": answer_faults.no_route,
    "html": answer_faults.html,
    "empty": answer_faults.empty,
    "body": answer_faults.body,
    "redirect": answer_faults.redirect,
    "gzip_bomb": answer_faults.gzip_bomb,
}
CHANGES: dict[str, Callable[..., Answer]] = {
    "numbers_as_strings": answer_faults.numbers_as_strings,
    "no_is_success": answer_faults.no_is_success,
    "error_msg_key": answer_faults.error_msg_key,
    "failures_as_200": answer_faults.failures_as_200,
    "wrong_id": answer_faults.wrong_id,
    "unknown_status": answer_faults.unknown_status,
    "null_status": answer_faults.null_status,
    "null_fields": answer_faults.null_fields,
    "nan": answer_faults.nan,
    "jobs_null": answer_faults.jobs_null,
    "jobs_missing": answer_faults.jobs_missing,
    "odd_row": odd_lists.odd_row,
    "unlisted": odd_lists.unlisted,
    "wrong_total": odd_lists.wrong_total,
    "null_character": answer_faults.null_character,
    "schedule": answer_faults.schedule,
}
SPOILS: dict[str, Callable[..., Wire]] = {
    "huge_body": answer_faults.huge_body,
    "deep_nesting": answer_faults.deep_nesting,
    "duplicate_keys": answer_faults.duplicate_keys,
    "cut_json": answer_faults.cut_json,
    "byte_order_mark": answer_faults.byte_order_mark,
    "gzipped": answer_faults.gzipped,
    "wrong_content_type": answer_faults.wrong_content_type,
}
# The server itself makes these faults: it hangs up, drips or stays silent, or pages overlap by one
# job.
CONDUCT = frozenset({"reset", "never_answers", "slow_drip", "shifted_pages"})
NAMES = frozenset({*INSTEAD, *CHANGES, *SPOILS, *CONDUCT})

# By default faults meet ModelArts calls only; a login fails only if `where` asks for it.
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
    """The faults of one request; if `applied`, the call has its effect first."""

    names: frozenset[str] = frozenset()
    applied: bool = True
    instead: Wire | None = None
    changes: tuple[Callable[[Answer], Answer], ...] = ()
    spoils: tuple[Callable[[Wire], Wire], ...] = ()


@dataclass(slots=True)
class Faults:
    """The faults that wait for matching requests."""

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
        """Let the next `count` requests (None: all) meet a fault; `options` go to the fault.

        `where` is searched in `METHOD path?query`; without it, any ModelArts call matches. A fault
        that replaces the answer keeps the call from having an effect, unless `applied`. Raises
        ValueError for an unknown name, TypeError for an unknown option.
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
        """Remove all faults."""
        self._waiting.clear()

    def take(self, line: str) -> Trouble:
        """Return and count down the faults of one request; at most one replaces the answer."""
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
