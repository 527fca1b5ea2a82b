"""What became of a call to Slack, in the few words that are counted."""

from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.ports.meter import CallOutcome


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
