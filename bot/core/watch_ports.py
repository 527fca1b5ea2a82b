"""The doors of watching: what is due, what was read of it, and how often the cloud may be asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from bot.core.absence import RollCall
from bot.core.job import JobId, VisualizationJob
from bot.core.watch import Lease, StatusChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a poll must read now: leased jobs, and whether the whole project is due as well."""

    team_id: str
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

    async def claim_due(self, team_id: str, *, limit: int) -> Due:
        """Lease what is due. A lease ends by itself after the lease time, by the store's clock."""

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
        self, team_id: str, jobs: Sequence[VisualizationJob], *, due_in: timedelta
    ) -> None:
        """Push on those of these running jobs that are due, leased by nobody, and known just as
        they were read now. It needs no lease, for nothing is told; all else is left alone."""

    async def count_due(self, team_id: str) -> int:
        """How many jobs are due, whoever has leased them."""

    async def release(
        self, leases: Sequence[Lease], *, due_in: timedelta, has_failed: bool = False
    ) -> None:
        """Nothing was observed: give the leases back. With `has_failed` the cloud gave no good
        answer: after three intervals without one, the job's cards say when it was last confirmed,
        until the next good read."""

    async def release_sweep(self, sweep_epoch: int, *, due_in: timedelta) -> None:
        """The list was not read: give the lease of the claimed sweep back."""

    async def note_source(
        self, team_id: str, *, is_good: bool, lost_after: timedelta, is_missing: bool = False
    ) -> None:
        """Keep whether the cloud can be read, of all replicas together.

        After `lost_after` with no good note, order one SOURCE_LOST for each place with a live
        subscription, and one SOURCE_BACK for each with the first good note after that.
        `is_missing` if list and jobs are answered by nothing but 404 or 410: after `lost_after` of
        that, one SOURCE_LOST says that the API itself is gone.
        """


class CallBudget(Protocol):
    """How often the cloud of a project may be called, by all replicas together."""

    async def take_calls(self, calls: int, *, per_minute: int) -> timedelta:
        """Ask for so many background calls at once: zero if they are granted (they are then
        spent), else how long to wait before asking again. More than a minute's worth is granted
        when nothing is owed, and paid off afterwards. `per_minute` 0 means no limit of ours."""

    async def hold_calls(self, *, opens_in: timedelta) -> None:
        """The cloud asked to wait: nothing is granted until then."""
