"""The door to traces: for which request something is done, and when what takes long begins and
ends. Nothing here waits, and without anybody who traces it costs next to nothing."""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

Fact = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """For what something is done: a request of Slack's, or one run of a duty of ours."""

    request_id: str
    #: Empty for a request of Slack's.
    duty: str = ""


# Tasks inherit it: what a request leaves behind is still done for it.
_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


@contextmanager
def caused(*, duty: str = "") -> Iterator[Cause]:
    """What is done within is done for one request, or for one run of this duty: all its lines in
    the log have one id, and no others have it."""
    cause = Cause(request_id=os.urandom(8).hex(), duty=duty)
    token = _cause.set(cause)
    try:
        yield cause
    finally:
        _cause.reset(token)


def current_cause() -> Cause | None:
    """For what this is done; None at start and at stop."""
    return _cause.get()


def is_asked_for() -> bool:
    """True if a request of Slack's is the cause, and not a duty of ours."""
    cause = _cause.get()
    return cause is not None and not cause.duty


class Span(Protocol):
    """Something that takes time. Facts are ids, numbers and words of closed sets: never what
    people wrote, never an address with a query."""

    def note(self, **facts: Fact | None) -> None:
        """Add what is known by now; None adds nothing."""

    def fail(self, what: str) -> None:
        """It did not end well: `what` is a name, not a sentence."""


class Tracing(Protocol):
    """Records spans."""

    def span(self, name: str, facts: Mapping[str, Fact]) -> AbstractContextManager[Span]:
        """Record what is done within, below the span that is open here."""


class _Untraced:
    def note(self, **facts: Fact | None) -> None: ...
    def fail(self, what: str) -> None: ...


_UNTRACED = nullcontext(_Untraced())
_tracing: Tracing | None = None


def trace_with(tracing: Tracing | None) -> None:
    """Hand all spans of this program to this one from now on; None: to nobody."""
    global _tracing
    _tracing = tracing


def span(name: str, **facts: Fact) -> AbstractContextManager[Span]:
    """Something that takes time begins here, and ends where the block does."""
    return _UNTRACED if _tracing is None else _tracing.span(name, facts)
