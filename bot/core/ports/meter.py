"""The door to the metrics: what workers count. Every label is of a closed set."""

from datetime import timedelta
from enum import Enum
from typing import Protocol


class CommandOutcome(Enum):
    """What became of a sentence."""

    ANSWERED = "answered"
    #: It was not understood, or what it asks for is not to be had.
    REFUSED = "refused"
    #: The cloud, Slack or the database did not do its part.
    FAILED = "failed"
    #: A bug of ours.
    BUG = "bug"


class PollOutcome(Enum):
    """What became of a read of the cloud for which nobody had asked."""

    GOOD = "good"
    #: The cloud says that there is no such job.
    DENIED = "denied"
    FAILED = "failed"


class DeliveryOutcome(Enum):
    """What became of a try to deliver."""

    SENT = "sent"
    #: An earlier try had sent it, though nobody knew.
    FOUND = "found"
    #: Slack took nothing; it is tried again.
    REFUSED = "refused"
    #: Nobody knows: Slack is searched before it is tried again.
    UNSURE = "unsure"
    #: It was given up.
    DEAD = "dead"


class CallOutcome(Enum):
    """What became of one call to the cloud or to Slack."""

    OK = "ok"
    #: The cloud does not know the job.
    NOT_FOUND = "not_found"
    #: The other side understood, and said no.
    REFUSED = "refused"
    #: Our login is not accepted.
    UNAUTHORIZED = "unauthorized"
    #: Too many calls.
    LIMITED = "limited"
    #: No connection, no answer in time, or one that says nothing.
    UNAVAILABLE = "unavailable"


class Meter(Protocol):
    """Counts what happens in this process. Nothing here waits, and nothing raises."""

    def count_command(self, verb: str, outcome: CommandOutcome, *, seconds: float) -> None:
        """A sentence with this verb was answered within so many seconds."""

    def count_poll(self, outcome: PollOutcome) -> None:
        """The cloud was read for the watch or the index."""

    def count_changes(self, number: int) -> None:
        """So many changes of jobs were recorded."""

    def count_delivery(self, outcome: DeliveryOutcome) -> None:
        """A try to deliver has ended."""

    def note_lag(self, lag: timedelta) -> None:
        """A change is shown so long after it was seen."""

    def count_cloud_call(self, outcome: CallOutcome) -> None:
        """A request to the cloud has ended."""

    def count_slack_call(self, method: str, outcome: CallOutcome) -> None:
        """A call of this method of Slack's has ended."""

    def note_stall(self, seconds: float) -> None:
        """The event loop came so late to what was due."""


class _Unmetered:
    def count_command(self, verb: str, outcome: CommandOutcome, *, seconds: float) -> None: ...
    def count_poll(self, outcome: PollOutcome) -> None: ...
    def count_changes(self, number: int) -> None: ...
    def count_delivery(self, outcome: DeliveryOutcome) -> None: ...
    def note_lag(self, lag: timedelta) -> None: ...
    def count_cloud_call(self, outcome: CallOutcome) -> None: ...
    def count_slack_call(self, method: str, outcome: CallOutcome) -> None: ...
    def note_stall(self, seconds: float) -> None: ...


#: For whoever runs a part of the bot alone: counts nothing.
UNMETERED: Meter = _Unmetered()
