"""Reads of the cloud for people, limited so that polls and notifications never wait."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from bot.catalog import Catalog
from bot.core.abandoned_tasks import retrieve_error
from bot.core.commands.request import Request
from bot.core.errors import SourceUnavailable, StoreUnavailable, TooMany
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing, pages
from bot.core.ports.store import CallBudget
from bot.core.ports.time import Clock, Monotonic
from bot.core.project import Project
from bot.core.text import say
from bot.responder.fair_share import FairShare

READS_PER_MINUTE = 30
# A person who has used up their share still gets a job that was read this recently.
_FRESH = timedelta(seconds=5)
# Without a database the replicas cannot share a budget: then each lists at most this often.
_LIST_ALONE = timedelta(seconds=30)
_REPORT_SECONDS = 2.0
# How long a list waits for the database to grant it: a database that hangs must not delay people.
_PATIENCE_SECONDS = 0.5


class Reads(Protocol):
    """Reads of jobs for people."""

    async def job(self, job_id: JobId, request: Request) -> VisualizationJob:
        """Return one job, a few seconds old at most. Raises JobSourceError, TooMany."""

    async def listing(self, request: Request) -> Listing:
        """Return all jobs; the last list if a new one would cost the polls too much. Raises
        JobSourceError."""


class DirectReads:
    """Unlimited reads, for one person at a terminal."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def job(self, job_id: JobId, request: Request) -> VisualizationJob:
        """Read the job. Raises JobSourceError."""
        return await self._catalog.get(self._catalog.project(request.team_id), job_id)

    async def listing(self, request: Request) -> Listing:
        """Read the list. Raises JobSourceError."""
        return await self._catalog.sweep(self._catalog.project(request.team_id))


class BoundedReads:
    """Limited reads, for people in Slack: each person has a share, and lists use the polls' budget.

    A job or list that the cache still has costs neither.
    """

    def __init__(
        self,
        catalog: Catalog,
        budget: CallBudget,
        *,
        calls_per_minute: int,
        clock: Clock,
        monotonic: Monotonic,
    ) -> None:
        self._catalog = catalog
        self._budget = budget
        self._calls_per_minute = calls_per_minute
        self._clock = clock
        self._share = FairShare(per_minute=READS_PER_MINUTE, monotonic=monotonic)
        self._sweeping: dict[Project, asyncio.Task[Listing]] = {}
        #: Calls for people that the budget has not counted yet.
        self._unreported: Counter[Project] = Counter()

    async def job(self, job_id: JobId, request: Request) -> VisualizationJob:
        """Return one job, a few seconds old at most. Raises JobSourceError, TooMany."""
        project = self._catalog.project(request.team_id)
        if self._catalog.is_fresh(project, job_id):
            return await self._catalog.get(project, job_id)
        if self._share.take((request.team_id, request.user_id)):
            self._unreported[project] += 1
            return await self._catalog.get(project, job_id)
        known = self._catalog.last_known(project, job_id)
        if known is not None and self._clock() - known.read_at <= _FRESH:
            return known
        raise TooMany(
            say(
                "I read {most} jobs a minute for one person, and you have asked for more.",
                most=READS_PER_MINUTE,
            ),
            hint=say("Wait a few seconds, then ask again; `list` shows all jobs at once."),
        )

    async def listing(self, request: Request) -> Listing:
        """Return all jobs; the last list if a new one would cost the polls too much. Raises
        JobSourceError."""
        project = self._catalog.project(request.team_id)
        index, sweeping = self._catalog.index(project), self._sweeping.get(project)
        if index is None or self._catalog.is_fresh(project, None):
            return await self._catalog.sweep(project)
        if sweeping is None or sweeping.done():
            if not self._share.take((request.team_id, request.user_id)):
                return index
            sweeping = asyncio.create_task(self._sweep_if_granted(project, index))
            sweeping.add_done_callback(retrieve_error)
            self._sweeping[project] = sweeping
        return await asyncio.shield(sweeping)

    async def report(self) -> float:
        """Count the reads for people in the budget; return the seconds until the next report.
        Raises nothing: a failed report is repeated."""
        for project, calls in [*self._unreported.items()]:
            with suppress(StoreUnavailable):
                await self._budget.note_asked(project.project_id, calls)
                self._unreported[project] -= calls
        self._unreported = +self._unreported
        return _REPORT_SECONDS

    async def _sweep_if_granted(self, project: Project, index: Listing) -> Listing:
        calls = pages(len(index.jobs))
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                is_granted = await self._budget.take_for_people(
                    project.project_id, calls, per_minute=self._calls_per_minute
                )
        except (StoreUnavailable, TimeoutError):
            is_granted = self._clock() - index.read_at >= _LIST_ALONE
        if not is_granted:
            return index
        try:
            return await self._catalog.sweep(project)
        except SourceUnavailable as error:
            if error.retry_after:
                with suppress(StoreUnavailable):
                    opens_in = timedelta(seconds=error.retry_after)
                    await self._budget.hold_calls(project.project_id, opens_in=opens_in)
            raise
