"""Has reads recorded, and finds the pace of the next ones; a job that breaks us is set apart."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.core.absence import RollCall
from bot.core.change import has_changed
from bot.core.errors import StoreRefused, StoreUnavailable
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.meter import UNMETERED, Meter
from bot.core.ports.store import Lease, Observation, Sweep, Watchlist
from bot.core.project import Project
from bot.watcher.pace import Pace, is_on_its_way
from bot.watcher.quarantine import Quarantine

_log = structlog.get_logger(__name__)


class Recorder:
    """The last step of a pass. What one job breaks is tried by halves, so that the rest is kept."""

    def __init__(
        self,
        watchlist: Watchlist,
        *,
        pace: Pace,
        quarantine: Quarantine,
        meter: Meter = UNMETERED,
    ) -> None:
        self._watchlist = watchlist
        self._pace = pace
        self._quarantine = quarantine
        self._meter = meter
        self._with_news: set[Project] = set()
        # Of the jobs on their way: what was last read of each, and how often in a row.
        self._on_their_way: dict[tuple[Project, JobId], tuple[VisualizationJob, int]] = {}

    async def record(
        self,
        observations: Sequence[Observation],
        sweep: Sweep | None = None,
        roll: RollCall | None = None,
    ) -> None:
        """Record what was read. Raises StoreUnavailable."""
        if observations or sweep is not None or roll is not None:
            await self._record_together(observations, sweep, roll)

    def take_news(self, project: Project) -> bool:
        """True if a change of the project was recorded since this was asked last."""
        has_news = project in self._with_news
        self._with_news.discard(project)
        return has_news

    def strike(self, lease: Lease) -> timedelta:
        """A bug of ours with one job, to be called where it is caught; how long to leave it."""
        pause = self._quarantine.strike(lease.project, lease.job_id)
        _log.exception("job_failed", job=lease.job_id, again_in=pause.total_seconds())
        return pause

    async def _record_together(
        self, news: Sequence[Observation], sweep: Sweep | None, roll: RollCall | None = None
    ) -> None:
        try:
            next_in = {one.lease.job_id: self._until_next(one) for one in news}
            changes = await self._watchlist.record(news, next_in=next_in, sweep=sweep, roll=roll)
        except Exception as error:
            if isinstance(error, StoreUnavailable) and not isinstance(error, StoreRefused):
                raise
            await self._record_apart(news, sweep)
            return
        for one in news:
            self._quarantine.forgive(one.lease.project, one.lease.job_id)
        self._with_news.update(change.project for change in changes)
        self._meter.count_changes(len(changes))
        for change in changes:
            step = change.step
            _log.info("status_changed", job=change.job.id, before=step.before, after=step.after)

    async def _record_apart(self, news: Sequence[Observation], sweep: Sweep | None) -> None:
        if sweep is not None:
            if news:
                await self._record_together(news, None)
            await self._watchlist.record([], next_in={}, sweep=sweep, is_careful=True)
        elif len(news) > 1:
            half = len(news) // 2
            await self._record_together(news[:half], None)
            await self._record_together(news[half:], None)
        else:
            [poison] = [one.lease for one in news]
            pause = self.strike(poison)
            await self._watchlist.release([poison], due_in=pause, has_failed=True)

    def _until_next(self, observation: Observation) -> timedelta:
        job = observation.job
        if job is None:
            return timedelta(seconds=self._pace.until_confirmed)
        unchanged, key = 0, (observation.lease.project, job.id)
        before, times = self._on_their_way.pop(key, (None, 0))
        if before is not None and not has_changed(before, job):
            unchanged = times + 1
        if is_on_its_way(job.status):
            self._on_their_way[key] = (job, unchanged)
        return timedelta(seconds=self._pace.until_next(job.status, unchanged=unchanged))
