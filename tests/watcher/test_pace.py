"""When a job is read again."""

from datetime import timedelta

import pytest

from bot.core.job import JobStatus
from bot.core.listing import pages
from bot.watcher.pace import Pace


@pytest.mark.parametrize(
    ("status", "pauses"),
    [
        (1, [5, 10, 20, 30, 30]),
        (7, [5, 10, 20, 30, 30]),
        (9, [5, 10, 20, 30, 30]),
        (15, [5, 10, 20, 30, 30]),
        (8, [60, 60]),
        (0, [60, 60]),
        (6, [60, 60]),
        (37, [60, 60]),
        (10, [180, 180]),
        (11, [180, 180]),
        (12, [180, 180]),
        (14, [180, 180]),
    ],
)
def test_what_is_on_its_way_is_read_often_and_what_has_ended_rarely(
    status: int, pauses: list[float]
) -> None:
    pace = Pace(interval=60, calls_per_minute=60)

    told = [pace.until_next(JobStatus(status), unchanged=n) for n in range(len(pauses))]

    assert told == pauses


def test_nothing_is_read_more_rarely_than_the_interval_but_what_has_ended() -> None:
    pace = Pace(interval=2, calls_per_minute=60)

    assert {pace.until_next(JobStatus(n), unchanged=9) for n in (0, 1, 7, 8, 9, 15)} == {2}
    assert pace.until_next(JobStatus.COMPLETED, unchanged=0) == 6
    assert Pace(interval=200, calls_per_minute=0).until_next(JobStatus.FAILED, unchanged=0) == 300
    assert Pace(interval=900, calls_per_minute=0).until_next(JobStatus.FAILED, unchanged=0) == 900


@pytest.mark.parametrize(("interval", "apart"), [(30, 30), (300, 30), (5, 5)])
def test_a_job_is_gone_when_the_second_answer_comes_a_while_after_the_first(
    interval: float, apart: float
) -> None:
    assert Pace(interval=interval, calls_per_minute=60).until_confirmed == apart


@pytest.mark.parametrize(
    ("failures", "asked", "pause"),
    [
        (1, None, 14),
        (2, None, 29),
        (5, None, 239),
        (6, None, 299),
        (9999, None, 299),
        (1, 90.0, 90),
        (6, 90.0, 299),
    ],
)
def test_a_failure_is_retried_soon_and_then_ever_more_rarely(
    failures: int, asked: float | None, pause: float
) -> None:
    assert Pace(interval=30, calls_per_minute=60).until_retry(failures, asked=asked) == pause


@pytest.mark.parametrize(("interval", "within"), [(1, 2), (5, 10), (30, 15), (600, 15)])
def test_the_first_retry_and_the_tick_that_finds_it_are_within_the_promise(
    interval: float, within: float
) -> None:
    pace = Pace(interval=interval, calls_per_minute=60)
    tick = min(interval, 1.0)

    assert pace.until_retry(1, asked=None) + tick <= within


@pytest.mark.parametrize("interval", [1, 2, 4, 5, 10, 30, 600])
def test_what_fails_again_and_again_is_read_every_five_minutes(interval: float) -> None:
    pace = Pace(interval=interval, calls_per_minute=60)

    assert pace.until_retry(99, asked=None) + min(interval, 1.0) == 300


@pytest.mark.parametrize(("interval", "longest"), [(1, 10), (2, 20), (4, 40), (5, 300)])
def test_a_demo_comes_to_that_only_after_a_while(interval: float, longest: float) -> None:
    pace = Pace(interval=interval, calls_per_minute=60)

    assert pace.until_retry(60, asked=None) + min(interval, 1.0) == longest


@pytest.mark.parametrize(
    ("interval", "silence", "is_outage"),
    [(30, 44, False), (30, 45, True), (2, 2, False), (2, 3, True), (900, 1349, False)],
)
def test_an_outage_is_a_silence_in_which_others_would_have_been_read(
    interval: float, silence: float, is_outage: bool
) -> None:
    pace = Pace(interval=interval, calls_per_minute=60)

    assert pace.is_outage(timedelta(seconds=silence)) is is_outage


@pytest.mark.parametrize("interval", [1, 5, 30, 600])
def test_a_deletion_is_told_within_three_polls_or_90_s(interval: float) -> None:
    pace = Pace(interval=interval, calls_per_minute=60)
    tick = min(interval, 1.0)

    until_first = pace.until_next(JobStatus.RUNNING, unchanged=0) + tick
    until_second = pace.until_confirmed + tick

    assert until_first + until_second <= max(3 * interval, 90)


@pytest.mark.parametrize(("jobs", "calls"), [(0, 1), (99, 1), (100, 2), (250, 3)])
def test_a_list_takes_a_call_for_each_hundred_jobs(jobs: int, calls: int) -> None:
    assert pages(jobs) == calls
