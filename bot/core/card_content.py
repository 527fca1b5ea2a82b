"""What a job's card in a place shows, when it is posted and after each edit. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.acting import RequestedAction
from bot.core.care import NO_CARE, JobCare
from bot.core.change import NO_JOB, StatusChange
from bot.core.hold import Hold
from bot.core.job import ENDED_PHASES, VisualizationJob
from bot.core.timeline import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """The facts that a job's card in a place shows."""

    #: The job as last read.
    job: VisualizationJob
    #: The latest change, or None.
    change: StatusChange | None = None
    #: When the last good read was, while no newer one confirms the job; else None.
    confirmed_at: datetime | None = None
    #: The number of messages in the card's thread that nobody could confirm.
    unconfirmed: int = 0
    #: The people who subscribed the place.
    followers: tuple[str, ...] = ()
    #: True if only a pattern or project subscription covers the job.
    is_with_others: bool = False
    care: JobCare = NO_CARE
    #: The last stop or restart in this run that an operator asked for, or None.
    asked: RequestedAction | None = None
    #: The sentence that restores the subscription after it has ended.
    resubscribe_sentence: str = ""
    #: The holds of this place alone.
    snooze: Hold | None = None
    #: The record of the job's last run, once that is over.
    last_run: tuple[Span, ...] = ()

    @property
    def is_gone(self) -> bool:
        """Return True if the job is deleted."""
        return self.change is not None and self.change.step.after == NO_JOB

    @property
    def has_ended(self) -> bool:
        """Return True if the job, and with it the place's subscriptions, has ended."""
        return self.job.status.phase in ENDED_PHASES and not self.followers
