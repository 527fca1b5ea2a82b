"""The port to the database for watched jobs, subscriptions, workspaces and the history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from bot.core.absence import ListEvidence
from bot.core.change import StatusChange
from bot.core.delivery_report import DeliveryReceipt
from bot.core.job import JobId, VisualizationJob
from bot.core.place_changes import PlaceChange
from bot.core.project import Project
from bot.core.subscription import Place, Subscription, Target
from bot.core.timeline import Recorded


class Lease(NamedTuple):
    """A watched job that one replica may read. What is recorded of the job stays in the store,
    because most reads only confirm it."""

    project: Project
    job_id: JobId
    #: The fencing token: a write with an older epoch is refused.
    epoch: int
    #: The jobs that were leased together; each is recorded or released once.
    range_id: int


class Store(Protocol):
    """Small facts that survive a restart."""

    async def remember_asked(self, asked: Mapping[tuple[Project, str], JobId]) -> None:
        """Record for each person the job that they asked for last."""

    async def last_asked(self, project: Project, user_id: str) -> JobId | None:
        """Return the job that this person asked for last, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """A subscription, and whether it is new."""

    subscription: Subscription
    is_new: bool


class Subscriptions(Protocol):
    """Which places subscribe to which jobs.

    Every method is one transaction and raises StoreUnavailable. With a `request_key` that was used
    before, in any replica, a method changes nothing and raises RequestRepeated.
    """

    async def subscribe(
        self,
        subscription: Subscription,
        *,
        baseline: VisualizationJob | None,
        request_key: str = "",
        language: str = "",
    ) -> Subscribed:
        """Create a subscription; a second one for the same place and target replaces its event
        filter, its delivery mode and its end.

        With a `baseline` (the job as just read) the watch starts from that read; without one the
        subscription is PENDING until the first good read. The job's card is ordered at once. A
        place without a language gets `language`, that of the person who asks; a direct message
        always has the language of its person (PlaceRulesBook.adopt_language). Raises TooMany if the
        place or the person has reached the limit.
        """

    async def copy(
        self, subscriptions: Sequence[Subscription], *, request_key: str = "", language: str = ""
    ) -> None:
        """Create all of these subscriptions without a baseline, or none. Raises TooMany."""

    async def unsubscribe(
        self,
        project: Project,
        place: Place,
        target: Target | None,
        *,
        by: str,
        request_key: str = "",
    ) -> tuple[Subscription, ...]:
        """Delete the subscription of a place to one target, or all of them, and return what was
        deleted. A card that no subscription covers any more is edited for the last time, and
        names `by`."""

    async def settle(self, project: Project, change: PlaceChange) -> None:
        """Apply the changes of one place from a file; its cards name nobody. Raises TooMany, and
        then changes nothing."""

    async def move_place(self, place: Place, *, to_channel_id: str) -> None:
        """Move subscriptions, cards and open deliveries to the new id that Slack gave a channel."""

    async def list_subscriptions(
        self, project: Project, *, place: Place | None = None, created_by: str | None = None
    ) -> tuple[Subscription, ...]:
        """Return the subscriptions of a place, a person or the project that may still get a
        delivery, oldest first."""

    async def followed_in(self, project: Project, place: Place) -> tuple[Subscription, ...]:
        """Return the subscriptions of a place; callers within moments share one query."""


class History(Protocol):
    """Changes and deliveries of the last days, as long as the retention keeps them."""

    async def changes_since(
        self, project: Project, *, since: datetime, job_id: JobId | None = None
    ) -> tuple[StatusChange, ...]:
        """Return the changes that polls saw since then, of one job or of all, oldest first."""

    async def deliveries_of(
        self, project: Project, place: Place, job_id: JobId
    ) -> tuple[DeliveryReceipt, ...]:
        """Return the deliveries of a job to this place, latest first, 50 at the most."""


class Recordings(Protocol):
    """The states of jobs over time, as long as the retention keeps them."""

    async def records(
        self, project: Project, *, since: datetime, job_id: JobId | None = None
    ) -> Recorded:
        """Return the record of one job, or of all jobs that may have run since then, with their
        changes since then."""

    async def jobs_called(self, project: Project, beginning: str) -> tuple[VisualizationJob, ...]:
        """Return the jobs ever watched whose name begins with this, latest first, deleted ones
        too."""


class Workspaces(Protocol):
    """Which workspaces accept the bot. Every method is one transaction and raises
    StoreUnavailable."""

    async def freeze(self, team_id: str) -> None:
        """Stop polls and posts for a workspace that removed the app, in all replicas, and end
        its leases."""

    async def pause(self, team_id: str, *, reason: str, is_refused: bool = False) -> None:
        """Post nothing in a workspace until `thaw`, in all replicas, because its token fails.
        `reason` is Slack's code.

        `is_refused` means that Slack itself refused the token when it was asked. A removal that
        only an event reported is certain then, whichever comes first.
        """

    async def thaw(self, team_id: str, *, was_accepted: bool) -> tuple[str, ...] | None:
        """Resume a workspace that accepts the token again, and return the ids of new dead letters;
        None if nothing was held.

        After a pause everything continues. After a removal the workspace begins anew: open
        deliveries of jobs become dead letters, and only cards show the changes of the meantime.
        `was_accepted` means that Slack accepted the same token at the last check, so that a removal
        that only an event reported is outdated.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Everything that one poll has to read: leased jobs, and perhaps the whole list."""

    project: Project
    leases: tuple[Lease, ...]
    #: The fencing epoch of the sweep; None unless a pattern or project subscription makes it due.
    sweep_epoch: int | None
    #: The number of jobs in the project at the last sweep.
    known_jobs: int
    #: By the store's clock.
    claimed_at: datetime
    #: True if a pattern or project subscription exists, so that some replica reads the list in each
    #: interval.
    is_swept: bool = False


class Observation(NamedTuple):
    """One good read of a leased job. `job` is None if the cloud answered, by its own code, that
    the job does not exist."""

    lease: Lease
    job: VisualizationJob | None


class Sweep(NamedTuple):
    """The content of the list that a claimed sweep read."""

    #: The epoch of the claim.
    epoch: int
    jobs: Sequence[VisualizationJob]
    #: Jobs whose rows could not be parsed.
    odd: Collection[JobId] = ()


class Watchlist(Protocol):
    """The watched jobs. Writes are fenced: only the replica that leases a job records its reads."""

    async def claim_due(
        self, project: Project, *, limit: int, within: timedelta = timedelta()
    ) -> Due:
        """Lease the jobs that are due `within` so long. A lease ends by itself, by the store's
        clock."""

    async def record(
        self,
        observations: Sequence[Observation],
        *,
        next_in: Mapping[JobId, timedelta],
        sweep: Sweep | None = None,
        evidence: ListEvidence | None = None,
        is_careful: bool = False,
    ) -> tuple[StatusChange, ...]:
        """Record reads in one transaction: the new states, the changes, and one delivery for each
        place that wants a change. Ends and revives subscriptions. Return the changes.

        A denied job is deleted once bot.core.absence says so. `evidence` is a complete list, which
        counts for all denied jobs, whoever leases them. Jobs that were leased anew meanwhile are
        skipped; jobs with a later read on record become due soon. `sweep` is the list of a claimed
        sweep: the first one is the baseline of pattern and project subscriptions, and later ones
        announce new jobs.

        StoreRefused, and any error that is our bug, is about one of the jobs. `is_careful` records
        each job in a savepoint of its own, slowly, and skips those that raise.
        """

    async def confirm(
        self,
        project: Project,
        jobs: Sequence[VisualizationJob],
        *,
        due_in: timedelta,
        within: timedelta = timedelta(),
    ) -> None:
        """Postpone those of these running jobs that are due, that nobody leases, and whose
        record equals this read. It needs no lease because it announces nothing; all other jobs
        stay as they are."""

    async def count_due(self, project: Project, *, within: timedelta = timedelta()) -> int:
        """Return how many jobs are due `within` so long, leased or not."""

    async def release(
        self, leases: Sequence[Lease], *, due_in: timedelta, has_failed: bool = False
    ) -> None:
        """Give the leases back without a read. `has_failed` means that the cloud gave no good
        answer: after three intervals without one the cards of the job show when it was last
        confirmed, until the next good read."""

    async def release_sweep(self, sweep_epoch: int, *, due_in: timedelta) -> None:
        """Give the lease of a claimed sweep back without a list."""

    async def note_source(
        self,
        project: Project,
        *,
        is_good: bool,
        lost_after: timedelta,
        is_missing: bool = False,
        is_back: bool = False,
    ) -> None:
        """Note whether the cloud answers, for all replicas together.

        After `lost_after` without a good note, order one SOURCE_LOST for each place with a live
        subscription, and with the next good note one SOURCE_BACK. `is_missing` means that every
        read is answered with 404 or 410: after `lost_after` of that, one SOURCE_LOST reports that
        the API itself is gone. The first good note after an outage (`is_back`, or a silence that no
        healthy replica keeps) makes every job due that waits for a good read.
        """


class CallBudget(Protocol):
    """How often the replicas together may call the cloud of a project."""

    async def take_calls(self, project_id: str, calls: int, *, per_minute: int) -> timedelta:
        """Ask for background calls. Return zero if they are granted, which spends them; else how
        long to wait before the next request.

        More than a minute's worth is granted if nothing is owed, and paid off afterwards.
        `per_minute` 0 means no limit.
        """

    async def take_for_people(self, project_id: str, calls: int, *, per_minute: int) -> bool:
        """Ask for calls to answer people; return True if they are granted. People may use half
        of the budget, at the background's expense; the other half is the background's alone."""

    async def note_asked(self, project_id: str, calls: int) -> None:
        """Count calls that answered people and were not asked for before."""

    async def hold_calls(self, project_id: str, *, opens_in: timedelta) -> None:
        """Grant nothing for so long, because the cloud asked to wait."""
