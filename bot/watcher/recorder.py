"""Record reads, choose when each job is read next, and isolate a job that breaks our code."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import structlog

from bot.core.absence import ListEvidence
from bot.core.change import has_changed
from bot.core.errors import StoreRefused, StoreUnavailable
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.meter import Meter
from bot.core.ports.store import Lease, Observation, Sweep, Watchlist
from bot.core.project import Project
from bot.watcher.pace import Pace, is_on_its_way
from bot.watcher.quarantine import Quarantine

_log = structlog.get_logger(__name__)


class News(NamedTuple):
    """Whether recorded reads call for a look of the guard."""

    has_changed: bool
    #: A job was read that may have waited for too long by now.
    has_waiting: bool


_NO_NEWS = News(has_changed=False, has_waiting=False)


class Recorder:
    """The last step of a pass. Reads that cannot be recorded together are recorded by halves, so
    that one bad job does not lose the others."""

    def __init__(
        self,
        watchlist: Watchlist,
        *,
        pace: Pace,
        quarantine: Quarantine,
        meter: Meter,
    ) -> None:
        self._watchlist = watchlist
        self._pace = pace
        self._quarantine = quarantine
        self._meter = meter
        self._news: dict[Project, News] = {}
        # For each job that will change soon: its last read, and the unchanged reads in a row.
        self._on_their_way: dict[tuple[Project, JobId], tuple[VisualizationJob, int]] = {}

    async def record(
        self,
        observations: Sequence[Observation],
        sweep: Sweep | None = None,
        evidence: ListEvidence | None = None,
    ) -> None:
        """Record these reads, if there are any. Raises StoreUnavailable."""
        if observations or sweep is not None or evidence is not None:
            await self._record_together(observations, sweep, evidence)

    def take_news(self, project: Project) -> News:
        """Return the news of a project since the last call, and clear it."""
        return self._news.pop(project, _NO_NEWS)

    def strike(self, lease: Lease) -> timedelta:
        """Log the exception that one job caused, and return how long to pause the job. Call this in
        the `except` block."""
        pause = self._quarantine.strike(lease.project, lease.job_id)
        _log.exception("job_failed", job=lease.job_id, again_in=pause.total_seconds())
        return pause

    async def _record_together(
        self, news: Sequence[Observation], sweep: Sweep | None, evidence: ListEvidence | None = None
    ) -> None:
        try:
            next_in = {one.lease.job_id: self._until_next(one) for one in news}
            changes = await self._watchlist.record(
                news, next_in=next_in, sweep=sweep, evidence=evidence
            )
        except Exception as error:
            if isinstance(error, StoreUnavailable) and not isinstance(error, StoreRefused):
                raise
            await self._record_apart(news, sweep)
            return
        for one in news:
            self._quarantine.forgive(one.lease.project, one.lease.job_id)
        for project in {change.project for change in changes}:
            self._add_news(project, has_changed=True)
        for project in {one.lease.project for one in news if _waits(one)}:
            self._add_news(project, has_waiting=True)
        self._meter.count_changes(len(changes))
        for change in changes:
            step = change.step
            _log.info("status_changed", job=change.job.id, before=step.before, after=step.after)

    def _add_news(
        self, project: Project, *, has_changed: bool = False, has_waiting: bool = False
    ) -> None:
        before = self._news.get(project, _NO_NEWS)
        self._news[project] = News(
            has_changed=before.has_changed or has_changed,
            has_waiting=before.has_waiting or has_waiting,
        )

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


def _waits(observation: Observation) -> bool:
    return observation.job is not None and is_on_its_way(observation.job.status)
