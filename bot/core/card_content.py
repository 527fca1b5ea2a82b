"""What the card of a job in a place shows: when it is posted, and after each edit. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.acting import Asked
from bot.core.care import NO_CARE, JobCare
from bot.core.change import NO_JOB, StatusChange
from bot.core.hold import Hold
from bot.core.job import ENDED_PHASES, VisualizationJob
from bot.core.timeline import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """What the card of a job in a place shows."""

    #: As last read.
    job: VisualizationJob
    #: The latest one, if there was any.
    change: StatusChange | None = None
    #: Set while no good read confirms the job: when one last did.
    confirmed_at: datetime | None = None
    #: Of the notices under the card, how many nobody could confirm.
    unconfirmed: int = 0
    #: The people who subscribed the place.
    followers: tuple[str, ...] = ()
    care: JobCare = NO_CARE
    #: What an operator last asked for in this run, if anything.
    asked: Asked | None = None
    #: The sentence that follows the job again as it was followed, once it has ended.
    again: str = ""
    #: What holds its messages in this place alone.
    snooze: Hold | None = None
    #: What was seen of its last run, where that is over.
    last_run: tuple[Span, ...] = ()

    @property
    def is_gone(self) -> bool:
        """The job is no longer in the cloud."""
        return self.change is not None and self.change.step.after == NO_JOB

    @property
    def has_ended(self) -> bool:
        """The job has ended, and the subscriptions of the place with it."""
        return self.job.status.phase in ENDED_PHASES and not self.followers
