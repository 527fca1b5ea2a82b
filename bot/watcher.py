"""Watches subscribed jobs: reads what is due, and has each change recorded for its places."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.catalog import Catalog
from bot.core.errors import JobNotFound, JobSourceError, SourceUnavailable, StoreUnavailable
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.pace import Pace, pages
from bot.core.ports import Clock
from bot.core.quarantine import Quarantine
from bot.core.watch import Lease
from bot.core.watch_ports import CallBudget, Due, Observation, Watchlist
from bot.recorder import Recorder, Sweep

_log = structlog.get_logger(__name__)

# A transaction costs as much as some hundred of the rows that it leases.
CLAIMED_AT_ONCE = 1_000
_CONFIRMED_AT_ONCE = 2_000
_GETS_AT_ONCE = 8
# So many end well within a lease, even if each takes its whole deadline.
_MOST_GETS = 24
_TICK_SECONDS = 1.0
_PAUSE_WITHOUT_STORE_SECONDS = 5.0
#: So long without a good read, and the places are told that the source is lost.
LOST_AFTER = timedelta(minutes=10)
_NOTE_EVERY = timedelta(minutes=1)


class Watcher:
    """One pass over what is due:

    1. Claim: lease the rows that are due, from the store.
    2. Choose the cheaper of single reads and one list, and ask the shared budget for the calls.
    3. Read. Whatever is not a good answer is no observation: the row is given back, for later.
    4. Ask for what the list does not show by its own name: only that call can say "gone".
    5. Record: the store compares, and orders what the places are told, in one transaction.
    """

    def __init__(
        self,
        catalog: Catalog,
        watchlist: Watchlist,
        budget: CallBudget,
        *,
        team_id: Callable[[], str | None],
        pace: Pace,
        quarantine: Quarantine | None = None,
        clock: Clock,
    ) -> None:
        """`team_id` gives None until Slack has told who we are."""
        self._catalog = catalog
        self._watchlist = watchlist
        self._budget = budget
        self._team_id = team_id
        self._pace = pace
        self._recorder = Recorder(watchlist, pace=pace, quarantine=quarantine or Quarantine())
        self._clock = clock
        # Counted here and not in the database: what follows from it, the time when a row is due,
        # is there. After a restart, to try again soon is what people want.
        self._failures: dict[JobId | None, int] = {}
        self._list_opens_at: datetime | None = None
        self._noted: tuple[bool, datetime] | None = None
        #: True if the whole list is read for subscriptions, by this replica or another.
        self.is_swept = False

    async def poll(self) -> float:
        """Read and record what is due; the seconds until it is worth looking again. Never raises
        for what the cloud or the database does."""
        team_id = self._team_id()
        if team_id:
            try:
                await self._pass(team_id)
            except StoreUnavailable as error:
                _log.warning(
                    "watch_paused", error=str(error), again_in=_PAUSE_WITHOUT_STORE_SECONDS
                )
                return _PAUSE_WITHOUT_STORE_SECONDS
        return min(_TICK_SECONDS, self._pace.interval)

    async def _pass(self, team_id: str) -> None:
        due = await self._watchlist.claim_due(team_id, limit=CLAIMED_AT_ONCE)
        self.is_swept = due.is_swept
        calls = pages(max(due.known_jobs, len(self._catalog.known)))
        jobs = len(due.leases)
        if jobs == CLAIMED_AT_ONCE <= calls:
            jobs = await self._watchlist.count_due(team_id)
        if due.sweep_epoch is not None or jobs > calls:
            if await self._may_list(due) and await self._may_call(due, calls=calls):
                await self._sweep(team_id, due)
        elif due.leases:
            await self._get_each(due.leases)
        await self._note_source(team_id)

    async def _may_list(self, due: Due) -> bool:
        """Give everything back while the list that failed is left alone."""
        wait = (self._list_opens_at or self._clock()) - self._clock()
        if wait > timedelta(0):
            await self._give_back(due, wait, has_failed=True)
            return False
        return True

    async def _may_call(self, due: Due, *, calls: int) -> bool:
        """Take the calls from the budget, or give everything back until it has some."""
        per_minute = self._pace.calls_per_minute
        wait = await self._budget.take_calls(calls, per_minute=per_minute)
        if wait:
            # A budget that is tight is no failure; one that the cloud's trouble holds shut is.
            is_held = self._catalog.health.failing_since is not None
            await self._give_back(due, wait, has_failed=is_held)
        return not wait

    async def _sweep(self, team_id: str, due: Due) -> None:
        try:
            jobs = (await self._catalog.sweep()).jobs
        except JobSourceError as error:
            pause = await self._pause_after(None, error)
            self._list_opens_at = self._clock() + pause
            await self._give_back(due, pause, has_failed=True)
        except Exception:  # noqa: BLE001 - one job of the list may have broken us: not the others
            _log.exception("list_failed")
            if due.sweep_epoch is not None:
                pause = timedelta(seconds=self._pace.until_retry(99, asked=None))
                await self._watchlist.release_sweep(due.sweep_epoch, due_in=pause)
            await self._get_each(due.leases)
        else:
            self._failures.pop(None, None)
            self._list_opens_at = None
            await self._apply(team_id, due, jobs)

    async def _apply(self, team_id: str, due: Due, jobs: Sequence[VisualizationJob]) -> None:
        """Record a whole list: one serves every batch that is due."""
        sweep = None if due.sweep_epoch is None else (due.sweep_epoch, jobs)
        listed = {job.id: job for job in jobs}
        missing: list[Lease] = []
        is_confirmed = False
        while due.leases or sweep:
            missing += [lease for lease in due.leases if lease.job_id not in listed]
            found = [(lease, listed.get(lease.job_id)) for lease in due.leases]
            seen = [Observation(lease=lease, job=job) for lease, job in found if job]
            await self._record(seen, sweep)
            if len(due.leases) < CLAIMED_AT_ONCE:
                break
            if not is_confirmed:
                await self._confirm(team_id, jobs)
                is_confirmed = True
            due = await self._watchlist.claim_due(team_id, limit=CLAIMED_AT_ONCE)
            sweep = None
            if due.sweep_epoch is not None:  # it came due meanwhile, and has its own turn
                await self._watchlist.release_sweep(due.sweep_epoch, due_in=timedelta(0))
        if missing:
            await self._get_each(missing)

    async def _confirm(self, team_id: str, jobs: Sequence[VisualizationJob]) -> None:
        """Very many are due, and most of them go on running: those need no lease."""
        running = [job for job in jobs if job.status is JobStatus.RUNNING]
        pause = timedelta(seconds=self._pace.until_next(JobStatus.RUNNING, unchanged=0))
        for first in range(0, len(running), _CONFIRMED_AT_ONCE):
            some = running[first : first + _CONFIRMED_AT_ONCE]
            await self._watchlist.confirm(team_id, some, due_in=pause)

    async def _get_each(self, leases: Sequence[Lease]) -> None:
        now, later = leases[:_MOST_GETS], leases[_MOST_GETS:]
        if later:
            await self._watchlist.release(later, due_in=timedelta(0))
        due = Due(leases=tuple(now), sweep_epoch=None, known_jobs=0)
        if not await self._may_call(due, calls=len(now)):
            return
        limit = asyncio.Semaphore(_GETS_AT_ONCE)
        read = await asyncio.gather(*(self._get(one, limit) for one in now))
        await self._record([one for one in read if isinstance(one, Observation)])
        pauses = {one.job_id: got for one, got in zip(now, read, strict=True)}
        await self._release_each(now, pauses)

    async def _get(self, lease: Lease, limit: asyncio.Semaphore) -> Observation | timedelta:
        """What was observed, or how long to leave it alone."""
        async with limit:
            try:
                job = await self._catalog.get(lease.job_id)
            except JobNotFound:
                return Observation(lease=lease, job=None)
            except JobSourceError as error:
                return await self._pause_after(lease.job_id, error)
            except Exception:  # noqa: BLE001 - our bug with one job must not stop the others
                return self._recorder.strike(lease.job_id)
        return Observation(lease=lease, job=job)

    async def _record(
        self, observations: Sequence[Observation], sweep: Sweep | None = None
    ) -> None:
        for one in observations:
            self._failures.pop(one.lease.job_id, None)
        await self._recorder.record(observations, sweep)

    async def _pause_after(self, job_id: JobId | None, error: JobSourceError) -> timedelta:
        """Count one more failure of a job, or of the list; how long to leave it alone."""
        failures = self._failures[job_id] = self._failures.get(job_id, 0) + 1
        asked = error.retry_after if isinstance(error, SourceUnavailable) else None
        if asked:
            await self._budget.hold_calls(opens_in=timedelta(seconds=asked))
        pause = self._pace.until_retry(failures, asked=asked)
        _log.warning("read_failed", job=job_id, error=str(error), code=error.code, again_in=pause)
        return timedelta(seconds=pause)

    async def _give_back(self, due: Due, due_in: timedelta, *, has_failed: bool) -> None:
        if due.leases:
            await self._watchlist.release(due.leases, due_in=due_in, has_failed=has_failed)
        if due.sweep_epoch is not None:
            await self._watchlist.release_sweep(due.sweep_epoch, due_in=due_in)

    async def _release_each(
        self, leases: Iterable[Lease], read: dict[JobId, Observation | timedelta]
    ) -> None:
        pauses: dict[timedelta, list[Lease]] = {}
        for one in leases:
            pause = read[one.job_id]
            if isinstance(pause, timedelta):
                pauses.setdefault(pause, []).append(one)
        for due_in, given_back in pauses.items():
            await self._watchlist.release(given_back, due_in=due_in, has_failed=True)

    async def _note_source(self, team_id: str) -> None:
        """Tell the store how the cloud answers, at each turn and once a minute."""
        health, now = self._catalog.health, self._clock()
        if health.failing_since is None and health.last_good_at is None:
            return
        is_good = health.failing_since is None
        if self._noted and self._noted[0] == is_good and abs(now - self._noted[1]) < _NOTE_EVERY:
            return
        await self._watchlist.note_source(team_id, is_good=is_good, lost_after=LOST_AFTER)
        self._noted = (is_good, now)
