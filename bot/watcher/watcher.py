"""The watcher: reads the subscribed jobs that are due, and records each change."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.catalog import Catalog
from bot.core.absence import ListEvidence, list_evidence
from bot.core.errors import JobNotFound, JobSourceError, StoreUnavailable
from bot.core.job import JobStatus, VisualizationJob
from bot.core.listing import Listing, pages
from bot.core.ports.meter import UNMETERED, Meter
from bot.core.ports.store import CallBudget, Due, Lease, Observation, Sweep, Watchlist
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.watcher.background_reads import BackgroundReads
from bot.watcher.guard_rounds import GuardRounds
from bot.watcher.pace import Pace
from bot.watcher.quarantine import Quarantine
from bot.watcher.read_failures import ReadFailures
from bot.watcher.recorder import Recorder
from bot.watcher.single_read import SingleRead
from bot.watcher.source_reports import SourceReports

_log = structlog.get_logger(__name__)

# Many rows are leased at once, because a transaction costs as much as leasing some hundred rows.
CLAIMED_AT_ONCE = 1_000
_CONFIRMED_AT_ONCE = 2_000
_GETS_AT_ONCE = 8
# So many calls end well within a lease, even if each takes its whole deadline.
_MOST_GETS = 24
_TICK_SECONDS = 1.0
_PAUSE_WITHOUT_STORE_SECONDS = 5.0


class Watcher:
    """The worker that reads subscribed jobs. One pass has these steps:

    1. Claim: lease the rows that are due, from the store.
    2. Choose the cheaper of single reads and one list, which also serves the jobs that are due
       soon; take the calls from the shared budget.
    3. Read. A failed read is no observation: the row is given back, for later.
    4. Read a job that the list does not show by its own call, and look up a denied job in the
       list: a job is gone only if both lack it.
    5. Record: the store compares the reads and enqueues the deliveries, in one transaction.
    6. Let the guard look at long runs and waits that reads confirm.
    """

    def __init__(
        self,
        catalog: Catalog,
        watchlist: Watchlist,
        budget: CallBudget,
        *,
        pace: Pace,
        quarantine: Quarantine | None = None,
        guard: GuardRounds | None = None,
        clock: Clock,
        meter: Meter = UNMETERED,
    ) -> None:
        self._catalog = catalog
        self._reads = BackgroundReads(catalog, meter)
        self._watchlist = watchlist
        self._budget = budget
        self._pace = pace
        self._recorder = Recorder(
            watchlist, pace=pace, quarantine=quarantine or Quarantine(), meter=meter
        )
        self._guard = guard
        self._clock = clock
        self._failures = ReadFailures(budget, pace=pace, clock=clock)
        self._notes = SourceReports(catalog, watchlist, pace=pace, clock=clock)
        self._claimed_at: dict[Project, datetime] = {}
        self._swept: set[Project] = set()
        self._is_paused = False

    def is_swept(self, project: Project) -> bool:
        """Return whether a watch reads the project's whole list, in this replica or another."""
        return any(one.project_id == project.project_id for one in self._swept)

    async def poll(self, project: Project) -> float:
        """Read and record the due jobs of a project; return the seconds until the next pass. Raises
        nothing for failures of the cloud or the database."""
        try:
            await self._pass(project)
        except StoreUnavailable as error:
            if not self._is_paused:
                _log.warning(
                    "watch_paused", error=str(error), again_in=_PAUSE_WITHOUT_STORE_SECONDS
                )
            self._is_paused = True
            return _PAUSE_WITHOUT_STORE_SECONDS
        self._is_paused = False
        return min(_TICK_SECONDS, self._pace.interval)

    async def _pass(self, project: Project) -> None:
        due = await self._claim(project)
        if due.is_swept:
            self._swept.add(project)
        else:
            self._swept.discard(project)
        calls = pages(max(due.known_jobs, len(self._catalog.known(project))))
        if await self._needs_list(due, calls):
            if await self._may_list(due) and await self._may_call(due, calls=calls):
                await self._sweep(project, due)
        elif due.leases:
            await self._get_each(due)
        if await self._notes.note(project):
            self._failures.reopen_list(project)
        news = self._recorder.take_news(project)
        if self._guard:
            await self._guard.look(project, news)

    async def _needs_list(self, due: Due, calls: int) -> bool:
        """Return whether the list must be read, or costs fewer calls than to read one by one the
        jobs that are due now or soon."""
        if due.sweep_epoch is not None or len(due.leases) > calls:
            return True
        if not due.leases:
            return False
        return await self._watchlist.count_due(due.project, within=self._pace.ahead) > calls

    async def _may_list(self, due: Due) -> bool:
        """Return whether the list may be read; give everything back while the list is paused."""
        wait = self._failures.until_list(due.project)
        if wait > timedelta(0):
            await self._give_back(due, wait, has_failed=True)
            return False
        return True

    async def _may_call(self, due: Due, *, calls: int) -> bool:
        """Take the calls from the budget; if it has too few, give everything back and return
        False."""
        project, per_minute = due.project, self._pace.calls_per_minute
        wait = await self._budget.take_calls(project.project_id, calls, per_minute=per_minute)
        if wait:
            # An empty budget is no failure of the reads, but a budget that is held because the
            # cloud fails is one.
            is_held = self._catalog.health(project).failing_since is not None
            await self._give_back(due, wait, has_failed=is_held)
        return not wait

    async def _claim(
        self, project: Project, *, limit: int = CLAIMED_AT_ONCE, within: timedelta = timedelta()
    ) -> Due:
        due = await self._watchlist.claim_due(project, limit=limit, within=within)
        self._claimed_at[project] = self._clock()
        return due

    async def _sweep(self, project: Project, due: Due) -> None:
        try:
            listing = await self._reads.sweep(project)
        except JobSourceError as error:
            pause = await self._failures.count_list(project, error)
            # If only the list's route is missing, the calls of single jobs may still work.
            is_read_each = error.is_missing and bool(due.leases)
            given_back = replace(due, leases=()) if is_read_each else due
            await self._give_back(given_back, pause, has_failed=True)
            if is_read_each:
                await self._get_each(due, is_listed=True)
        except Exception:  # noqa: BLE001 - a job that breaks us must not stop the others
            _log.exception("list_failed")
            if due.sweep_epoch is not None:
                pause = timedelta(seconds=self._pace.until_retry(99, asked=None))
                await self._watchlist.release_sweep(due.sweep_epoch, due_in=pause)
            await self._get_each(due, is_listed=True)
        else:
            self._failures.forget_list(project)
            await self._apply(project, await self._with_soon_due(due), listing)

    async def _with_soon_due(self, due: Due) -> Due:
        """Also lease the jobs that are due soon, which the list serves, too, up to one batch."""
        room = CLAIMED_AT_ONCE - len(due.leases)
        if not room:
            return due
        soon = await self._claim(due.project, limit=room, within=self._pace.ahead)
        epoch = soon.sweep_epoch if due.sweep_epoch is None else due.sweep_epoch
        return replace(soon, leases=due.leases + soon.leases, sweep_epoch=epoch)

    async def _apply(self, project: Project, due: Due, listing: Listing) -> None:
        """Record a whole list, batch by batch, until it has served every job that is due."""
        sweep = None
        if due.sweep_epoch is not None:
            odd = {row.job_id for row in listing.odd if row.job_id}
            sweep = Sweep(epoch=due.sweep_epoch, jobs=listing.jobs, odd=odd)
        evidence: ListEvidence | None = self._list_evidence(due, listing)
        listed = {job.id: job for job in listing.jobs}
        missing: list[Lease] = []
        is_confirmed = False
        while due.leases or sweep:
            missing += [lease for lease in due.leases if lease.job_id not in listed]
            found = [(lease, listed.get(lease.job_id)) for lease in due.leases]
            seen = [Observation(lease=lease, job=job) for lease, job in found if job]
            await self._record(seen, sweep, evidence)
            if len(due.leases) < CLAIMED_AT_ONCE:
                break
            if not is_confirmed:
                await self._confirm(project, listing.jobs)
                is_confirmed = True
            due = await self._claim(project)
            sweep = evidence = None
            if due.sweep_epoch is not None:  # a sweep that is due by now has its own pass
                await self._watchlist.release_sweep(due.sweep_epoch, due_in=timedelta(0))
        if missing:
            await self._get_each(replace(due, leases=tuple(missing)), is_listed=True)

    async def _confirm(self, project: Project, jobs: Sequence[VisualizationJob]) -> None:
        """Record without a lease that the running jobs still run: most jobs do, and a lease for
        each of very many jobs would cost too much."""
        running = [job for job in jobs if job.status is JobStatus.RUNNING]
        pause = timedelta(seconds=self._pace.until_next(JobStatus.RUNNING, unchanged=0))
        for first in range(0, len(running), _CONFIRMED_AT_ONCE):
            some = running[first : first + _CONFIRMED_AT_ONCE]
            ahead = self._pace.ahead
            await self._watchlist.confirm(project, some, due_in=pause, within=ahead)

    async def _get_each(self, due: Due, *, is_listed: bool = False) -> None:
        """Read jobs one by one; `is_listed` if this pass has read the list, or has tried to."""
        now, later = due.leases[:_MOST_GETS], due.leases[_MOST_GETS:]
        if later:
            await self._watchlist.release(later, due_in=timedelta(0))
        due = replace(due, leases=now, sweep_epoch=None)
        if not await self._may_call(due, calls=len(now)):
            return
        limit = asyncio.Semaphore(_GETS_AT_ONCE)
        read = await asyncio.gather(*(self._get(one, limit) for one in now))
        listing = None
        if not is_listed and any(one.asks_for_list for one in read):
            listing = await self._look_up(due.project)
        evidence = None
        if listing is not None:
            listed = {job.id: job for job in listing.jobs}
            read = [one.or_listed(listed) for one in read]
            evidence = self._list_evidence(due, listing)
        seen = [Observation(lease=one.lease, job=one.job) for one in read if one.pause is None]
        await self._record(seen, evidence=evidence)
        await self._release_each(read)

    def _list_evidence(self, due: Due, listing: Listing) -> ListEvidence:
        # The catalog may have read the list for somebody else, before this pass claimed its rows.
        older = max(self._claimed_at[due.project] - listing.read_at, timedelta(0))
        return list_evidence(listing, project=due.project, asked_at=due.claimed_at - older)

    async def _look_up(self, project: Project) -> Listing | None:
        """Read the list, because a job was denied that the list may show; None if the list cannot
        be read now."""
        if self._failures.until_list(project) > timedelta(0):
            return None
        calls, per_minute = pages(len(self._catalog.known(project))), self._pace.calls_per_minute
        if await self._budget.take_calls(project.project_id, calls, per_minute=per_minute):
            return None
        try:
            listing = await self._reads.sweep(project)
        except JobSourceError as error:
            await self._failures.count_list(project, error)
            return None
        self._failures.forget_list(project)
        return listing

    async def _get(self, lease: Lease, limit: asyncio.Semaphore) -> SingleRead:
        async with limit:
            try:
                job = await self._reads.get(lease.project, lease.job_id)
            except JobNotFound:
                return SingleRead(lease, asks_for_list=True)
            except JobSourceError as error:
                pause = await self._failures.count_job(lease, error)
                return SingleRead(lease, pause=pause, asks_for_list=error.is_missing)
            except Exception:  # noqa: BLE001 - our bug with one job must not stop the others
                return SingleRead(lease, pause=self._recorder.strike(lease))
        return SingleRead(lease, job)

    async def _record(
        self,
        observations: Sequence[Observation],
        sweep: Sweep | None = None,
        evidence: ListEvidence | None = None,
    ) -> None:
        for one in observations:
            self._failures.forget_job(one.lease)
        await self._recorder.record(observations, sweep, evidence)

    async def _give_back(self, due: Due, due_in: timedelta, *, has_failed: bool) -> None:
        if due.leases:
            await self._watchlist.release(due.leases, due_in=due_in, has_failed=has_failed)
        if due.sweep_epoch is not None:
            await self._watchlist.release_sweep(due.sweep_epoch, due_in=due_in)

    async def _release_each(self, read: Iterable[SingleRead]) -> None:
        pauses: dict[timedelta, list[Lease]] = {}
        for one in read:
            if one.pause is not None:
                pauses.setdefault(one.pause, []).append(one.lease)
        for due_in, given_back in pauses.items():
            await self._watchlist.release(given_back, due_in=due_in, has_failed=True)
