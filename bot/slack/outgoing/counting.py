"""The outcome of a call to Slack, in the few words that the metrics count."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.ports.meter import CallOutcome, Meter
from bot.core.ports.tracing import span


@contextmanager
def counted(method: str, meter: Meter) -> Iterator[None]:
    """Count and trace the one call of this method that the block makes."""
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
    if not isinstance(error, MessageRejected):
        return CallOutcome.UNAVAILABLE
    return _OUTCOMES.get(error.refusal, CallOutcome.REFUSED)


_OUTCOMES = {
    Refusal.TOO_FAST: CallOutcome.LIMITED,
    Refusal.NOT_SENT: CallOutcome.UNAVAILABLE,
    Refusal.WORKSPACE: CallOutcome.UNAUTHORIZED,
}
