"""Deliveries: changes on their way to a place, and what became of them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from bot.core.card_content import CardContent
from bot.core.care import NO_CARE, GuardKind, JobCare
from bot.core.change import StatusChange
from bot.core.job import JobId, VisualizationJob
from bot.core.morning import Morning
from bot.core.project import Project
from bot.core.subscription import DeliveryMode, Place

#: What a SOURCE_LOST is about where not only answers are missing, but the API itself.
API_MISSING = "api missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A posted message."""

    channel_id: str
    ts: str


class DeliveryKind(Enum):
    """Which of the deliveries it is, in the outbox and in what is listed of it."""

    CARD = "card"
    CHANGE = "change"
    CHANGES = "changes"
    #: Of no job: the cloud has not answered `since` then, or does again.
    SOURCE_LOST = "source lost"
    SOURCE_BACK = "source back"
    #: To a person: a channel cannot be posted to `since` then.
    PLACE_PAUSED = "place paused"
    #: A job runs, or waits, for longer than people may know.
    GUARD = "guard"
    #: Of no job: what runs and ran in a project, at the moment `since` of a digest.
    MORNING = "morning"
    #: Of no job: the first words in a channel.
    GREETING = "greeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """What every delivery has: its place, its lease, and how far the attempts to send it came."""

    id: str
    place: Place
    project_id: str
    #: Of the lease; whoever holds it may write.
    epoch: int
    #: How often a post of it was begun (`intend`); being claimed alone does not count.
    attempts: int
    #: How many posts in a row failed or were answered by nothing clear; one that nobody lived to
    #: see the end of does not count.
    failures: int = 0
    #: Set if an earlier attempt may have been sent: look before posting again.
    intent_at: datetime | None = None
    #: It may have been sent even before: look from then on.
    look_from: datetime | None = None
    #: Of the thread that the attempt at `intent_at` was meant for; None if for none, or unknown.
    thread_ts: str | None = None
    #: The tag of the place's language; empty for that of the installation.
    language: str = ""

    @property
    def project(self) -> Project:
        """Whose job it is about."""
        return Project(team_id=self.place.team_id, project_id=self.project_id)

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        """The changes that it shows."""
        return ()

    @property
    def due_since(self) -> tuple[datetime, ...]:
        """From when each change that it tells could have been told."""
        return ()

    @property
    def job_id(self) -> JobId:
        """Of the first job that it is about; 0 where it is about none."""
        return self.changes[0].job.id if self.changes else JobId(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDelivery(Leased):
    """The card of a job, under which its notices are posted."""

    shown: CardContent

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        change = self.shown.change
        return () if change is None else (change,)

    @property
    def job_id(self) -> JobId:
        return self.shown.job.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Leased):
    """What is posted under the card of a job."""

    #: In whose thread it is posted; None for one that stands alone.
    card: MessageRef | None
    delivery_mode: DeliveryMode
    #: The job changes all the time: the message offers less.
    offers_quiet: bool = False
    #: The place hears much and presses nothing: the message offers a digest.
    offers_digest: bool = False
    #: Where the message offers to subscribe: the sentence that does so as the place did.
    again: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDelivery(Notice):
    """One change."""

    change: StatusChange
    #: Whom a failure is reported to by name; empty for nobody.
    owner: str = ""
    #: The place follows the job, also where the change ended it: it runs again, or others follow.
    is_followed: bool = False
    #: It was held, so that the time of its message says nothing.
    is_late: bool = False
    #: When the last hold that people had decided on let it go; None if there was none.
    held_until: datetime | None = None

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        return (self.change,)

    @property
    def due_since(self) -> tuple[datetime, ...]:
        return (_due(self.change, self.held_until),)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMember:
    """A change in a group, with the id of the delivery that it was before."""

    delivery_id: str
    change: StatusChange
    #: Whom a failure is reported to by name; empty for nobody.
    owner: str = ""
    #: When the last hold that people had decided on let it go; None if there was none.
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesDelivery(Notice):
    """Several changes that waited, in one message."""

    members: tuple[GroupMember, ...]

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        return tuple(member.change for member in self.members)

    @property
    def due_since(self) -> tuple[datetime, ...]:
        return tuple(_due(member.change, member.held_until) for member in self.members)


def _due(change: StatusChange, held_until: datetime | None) -> datetime:
    return max(change.seen_at, held_until or change.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFacts:
    """What a guard notice says, as of the last read of its job."""

    kind: GuardKind
    #: The hour mark, or the whole hours that it has run.
    hours: int
    #: How long it had run, or waited.
    length: timedelta
    #: The cloud's own duration could not be believed: it may have been longer.
    is_at_least: bool = False
    #: How long most jobs of the project wait so; None where that is not known.
    usual: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardDelivery(Notice):
    """A job runs, or waits, for longer than people may know."""

    facts: GuardFacts
    #: As last read: it may have ended meanwhile, and run again.
    job: VisualizationJob
    care: JobCare = NO_CARE
    is_gone: bool = False
    #: When what it tells of came to an end; None while it goes on.
    over_at: datetime | None = None
    #: The job runs, or ran, anew.
    is_another_run: bool = False

    @property
    def job_id(self) -> JobId:
        return self.job.id

    @property
    def goes_on(self) -> bool:
        """False once what it tells of has come to an end."""
        is_over = self.is_gone or self.over_at is not None
        return not is_over and self.job.status.phase in self.facts.kind.phases


class Outage(NamedTuple):
    """The cloud could not be read."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote(Leased):
    """The cloud has not answered since then, or does again."""

    since: datetime
    is_back: bool
    #: Not only answers are missing, but the API itself.
    is_api_missing: bool = False
    #: Those that nobody was told of while they lasted, its own the last one; oldest first.
    outages: tuple[Outage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseNote(Leased):
    """To a person: a channel cannot be posted to."""

    channel_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningDelivery(Leased):
    """What runs and ran in a project, as it was when this was claimed."""

    morning: Morning


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting(Leased):
    """What the bot can do, said once in a channel that it came into."""

    #: With another company.
    is_shared: bool


#: Those that are about no job.
JoblessDelivery = SourceNote | PauseNote | MorningDelivery | Greeting

#: One message on its way to one place, leased to whoever holds its `epoch`.
Delivery = CardDelivery | ChangeDelivery | ChangesDelivery | GuardDelivery | JoblessDelivery


#: A delivery, and the message that it has become.
Posted = tuple[Delivery, MessageRef]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescan:
    """A sent delivery whose place is searched for extra copies."""

    delivery: Delivery
    kept: MessageRef
    epoch: int
    #: The message that is kept tells others, too; every copy of its own is one too many.
    is_in_group: bool = False
