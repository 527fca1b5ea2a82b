"""The port to traces: the request or duty that causes an operation, and spans of time. Nothing
here blocks; without a tracer it costs next to nothing."""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

Fact = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The cause of an operation: a request from Slack, or one run of a duty of the bot."""

    request_id: str
    #: The name of the duty; empty for a request from Slack.
    duty: str


# Tasks inherit the context variable, so that work after the answer has the id of its request.
_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


@contextmanager
def caused(*, duty: str = "") -> Iterator[Cause]:
    """Give the block one cause: all of its log lines carry the same id."""
    cause = Cause(request_id=os.urandom(8).hex(), duty=duty)
    token = _cause.set(cause)
    try:
        yield cause
    finally:
        _cause.reset(token)


def current_cause() -> Cause | None:
    """Return the present cause; None while the bot starts and stops."""
    return _cause.get()


def is_asked_for() -> bool:
    """Return True if a request from Slack is the cause."""
    cause = _cause.get()
    return cause is not None and not cause.duty


class Span(Protocol):
    """An operation that takes time. Facts are ids, numbers and words of closed sets: never
    people's text, never a URL with a query."""

    def note(self, **facts: Fact | None) -> None:
        """Add facts; a fact that is None is left out."""

    def fail(self, what: str) -> None:
        """Mark the operation as failed; `what` is a name, not a sentence."""


class Tracing(Protocol):
    """Records spans."""

    def span(self, name: str, facts: Mapping[str, Fact]) -> AbstractContextManager[Span]:
        """Record the block as a span below the span that is open."""


class _Untraced:
    def note(self, **facts: Fact | None) -> None: ...
    def fail(self, what: str) -> None: ...


_UNTRACED = nullcontext(_Untraced())
_tracing: Tracing | None = None


def trace_with(tracing: Tracing | None) -> None:
    """Send all spans of this process to this tracer from now on; None sends them nowhere."""
    global _tracing
    _tracing = tracing


def span(name: str, **facts: Fact) -> AbstractContextManager[Span]:
    """Open a span for the block."""
    return _UNTRACED if _tracing is None else _tracing.span(name, facts)
