"""The door to the database: watched jobs, subscriptions, the outbox and what was seen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from bot.core.absence import RollCall
from bot.core.change import StatusChange
from bot.core.delivery_report import DeliveryReceipt
from bot.core.job import JobId, VisualizationJob
from bot.core.place_changes import PlaceChange
from bot.core.project import Project
from bot.core.subscription import Place, Subscription, Target
from bot.core.timeline import Recorded


class Lease(NamedTuple):
    """A watched job to be read, by whoever was given this.

    What is known of it stays in the store: most reads only confirm that.
    """

    project: Project
    job_id: JobId
    #: Of the job: what was written since is newer.
    epoch: int
    #: The range of jobs that were leased together; each is to be recorded or released once.
    range_id: int


class Store(Protocol):
    """What survives a restart."""

    async def remember_asked(self, project: Project, user_id: str, job_id: JobId) -> None:
        """This person last asked for this job."""

    async def last_asked(self, project: Project, user_id: str) -> JobId | None:
        """The job this person last asked for, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """The subscription as it stands, and whether it is new."""

    subscription: Subscription
    is_new: bool


class Subscriptions(Protocol):
    """Which places subscribe to which jobs.

    Every method is one transaction and raises StoreUnavailable. One with a `request_key` that was
    seen before, here or by another replica, changes nothing and raises RequestRepeated.
    """

    async def subscribe(
        self,
        subscription: Subscription,
        *,
        baseline: VisualizationJob | None,
        request_key: str = "",
        language: str = "",
    ) -> Subscribed:
        """Keep a subscription. The same place and target again changes its event filter, its
        delivery mode and its end.

        With a `baseline` (the job as just read) a job is watched from there; without one it is
        PENDING until its first good read. A job's card is ordered for the place at once.
        The first subscription of a place that has no language gives it this one, that of whoever
        asks; a direct message always has that of its person (PlaceRulesBook.adopt_language).
        Raises TooMany where a place or a person has no room for another.
        """

    async def copy(
        self, subscriptions: Sequence[Subscription], *, request_key: str = "", language: str = ""
    ) -> None:
        """Keep all of these, each without a baseline, or none. Raises TooMany."""

    async def unsubscribe(
        self,
        project: Project,
        place: Place,
        target: Target | None,
        *,
        by: str,
        request_key: str = "",
    ) -> tuple[Subscription, ...]:
        """Forget one target of a place, or all; what was forgotten. The cards that no subscription
        covers any more are edited a last time, and say `by` whom."""

    async def settle(self, project: Project, change: PlaceChange) -> None:
        """Do what a file asks for in one place; nobody is named as who ended a subscription.
        Raises TooMany, and does nothing then."""

    async def move_place(self, place: Place, *, to_channel_id: str) -> None:
        """Slack gave the channel another id: subscriptions, cards and what waits go with it."""

    async def list_subscriptions(
        self, project: Project, *, place: Place | None = None, created_by: str | None = None
    ) -> tuple[Subscription, ...]:
        """Those of a place, of a person, or of the whole project that may still get a delivery,
        oldest first."""


class History(Protocol):
    """What was seen and what became of it, as long as it is kept."""

    async def changes_since(
        self, project: Project, *, since: datetime, job_id: JobId | None = None
    ) -> tuple[StatusChange, ...]:
        """The changes seen since then, of one job or of all, oldest first."""

    async def deliveries_of(
        self, project: Project, place: Place, job_id: JobId
    ) -> tuple[DeliveryReceipt, ...]:
        """The deliveries of a job to this place, latest first; 50 at the most."""


class Recordings(Protocol):
    """The states of jobs over time, as long as they are kept."""

    async def records(
        self, project: Project, *, since: datetime, job_id: JobId | None = None
    ) -> Recorded:
        """What is recorded of one job, or of all that may have run since then; their changes
        since then."""

    async def jobs_called(self, project: Project, beginning: str) -> tuple[VisualizationJob, ...]:
        """The jobs ever watched whose name begins so, also those that are gone, latest first."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a poll must read now: leased jobs, and whether the whole project is due as well."""

    project: Project
    leases: tuple[Lease, ...]
    #: Set if a pattern or project subscription wants every job: the fencing epoch of the sweep.
    sweep_epoch: int | None
    #: How many jobs the project had at the last sweep.
    known_jobs: int
    #: By the store's clock.
    claimed_at: datetime
    #: True if such a subscription stands, due or not: some replica reads the list each interval.
    is_swept: bool = False


class Observation(NamedTuple):
    """One good read of a leased job; `job` is None where the cloud denied it, in its own words."""

    lease: Lease
    job: VisualizationJob | None


class Sweep(NamedTuple):
    """All that a list told for a claimed sweep."""

    #: Of the claim.
    epoch: int
    jobs: Sequence[VisualizationJob]
    #: Jobs that are there, in rows that could not be read.
    odd: Collection[JobId] = ()


class Watchlist(Protocol):
    """Which jobs are watched, as last observed. Fenced: only the holder of a lease applies."""

    async def claim_due(
        self, project: Project, *, limit: int, within: timedelta = timedelta()
    ) -> Due:
        """Lease what is due until then. A lease ends by itself after the lease time, by the
        store's clock."""

    async def record(
        self,
        observations: Sequence[Observation],
        *,
        next_in: Mapping[JobId, timedelta],
        sweep: Sweep | None = None,
        roll: RollCall | None = None,
        is_careful: bool = False,
    ) -> tuple[StatusChange, ...]:
        """Apply what was read, in one transaction: the new state, each change, and one delivery
        for each place that wants it; ends and revives subscriptions.

        A denied job is gone when bot.core.absence says so; `roll` is a complete list, as a witness
        of all that were denied, whoever has leased them. What was leased anew meanwhile is left
        alone; what is known from a later read is to be read again soon. `sweep` is what the list
        told for a claimed sweep: the first one is the baseline of pattern and project
        subscriptions, later ones tell of jobs that were not there before. Returns the changes.

        What it raises for a bug of ours, or StoreRefused, is about one of the jobs. `is_careful`
        takes the list apart, slowly, and leaves out those that break it.
        """

    async def confirm(
        self,
        project: Project,
        jobs: Sequence[VisualizationJob],
        *,
        due_in: timedelta,
        within: timedelta = timedelta(),
    ) -> None:
        """Push on those of these running jobs that are due until then, leased by nobody, and
        known just as they were read now. It needs no lease, for nothing is told; all else is left
        alone."""

    async def count_due(self, project: Project, *, within: timedelta = timedelta()) -> int:
        """How many jobs are due until then, whoever has leased them."""

    async def release(
        self, leases: Sequence[Lease], *, due_in: timedelta, has_failed: bool = False
    ) -> None:
        """Nothing was observed: give the leases back. With `has_failed` the cloud gave no good
        answer: after three intervals without one, the job's cards say when it was last confirmed,
        until the next good read."""

    async def release_sweep(self, sweep_epoch: int, *, due_in: timedelta) -> None:
        """The list was not read: give the lease of the claimed sweep back."""

    async def note_source(
        self,
        project: Project,
        *,
        is_good: bool,
        lost_after: timedelta,
        is_missing: bool = False,
        is_back: bool = False,
    ) -> None:
        """Keep whether the cloud can be read, of all replicas together.

        After `lost_after` with no good note, order one SOURCE_LOST for each place with a live
        subscription, and one SOURCE_BACK for each with the first good note after that.
        `is_missing` if list and jobs are answered by nothing but 404 or 410: after `lost_after` of
        that, one SOURCE_LOST says that the API itself is gone. The first good note after an outage
        (`is_back`, or longer without a note than any replica is silent) makes all due that waits
        for a good read.
        """


class CallBudget(Protocol):
    """How often the cloud of a project may be called, by all replicas together."""

    async def take_calls(self, project_id: str, calls: int, *, per_minute: int) -> timedelta:
        """Ask for so many background calls at once: zero if they are granted (they are then
        spent), else how long to wait before asking again. More than a minute's worth is granted
        when nothing is owed, and paid off afterwards. `per_minute` 0 means no limit of ours."""

    async def take_for_people(self, project_id: str, calls: int, *, per_minute: int) -> bool:
        """Ask for so many calls to answer people: True if they are granted. Half of the budget is
        theirs, and what they take of it is missing to the background; the other half never is."""

    async def note_asked(self, project_id: str, calls: int) -> None:
        """So many calls were made to answer people, without asking first."""

    async def hold_calls(self, project_id: str, *, opens_in: timedelta) -> None:
        """The cloud asked to wait: nothing is granted until then."""
