"""What the log says of reads that fail."""

import pytest
from structlog.testing import capture_logs

from bot.core.errors import SourceUnavailable
from bot.watcher.trouble_log import TroubleLog
from tests.fakes import ManualClock
from tests.make import NOW

CURE = "Try again in a minute."
ERROR = SourceUnavailable("ModelArts isn't answering properly (HTTP 502).", hint=CURE, code="502")
BEGINS, GOES_ON, ENDS = "read_failed", "reads_still_failing", "reads_good_again"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


def fail(log: TroubleLog, clock: ManualClock, *, jobs: int, seconds: int) -> None:
    """Every job fails once a second."""
    for _ in range(seconds):
        for job in range(jobs):
            log.failed(ERROR, job=job, again_in=1.0)
        clock.advance(seconds=1)


@pytest.mark.parametrize(
    ("seconds", "tallies"), [(1, []), (60, []), (61, [6_000]), (181, [6_000] * 3)]
)
def test_an_outage_is_a_line_a_tally_a_minute_and_a_line(
    clock: ManualClock, seconds: int, tallies: list[int]
) -> None:
    log = TroubleLog("watch", clock=clock)
    with capture_logs() as lines:
        fail(log, clock, jobs=100, seconds=seconds)
        log.is_over()
        log.is_over()

    assert [line["event"] for line in lines] == [BEGINS, *[GOES_ON] * len(tallies), ENDS]
    assert [line["failed"] for line in lines] == [1, *tallies, 100 * seconds]
    assert [line["log_level"] for line in lines] == [*["warning"] * (1 + len(tallies)), "info"]
    assert lines[-1]["lasted"] == seconds
    assert all((line["error"], line["cure"]) == (str(ERROR), CURE) for line in lines[:-1])


def test_a_second_outage_is_told_as_the_first_one(clock: ManualClock) -> None:
    log = TroubleLog("watch", clock=clock)
    with capture_logs() as lines:
        for _ in range(2):
            fail(log, clock, jobs=3, seconds=2)
            log.is_over()
            clock.advance(seconds=5)

    assert [line["event"] for line in lines] == [BEGINS, ENDS] * 2
    assert [line["failed"] for line in lines] == [1, 6] * 2


def test_good_reads_are_not_logged(clock: ManualClock) -> None:
    with capture_logs() as lines:
        TroubleLog("watch", clock=clock).is_over()

    assert lines == []
