"""Deliveries: messages about changes on their way to a place. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from bot.core.acting import RequestedAction
from bot.core.card_content import CardContent
from bot.core.care import NO_CARE, GuardKind, JobCare
from bot.core.change import StatusChange
from bot.core.job import JobId, VisualizationJob
from bot.core.morning import Morning
from bot.core.project import Project
from bot.core.subscription import DeliveryMode, Place

#: The subject of a SOURCE_LOST that reports a missing API, and not only missing answers.
API_MISSING = "api missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A posted message."""

    channel_id: str
    ts: str


class DeliveryKind(Enum):
    """The kinds of deliveries, as the outbox keeps them."""

    CARD = "card"
    CHANGE = "change"
    CHANGES = "changes"
    #: About no job: the cloud has not answered since `since`, or answers again.
    SOURCE_LOST = "source lost"
    SOURCE_BACK = "source back"
    #: To a person: the bot cannot post to a channel since `since`.
    PLACE_PAUSED = "place paused"
    #: About a job that runs or waits for long.
    GUARD = "guard"
    #: About no job: the morning line of a project, at the digest moment `since`.
    MORNING = "morning"
    #: About no job: the greeting of a channel.
    GREETING = "greeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedDelivery:
    """What all deliveries share: the place, the lease, and the state of the attempts."""

    id: str
    place: Place
    project_id: str
    #: The fencing token of the lease.
    epoch: int
    #: How many posts began (`intend`); a claim alone does not count.
    attempts: int
    #: How many posts in a row failed or got no clear answer; a post that a crash cut off does not
    #: count.
    failures: int = 0
    #: Set if an earlier attempt may have been sent: search before you post again.
    intent_at: datetime | None = None
    #: The earliest moment at which it may have been sent; the search begins there.
    look_from: datetime | None = None
    #: The ts of the thread that the attempt at `intent_at` was meant for; None for no thread or an
    #: unknown one.
    thread_ts: str | None = None
    #: The tag of the place's language; empty for that of the installation.
    language: str = ""

    @property
    def project(self) -> Project:
        """Return the project of its job."""
        return Project(team_id=self.place.team_id, project_id=self.project_id)

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        """Return the changes that it shows."""
        return ()

    @property
    def due_since(self) -> tuple[datetime, ...]:
        """Return for each change in it when that could first be sent."""
        return ()

    @property
    def job_id(self) -> JobId:
        """Return the id of its first job; 0 if it is about none."""
        return self.changes[0].job.id if self.changes else JobId(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDelivery(LeasedDelivery):
    """The card of a job, whose thread gets the notices."""

    shown: CardContent

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        change = self.shown.change
        return () if change is None else (change,)

    @property
    def job_id(self) -> JobId:
        return self.shown.job.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(LeasedDelivery):
    """A message in the thread of a job's card."""

    #: The card whose thread it goes to; None for a message of its own.
    card: MessageRef | None
    delivery_mode: DeliveryMode
    #: True if the job changes all the time: the message then offers a rarer delivery mode.
    offers_quiet: bool = False
    #: True if the place gets many messages and presses no button: the message then offers a digest.
    offers_digest: bool = False
    #: The sentence behind the message's Subscribe button, with the terms that the place had; empty
    #: for no button.
    resubscribe_sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDelivery(Notice):
    """The message about one change."""

    change: StatusChange
    #: The person whom a failure mentions; empty for nobody.
    owner: str = ""
    #: The request for a stop or restart that caused the change.
    asked: RequestedAction | None = None
    #: True if the place still follows the job, also after an end: it runs again, or a pattern
    #: covers it.
    is_followed: bool = False
    #: True if a hold delayed it, so that the time of the message is not that of the change.
    is_late: bool = False
    #: From when lateness counts, if not from the poll: when it was sent again, or later by the
    #: holds that people asked for.
    due_at: datetime | None = None

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        return (self.change,)

    @property
    def due_since(self) -> tuple[datetime, ...]:
        return (self.due_at or self.change.seen_at,)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMember:
    """A change in a group, with the id of its former single delivery."""

    delivery_id: str
    change: StatusChange
    #: The person whom a failure mentions; empty for nobody.
    owner: str = ""
    #: True if its job changes all the time.
    offers_quiet: bool = False
    #: As `ChangeDelivery.late_from`.
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesDelivery(Notice):
    """Several changes that waited, as one message."""

    members: tuple[GroupMember, ...]

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        return tuple(member.change for member in self.members)

    @property
    def due_since(self) -> tuple[datetime, ...]:
        return tuple(one.due_at or one.change.seen_at for one in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFacts:
    """The facts of a guard notice, as of the last read of its job."""

    kind: GuardKind
    #: The hour mark, or the whole hours of the run.
    hours: int
    #: How long the job had run, or waited.
    length: timedelta
    #: True if the cloud's own duration stood still, so that the job may have run for longer.
    is_at_least: bool = False
    #: How long most jobs of the project wait in this state; None if unknown.
    usual: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardDelivery(Notice):
    """The message about a job that runs or waits for long."""

    facts: GuardFacts
    #: The job as last read; it may have ended since, and run again.
    job: VisualizationJob
    care: JobCare = NO_CARE
    is_gone: bool = False
    #: When the run or the wait ended that the notice is about; None while it goes on.
    over_at: datetime | None = None
    #: True if the job has had another run since.
    is_another_run: bool = False

    @property
    def job_id(self) -> JobId:
        return self.job.id

    @property
    def goes_on(self) -> bool:
        """Return True while the run or the wait of the notice goes on."""
        is_over = self.is_gone or self.over_at is not None
        return not is_over and self.job.status.phase in self.facts.kind.phases


class Outage(NamedTuple):
    """A span in which the cloud could not be read."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote(LeasedDelivery):
    """The message that the cloud stopped answering, or answers again."""

    since: datetime
    is_back: bool
    #: True if the API itself is missing, and not only its answers.
    is_api_missing: bool = False
    #: Outages that ended before anybody was notified, oldest first; its own is the last one.
    outages: tuple[Outage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseNote(LeasedDelivery):
    """The message to a person that the bot cannot post to a channel."""

    channel_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningDelivery(LeasedDelivery):
    """The morning line of a project: what runs and ran, as of the claim."""

    morning: Morning


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting(LeasedDelivery):
    """The greeting of a channel: what the bot can do."""

    #: True if the channel is shared with another company.
    is_shared: bool


#: Deliveries about no job.
JoblessDelivery = SourceNote | PauseNote | MorningDelivery | Greeting

#: One message on its way to one place; the holder of its `epoch` may write it.
Delivery = CardDelivery | ChangeDelivery | ChangesDelivery | GuardDelivery | JoblessDelivery


#: A delivery, with the message that Slack made of it.
Posted = tuple[Delivery, MessageRef]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescan:
    """A search of a sent delivery's place for extra copies."""

    delivery: Delivery
    kept: MessageRef
    epoch: int
    #: True if other deliveries share the kept message; then every copy of this one is extra.
    is_in_group: bool = False
