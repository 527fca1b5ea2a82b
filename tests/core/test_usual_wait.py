"""How long jobs usually wait: of which waits both ends were seen, and how many of them count."""

from datetime import timedelta

import pytest

from bot.core.change import Step
from bot.core.job import Phase
from bot.core.usual_wait import Crossing, usual_wait, waits
from tests.make import NOW

MINUTE = timedelta(minutes=1)


def crossing(before: int, after: int, minutes: float, job_id: int = 205) -> Crossing:
    return Crossing(job_id=job_id, step=Step(before, after), seen_at=NOW + minutes * MINUTE)


@pytest.mark.parametrize(
    ("crossings", "spans"),
    [
        ([crossing(-1, 7, 0), crossing(7, 8, 3)], [3]),
        ([crossing(12, 1, 0), crossing(4, 11, 2)], [2]),
        ([crossing(-1, 7, 0), crossing(7, 9, 5), crossing(9, 7, 6), crossing(2, 8, 8)], [2, 5]),
        # a beginning that nobody saw, an end that is to come
        ([crossing(7, 8, 3)], []),
        ([crossing(-1, 7, 0)], []),
        # begun anew unseen: what lasted how long nobody knows
        ([crossing(-1, 7, 0), crossing(7, 7, 2), crossing(7, 8, 5)], [3]),
        # deleted from the queue is an end of waiting, too
        ([crossing(-1, 7, 0), crossing(7, -1, 4)], [4]),
        ([crossing(-1, 7, 0), crossing(-1, 7, 1, 9), crossing(7, 8, 3), crossing(7, 8, 2, 9)],
         [3, 1]),
    ],
)  # fmt: skip
def test_waits_are_those_whose_beginning_and_end_were_seen(
    crossings: list[Crossing], spans: list[float]
) -> None:
    assert waits(crossings, Phase.QUEUED) == tuple(span * MINUTE for span in spans)


def test_the_last_two_hundred_waits_count() -> None:
    crossings = [
        crossing(before, after, 10 * n + (0 if before < 0 else n), n)
        for n in range(250)
        for before, after in ((-1, 7), (7, 8))
    ]

    found = waits(crossings, Phase.QUEUED)

    assert found[0] == 249 * MINUTE
    assert found[-1] == 50 * MINUTE
    assert usual_wait(found) == (50 + 189) * MINUTE


def test_twenty_waits_are_needed_to_know_what_is_usual() -> None:
    assert usual_wait([MINUTE] * 19) is None
    assert usual_wait([n * MINUTE for n in range(20, 0, -1)]) == 19 * MINUTE
