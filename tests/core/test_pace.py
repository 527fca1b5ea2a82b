"""When a job is read again."""

import pytest

from bot.core.job import JobStatus
from bot.core.pace import Pace, pages


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
        (10, [300, 300]),
        (11, [300, 300]),
        (12, [300, 300]),
        (14, [300, 300]),
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
    assert pace.until_next(JobStatus.COMPLETED, unchanged=0) == 300
    assert Pace(interval=900, calls_per_minute=0).until_next(JobStatus.FAILED, unchanged=0) == 900


@pytest.mark.parametrize(("interval", "apart"), [(30, 30), (300, 30), (5, 5)])
def test_a_job_is_gone_when_the_second_answer_comes_a_while_after_the_first(
    interval: float, apart: float
) -> None:
    assert Pace(interval=interval, calls_per_minute=60).until_confirmed == apart


@pytest.mark.parametrize(
    ("failures", "asked", "pause"),
    [
        (1, None, 15),
        (2, None, 30),
        (5, None, 240),
        (6, None, 300),
        (9999, None, 300),
        (1, 90.0, 90),
        (6, 90.0, 300),
    ],
)
def test_a_failure_is_retried_soon_and_then_ever_more_rarely(
    failures: int, asked: float | None, pause: float
) -> None:
    assert Pace(interval=30, calls_per_minute=60).until_retry(failures, asked=asked) == pause


@pytest.mark.parametrize(("jobs", "calls"), [(0, 1), (99, 1), (100, 2), (250, 3)])
def test_a_list_takes_a_call_for_each_hundred_jobs(jobs: int, calls: int) -> None:
    assert pages(jobs) == calls
