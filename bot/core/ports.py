"""The doors to the outside: what the workers need, said in the words of the domain.

Those of watching and of delivering have modules of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing
from bot.core.outbox import Receipt
from bot.core.watch import Place, StatusChange, Subscription, Target

#: Aware UTC now. Read once per request or tick.
Clock = Callable[[], datetime]

#: Seconds that only go forward; for deadlines and ages, never shown.
Monotonic = Callable[[], float]


class JobSource(Protocol):
    """The cloud's jobs of one project.

    Everyone who asks for the same within a few seconds shares one read.
    """

    @property
    def project_id(self) -> str:
        """The cloud's id of the project."""

    async def get(self, job_id: JobId) -> VisualizationJob:
        """Read one job. Raises JobNotFound, SourceRefused or SourceUnavailable."""

    async def list_all(self) -> Listing:
        """Read every job of the project.

        All pages or nothing: raises SourceRefused or SourceUnavailable when one page fails. A row
        that cannot be read hides no other.
        """


class Store(Protocol):
    """What survives a restart."""

    async def remember_asked(self, team_id: str, user_id: str, job_id: JobId) -> None:
        """This person last asked for this job."""

    async def last_asked(self, team_id: str, user_id: str) -> JobId | None:
        """The job this person last asked for, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """What came of a wish: the subscription as it stands, and whether it stood before."""

    subscription: Subscription
    is_new: bool


class Subscriptions(Protocol):
    """Who wishes to hear of what. Every method is one transaction and raises StoreUnavailable."""

    async def subscribe(
        self, wish: Subscription, *, baseline: VisualizationJob | None, request_key: str = ""
    ) -> Subscribed:
        """Keep a wish; the same place and target again changes its wanted, telling and until.

        With a `baseline` (the job as just read) a job is watched from there; without one it is
        PENDING until its first good read. A job's card is ordered for the place at once.
        A `request_key` that was seen before, here or by another replica, changes nothing.
        """

    async def unsubscribe(
        self, place: Place, target: Target | None, *, request_key: str = ""
    ) -> tuple[Subscription, ...]:
        """Forget one target of a place, or all; what was forgotten. A `request_key` that was
        seen before forgets nothing."""

    async def move_place(self, place: Place, *, to_channel_id: str) -> None:
        """Slack gave the channel another id: subscriptions, cards and what waits go with it."""

    async def list_subscriptions(
        self, team_id: str, *, place: Place | None = None, created_by: str | None = None
    ) -> tuple[Subscription, ...]:
        """Those of a place, of a person, or all of a workspace that may hear something yet, oldest
        first."""


class History(Protocol):
    """What was seen and what became of it, as long as it is kept."""

    async def history(
        self, team_id: str, *, since: datetime, job_id: JobId | None = None
    ) -> tuple[StatusChange, ...]:
        """The changes seen since then, of one job or of all, oldest first."""

    async def deliveries_of(self, place: Place, job_id: JobId) -> tuple[Receipt, ...]:
        """What this place was told of a job, or will be, latest first; 50 at the most."""


class Workspaces(Protocol):
    """Which workspaces accept us. Every method is one transaction and raises StoreUnavailable."""

    async def freeze(self, team_id: str, *, reason: str, is_removed: bool) -> None:
        """Poll nothing for it and post nothing there, in all replicas; leases of reads end.

        `is_removed` if Slack itself says that the app is gone; without, it is only heard of.
        """

    async def thaw(self, team_id: str) -> bool:
        """It accepts us: go on as if nothing had been, or after a removal begin anew: what waited
        becomes dead letters, and of what happened meanwhile only cards tell. True if it was
        frozen."""


class Rooms(Protocol):
    """What Slack says of places where news can be told."""

    async def direct(self, user_id: str) -> str:
        """The id of our direct message with a person, opened if need be. Raises MessengerError."""

    async def can_post(self, channel_id: str) -> bool | None:
        """True if we are in it, None if Slack does not tell us. Raises MessengerError."""

    async def admits(self, channel_id: str, user_id: str) -> bool | None:
        """False for a private channel or a conversation of others that a person is not in; None
        if Slack does not tell us, as of one that we are not in. Raises MessengerError."""
