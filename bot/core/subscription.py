"""Places, what they follow, and which changes they want. Pure."""

import fnmatch
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.core.change import Event, Step
from bot.core.errors import TooMany
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project
from bot.core.text import say

#: Restarted within this many hours after its end, a job takes its ended subscriptions up again.
REVIVAL_HOURS = 24


class DeliveryMode(Enum):
    """How a place hears: in the card's thread, by the card alone, or in the channel too."""

    THREAD = "thread"
    CARD = "card"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel or a direct message, by id: names change."""

    team_id: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class JobTarget:
    """One job."""

    job_id: JobId

    @property
    def text(self) -> str:
        return str(self.job_id)


@dataclass(frozen=True, slots=True)
class PatternTarget:
    """Every job whose name matches, `*` standing for anything."""

    pattern: str

    @property
    def text(self) -> str:
        return self.pattern


@dataclass(frozen=True, slots=True)
class ProjectTarget:
    """Every job of the project."""

    text: str = "project"


Target = JobTarget | PatternTarget | ProjectTarget


def matches(target: Target, job: VisualizationJob) -> bool:
    """True if the job is one of the target's."""
    match target:
        case JobTarget(job_id=job_id):
            return job.id == job_id
        case PatternTarget(pattern=pattern):
            return fnmatch.fnmatchcase(job.name.casefold(), pattern.casefold())
        case ProjectTarget():
            return True


class Preset(Enum):
    """An event filter with a name."""

    #: Every change of the vendor's status number.
    ALL = "all"
    #: Every change of what people call the state, and every restart.
    CHANGES = "changes"
    FAILURES = "failures"


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which changes a subscription wants: a preset, or a list of events."""

    text: str = Preset.ALL.value

    def admits(self, step: Step) -> bool:
        """True if it wants a change of this kind."""
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
        """True if it wants to be told of `stuck` or `cost`: every preset does."""
        is_preset = self.text in {preset.value for preset in Preset}
        return is_preset or event.value in self.text.split(",")


def usual_filter(target: Target) -> EventFilter:
    """What a subscription wants that does not say it."""
    is_wide = isinstance(target, ProjectTarget)
    return EventFilter((Preset.FAILURES if is_wide else Preset.CHANGES).value)


#: Enough for people; a flood of patterns would be compared with every change.
MOST_OF_A_PLACE = 200
MOST_OF_A_PERSON = 500


def too_many_here() -> TooMany:
    """The error for a place that has no room for another subscription."""
    return TooMany(
        say(
            "There are {most} subscriptions for that channel already, and I keep no more.",
            most=MOST_OF_A_PLACE,
        ),
        hint=say(
            "End some with `unsubscribe`, or follow many jobs by one pattern (`subscribe train-*`) "
            "or the whole project (`subscribe project`)."
        ),
    )


def too_many_of_yours() -> TooMany:
    """The error for a person who has made as many subscriptions as one person may."""
    return TooMany(
        say(
            "You have made {most} subscriptions already, and I keep no more of one person.",
            most=MOST_OF_A_PERSON,
        ),
        hint=say(
            "`subscriptions mine` shows them; end some with `unsubscribe`, or follow many jobs by "
            "one pattern."
        ),
    )


class SubscriptionState(Enum):
    """How far a subscription has come."""

    ACTIVE = "active"
    #: Its first good read of the job is still to come.
    PENDING = "pending"
    #: Its job has ended; it comes back if the job is restarted within REVIVAL_HOURS.
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A place follows a target. It belongs to the place, not to the person who subscribed it."""

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
        """Whose jobs it is about."""
        return Project(team_id=self.place.team_id, project_id=self.project_id)
