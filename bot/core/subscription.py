"""Subscriptions: places, their targets, and the changes that they want. Pure."""

import fnmatch
import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.core.change import Event, Step
from bot.core.errors import TooMany
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project
from bot.core.text import say

#: A job that restarts within so many hours after its end revives its ended subscriptions.
REVIVAL_HOURS = 24


class DeliveryMode(Enum):
    """How a place is notified: in the card's thread, by the card alone, or in the channel too."""

    THREAD = "thread"
    CARD = "card"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel or a direct message, by its id, because names change."""

    team_id: str
    channel_id: str

    @property
    def is_direct(self) -> bool:
        """Return True for a direct message: Slack's ids begin with the kind of conversation."""
        return self.channel_id.startswith("D")


_STARS = re.compile(r"\*{2,}")


@dataclass(frozen=True, slots=True)
class JobTarget:
    """One job."""

    job_id: JobId

    @property
    def text(self) -> str:
        return str(self.job_id)


@dataclass(frozen=True, slots=True)
class PatternTarget:
    """Every job whose name matches; `*` stands for any text."""

    pattern: str

    @property
    def text(self) -> str:
        return self.pattern


def spelled_pattern(text: str) -> str:
    """A pattern in its one spelling: several stars in a row match what one does."""
    return _STARS.sub("*", text)


@dataclass(frozen=True, slots=True)
class ProjectTarget:
    """Every job of the project."""

    text: str = "project"


Target = JobTarget | PatternTarget | ProjectTarget


def matches(target: Target, job: VisualizationJob) -> bool:
    """Return True if the target includes the job."""
    match target:
        case JobTarget(job_id=job_id):
            return job.id == job_id
        case PatternTarget(pattern=pattern):
            return fnmatch.fnmatchcase(job.name.casefold(), pattern.casefold())
        case ProjectTarget():
            return True


class Preset(Enum):
    """A named event filter."""

    #: Every change of the vendor's status number.
    ALL = "all"
    #: Every change of the everyday word for the state, and every restart.
    CHANGES = "changes"
    FAILURES = "failures"


@dataclass(frozen=True, slots=True)
class EventFilter:
    """The changes that a subscription wants: a preset, or a list of events."""

    text: str = Preset.ALL.value

    def admits(self, step: Step) -> bool:
        """Return True if the subscription wants such a change."""
        match self.text:
            case Preset.ALL.value:
                return True
            case Preset.CHANGES.value:
                return step.changes_word or step.is_unseen_restart
            case Preset.FAILURES.value:
                return step.is_failure
            case events:
                wanted = events.split(",")
                return any(event.value in wanted for event in step.events)

    def names(self, event: Event) -> bool:
        """Return True if the subscription wants guard notices of this event; every preset does."""
        is_preset = self.text in {preset.value for preset in Preset}
        return is_preset or event.value in self.text.split(",")


def usual_filter(target: Target) -> EventFilter:
    """Return the event filter of a subscription that names none."""
    is_wide = isinstance(target, ProjectTarget)
    return EventFilter((Preset.FAILURES if is_wide else Preset.CHANGES).value)


#: Enough for people; every change is compared with every pattern.
MOST_OF_A_PLACE = 200
MOST_OF_A_PERSON = 500


def too_many_here() -> TooMany:
    """Return the error for a place that has reached the limit of subscriptions."""
    return TooMany(
        say(
            "There are {most} subscriptions for that channel already, and I keep no more.",
            most=MOST_OF_A_PLACE,
        ),
        hint=say(
            "End some with `unsubscribe`, or subscribe to many jobs by one pattern "
            "(`subscribe train-*`) or to the whole project (`subscribe project`)."
        ),
    )


def too_many_of_yours() -> TooMany:
    """Return the error for a person who has reached the limit of subscriptions."""
    return TooMany(
        say(
            "You have made {most} subscriptions already, and I keep no more of one person.",
            most=MOST_OF_A_PERSON,
        ),
        hint=say(
            "`subscriptions mine` shows them; end some with `unsubscribe`, or subscribe to many "
            "jobs by one pattern."
        ),
    )


class SubscriptionState(Enum):
    """The state of a subscription."""

    ACTIVE = "active"
    #: It waits for the first good read of its job.
    PENDING = "pending"
    #: Its job has ended; a restart within REVIVAL_HOURS revives it.
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A place's subscription to a target. It belongs to the place, not to the person who made
    it."""

    place: Place
    project_id: str
    target: Target
    event_filter: EventFilter
    delivery_mode: DeliveryMode
    created_by: str
    created_at: datetime
    until: datetime | None = None
    state: SubscriptionState = SubscriptionState.ACTIVE
    ended_at: datetime | None = None
    id: int = 0

    @property
    def project(self) -> Project:
        """Return the project of its jobs."""
        return Project(team_id=self.place.team_id, project_id=self.project_id)
