"""What became of a call to Slack, in the few words that are counted."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.ports.meter import CallOutcome, Meter
from bot.core.ports.tracing import span


@contextmanager
def counted(method: str, meter: Meter) -> Iterator[None]:
    """Count one call of this method, made within."""
    with span("slack call", method=method) as traced:
        try:
            yield
        except MessengerError as error:
            outcome = outcome_of(error)
            meter.count_slack_call(method, outcome)
            traced.note(outcome=outcome.value, code=error.code)
            traced.fail(outcome.value)
            raise
        meter.count_slack_call(method, CallOutcome.OK)
        traced.note(outcome=CallOutcome.OK.value)


def outcome_of(error: MessengerError) -> CallOutcome:
    """Name what went wrong."""
    if not isinstance(error, MessageRejected):
        return CallOutcome.UNAVAILABLE
    return _OUTCOMES.get(error.refusal, CallOutcome.REFUSED)


_OUTCOMES = {
    Refusal.TOO_FAST: CallOutcome.LIMITED,
    Refusal.NOT_SENT: CallOutcome.UNAVAILABLE,
    Refusal.WORKSPACE: CallOutcome.UNAUTHORIZED,
}
