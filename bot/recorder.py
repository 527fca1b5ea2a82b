"""Has reads recorded, and finds the pace of the next ones; a job that breaks us is set apart."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.core.errors import StoreRefused, StoreUnavailable
from bot.core.job import JobId, VisualizationJob
from bot.core.pace import Pace, is_on_its_way
from bot.core.ports import Observation, Watchlist
from bot.core.quarantine import Quarantine
from bot.core.watch import Finding, compare, is_outdated

_log = structlog.get_logger(__name__)

_AGAIN = timedelta(seconds=1)

#: A claimed sweep by its epoch, and all that the list told.
Sweep = tuple[int, Sequence[VisualizationJob]]


class Recorder:
    """The last step of a pass. What one job breaks is tried by halves, so that the rest is kept."""

    def __init__(self, watchlist: Watchlist, *, pace: Pace, quarantine: Quarantine) -> None:
        self._watchlist = watchlist
        self._pace = pace
        self._quarantine = quarantine
        self._unchanged: dict[JobId, int] = {}

    async def record(self, observations: Sequence[Observation], sweep: Sweep | None = None) -> None:
        """Record what is newer than what is known. Raises StoreUnavailable."""
        news = [one for one in observations if _is_newer(one)]
        stale = [one.watched for one in observations if not _is_newer(one)]
        if stale:
            await self._watchlist.release(stale, due_in=_AGAIN)
        if news or sweep is not None:
            await self._record_together(news, sweep)

    def strike(self, job_id: JobId) -> timedelta:
        """A bug of ours with one job, to be called where it is caught; how long to leave it."""
        pause = self._quarantine.strike(job_id)
        _log.exception("job_failed", job=job_id, again_in=pause.total_seconds())
        return pause

    async def _record_together(self, news: Sequence[Observation], sweep: Sweep | None) -> None:
        try:
            next_in = {one.watched.job.id: self._until_next(one) for one in news}
            changes = await self._watchlist.record(news, next_in=next_in, sweep=sweep)
        except Exception as error:
            if isinstance(error, StoreUnavailable) and not isinstance(error, StoreRefused):
                raise
            await self._record_apart(news, sweep)
            return
        for one in news:
            self._quarantine.forgive(one.watched.job.id)
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
            [poison] = [one.watched for one in news]
            pause = self.strike(poison.job.id)
            await self._watchlist.release([poison], due_in=pause, has_failed=True)

    def _until_next(self, observation: Observation) -> timedelta:
        if observation.job is None:
            return timedelta(seconds=self._pace.until_confirmed)
        job_id, status = observation.watched.job.id, observation.job.status
        is_same = compare(observation.watched.job, observation.job) is Finding.UNCHANGED
        unchanged = self._unchanged.pop(job_id, -1) + 1 if is_same else 0
        if is_on_its_way(status):
            self._unchanged[job_id] = unchanged
        return timedelta(seconds=self._pace.until_next(status, unchanged=unchanged))


def _is_newer(observation: Observation) -> bool:
    job, known = observation.job, observation.watched.job
    return job is None or not is_outdated(job, known_at=known.read_at)
