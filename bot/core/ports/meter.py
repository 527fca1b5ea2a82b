"""The port to the metrics: the counters of the workers. Every label has a closed set of values."""

from datetime import timedelta
from enum import Enum
from typing import Protocol


class CommandOutcome(Enum):
    """How a command ended."""

    ANSWERED = "answered"
    #: The sentence was not understood, or the bot cannot give what it asks for.
    REFUSED = "refused"
    #: The cloud, Slack or the database failed.
    FAILED = "failed"
    #: The bot has a bug.
    BUG = "bug"


class PollOutcome(Enum):
    """How a background read of the cloud ended."""

    GOOD = "good"
    #: The cloud answered that there is no such job.
    DENIED = "denied"
    FAILED = "failed"


class DeliveryOutcome(Enum):
    """How one attempt to deliver ended."""

    SENT = "sent"
    #: The search found the message of an earlier, unconfirmed attempt.
    FOUND = "found"
    #: Slack took nothing; the bot retries.
    REFUSED = "refused"
    #: Slack may have taken it; the bot searches before it retries.
    UNSURE = "unsure"
    #: The delivery became a dead letter.
    DEAD = "dead"


class CallOutcome(Enum):
    """How one call to the cloud or to Slack ended."""

    OK = "ok"
    #: The cloud does not know the job.
    NOT_FOUND = "not_found"
    #: The other side understood the call and refused it.
    REFUSED = "refused"
    #: The other side refused our login.
    UNAUTHORIZED = "unauthorized"
    #: The other side asked for fewer calls.
    LIMITED = "limited"
    #: There was no connection, no answer in time, or an unusable answer.
    UNAVAILABLE = "unavailable"


class Meter(Protocol):
    """Counts events of this process. No method blocks or raises."""

    def count_command(self, verb: str, outcome: CommandOutcome, *, seconds: float) -> None:
        """Count a command by its verb, with the seconds that its answer took."""

    def count_poll(self, outcome: PollOutcome) -> None:
        """Count a read of the cloud for the watch or the index."""

    def count_changes(self, number: int) -> None:
        """Count changes that were recorded."""

    def count_delivery(self, outcome: DeliveryOutcome) -> None:
        """Count an attempt to deliver."""

    def note_lag(self, lag: timedelta) -> None:
        """Note the time from a poll that saw a change to the message about it."""

    def count_cloud_call(self, outcome: CallOutcome) -> None:
        """Count a request to the cloud."""

    def count_slack_call(self, method: str, outcome: CallOutcome) -> None:
        """Count a call of one of Slack's methods."""

    def note_stall(self, seconds: float) -> None:
        """Note how many seconds the event loop was late."""


class _Unmetered:
    def count_command(self, verb: str, outcome: CommandOutcome, *, seconds: float) -> None: ...
    def count_poll(self, outcome: PollOutcome) -> None: ...
    def count_changes(self, number: int) -> None: ...
    def count_delivery(self, outcome: DeliveryOutcome) -> None: ...
    def note_lag(self, lag: timedelta) -> None: ...
    def count_cloud_call(self, outcome: CallOutcome) -> None: ...
    def count_slack_call(self, method: str, outcome: CallOutcome) -> None: ...
    def note_stall(self, seconds: float) -> None: ...


#: Counts nothing, for parts of the bot that run alone.
UNMETERED: Meter = _Unmetered()
