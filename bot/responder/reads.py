"""What people make us read of the cloud: bounded, so that polls and notifications never wait."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from bot.catalog import Catalog
from bot.core.commands.request import Request
from bot.core.errors import SourceUnavailable, StoreUnavailable, TooMany
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing, pages
from bot.core.ports.store import CallBudget
from bot.core.ports.time import Clock, Monotonic
from bot.core.text import say
from bot.responder.fair_share import FairShare

READS_PER_MINUTE = 30
# A card that is shown on request is no older.
_FRESH = timedelta(seconds=5)
# Without a database nobody counts the calls of all replicas: then a list is read so rarely.
_LIST_ALONE = timedelta(seconds=30)
_REPORT_SECONDS = 2.0
# People are answered without a database; one that hangs must not hold them up.
_PATIENCE_SECONDS = 0.5


class Reads(Protocol):
    """Reads of jobs for people."""

    async def job(self, job_id: JobId, request: Request) -> VisualizationJob:
        """One job, a few seconds old at the most. Raises JobSourceError, TooMany."""

    async def listing(self, request: Request) -> Listing:
        """All jobs; where one more list would cost the polls too much, as of the last one.
        Raises JobSourceError."""


class DirectReads:
    """As a terminal reads: for one person, who waits for it."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def job(self, job_id: JobId, request: Request) -> VisualizationJob:
        """Read it. Raises JobSourceError."""
        del request
        return await self._catalog.get(job_id)

    async def listing(self, request: Request) -> Listing:
        """Read it. Raises JobSourceError."""
        del request
        return await self._catalog.sweep()


class BoundedReads:
    """As people in Slack read: each has a share, and lists come out of the polls' budget.

    What somebody else just read costs nobody anything.
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
        self._sweeping: asyncio.Task[Listing] | None = None
        #: Calls that the budget has not heard of yet.
        self._unreported = 0

    async def job(self, job_id: JobId, request: Request) -> VisualizationJob:
        """One job, a few seconds old at the most. Raises JobSourceError, TooMany."""
        if self._catalog.is_fresh(job_id):
            return await self._catalog.get(job_id)
        if self._share.take((request.team_id, request.user_id)):
            self._unreported += 1
            return await self._catalog.get(job_id)
        known = self._catalog.last_known(job_id)
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
        """All jobs; where one more list would cost the polls too much, as of the last one.
        Raises JobSourceError."""
        index = self._catalog.index
        if index is None or self._catalog.is_fresh(None):
            return await self._catalog.sweep()
        if self._sweeping is None or self._sweeping.done():
            if not self._share.take((request.team_id, request.user_id)):
                return index
            self._sweeping = asyncio.create_task(self._sweep_if_granted(index))
            self._sweeping.add_done_callback(_retrieve)
        return await asyncio.shield(self._sweeping)

    async def report(self) -> float:
        """Tell the budget what was read for people; the seconds until the next report. Raises
        nothing: a failed report is repeated."""
        calls = self._unreported
        if calls:
            with suppress(StoreUnavailable):
                await self._budget.note_asked(self._catalog.project_id, calls)
                self._unreported -= calls
        return _REPORT_SECONDS

    async def _sweep_if_granted(self, index: Listing) -> Listing:
        calls = pages(len(index.jobs))
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                is_granted = await self._budget.take_for_people(
                    self._catalog.project_id, calls, per_minute=self._calls_per_minute
                )
        except (StoreUnavailable, TimeoutError):
            is_granted = self._clock() - index.read_at >= _LIST_ALONE
        if not is_granted:
            return index
        try:
            return await self._catalog.sweep()
        except SourceUnavailable as error:
            if error.retry_after:
                with suppress(StoreUnavailable):
                    opens_in = timedelta(seconds=error.retry_after)
                    await self._budget.hold_calls(self._catalog.project_id, opens_in=opens_in)
            raise


def _retrieve(task: "asyncio.Task[Listing]") -> None:
    # Everyone who asked may have given up; the error is then nobody's, not the event loop's.
    if not task.cancelled():
        task.exception()
