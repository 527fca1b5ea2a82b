"""Many days in one process leak no memory or files, and the program always stops in time.

`python -m tests.proof.soak` runs 30 days and 200 stops.
"""

import pytest

from tests.proof.extent import IS_FULL, Results
from tests.proof.soak import STOP_SECONDS, WARM_DAYS, growth, live_days, stop_after

DAYS = 30 if IS_FULL else WARM_DAYS + 2
STOPS = 200 if IS_FULL else 1
#: Beyond the seeds of the other tests in virtual time.
FIRST_SEED = 20_002
#: Megabytes a day: far below one an hour. The short limit is higher, because a heap fluctuates.
MOST_GROWTH = 4.0 if IS_FULL else 8.0


@pytest.mark.timeout(3 * 3600 if IS_FULL else 900)
def test_day_after_day_nothing_is_left_behind(results: Results) -> None:
    days = list(live_days(range(FIRST_SEED, FIRST_SEED + DAYS)))

    warm = days[WARM_DAYS:]
    assert len({day.open_files for day in warm}) == 1, [day.open_files for day in days]
    assert growth(days) < MOST_GROWTH, [round(day.megabytes, 1) for day in days]
    results.add(
        "days with faults in one process, begun anew each day",
        f"{DAYS} days, {sum(day.messages for day in days)} messages; {growth(days):+.2f} MB a day,"
        f" {warm[-1].open_files} open files each day",
        faults=str(sum(day.faults for day in days)),
    )


@pytest.mark.timeout(3 * 3600 if IS_FULL else 900)
async def test_sigterm_ends_it_in_time_whatever_is_under_way(results: Results) -> None:
    took = [await stop_after(1 + number % 3, number) for number in range(STOPS)]

    results.add(
        "SIGTERM while people ask in the storm",
        f"{len(took)} of {STOPS} within {STOP_SECONDS:.0f} s",
        worst=f"{max(took):.0f} s to stop",
    )
