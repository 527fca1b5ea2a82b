"""The outcome of a cloud call, in the few words that the metrics count."""

from bot.core.errors import (
    JobNotFound,
    JobSourceError,
    LoginRefused,
    SourceRefused,
    SourceUnavailable,
)
from bot.core.ports.meter import CallOutcome


def outcome_of(error: JobSourceError) -> CallOutcome:
    match error:
        case JobNotFound():
            return CallOutcome.NOT_FOUND
        case LoginRefused():
            return CallOutcome.UNAUTHORIZED
        case SourceRefused():
            return CallOutcome.REFUSED
        case SourceUnavailable(retry_after=float() | int()):
            return CallOutcome.LIMITED
        case _:
            return CallOutcome.UNAVAILABLE
