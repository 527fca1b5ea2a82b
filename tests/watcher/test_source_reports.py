"""What the store is told of how the cloud answers."""

from contextlib import suppress

import pytest

from bot.catalog import Catalog
from bot.core.errors import JobSourceError, SourceUnavailable
from bot.core.job import JobId
from bot.watcher.pace import Pace
from bot.watcher.source_reports import SourceReports
from tests.fakes import FakeSource, ManualClock
from tests.make import OURS, a_job
from tests.watch_fakes import FakeWatchlist

FAILS, WELL = SourceUnavailable("No answer."), None

# A sentence: what each read came to, the seconds after it, and whether the last ended an outage.
READS: dict[str, tuple[list[tuple[JobSourceError | None, int]], bool]] = {
    "all is well": ([(WELL, 30), (WELL, 30), (WELL, 30)], False),
    "one failed among others that were read well": ([(FAILS, 30), (WELL, 0)], False),
    "the same again and again": ([(FAILS, 30), (WELL, 15), (FAILS, 30), (WELL, 0)], False),
    "nothing was read well for longer": ([(FAILS, 30), (FAILS, 15), (WELL, 0)], True),
    "it goes on": ([(WELL, 30), (FAILS, 300), (FAILS, 300)], False),
    "it is over once": ([(FAILS, 300), (WELL, 30), (WELL, 60), (WELL, 0)], False),
}


@pytest.mark.parametrize(("reads", "is_back"), READS.values(), ids=READS)
async def test_an_outage_has_ended(
    reads: list[tuple[JobSourceError | None, int]], is_back: bool
) -> None:
    clock = ManualClock()
    source, watchlist = FakeSource([a_job(205)], clock=clock), FakeWatchlist(clock)
    catalog = Catalog(source, clock=clock)
    pace = Pace(interval=30, calls_per_minute=0)
    notes = SourceReports(catalog, watchlist, pace=pace, clock=clock)
    ended = False
    for error, seconds in reads:
        source.error = error
        with suppress(JobSourceError):
            await catalog.get(OURS, JobId(205))
        ended = await notes.note(OURS)
        clock.advance(seconds=seconds)

    assert ended is is_back
    assert watchlist.back[-1] is is_back
