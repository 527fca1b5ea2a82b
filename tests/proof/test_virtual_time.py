"""Whole days of the real workers in virtual time, with random faults; every promise is checked.

`VISJOB_PROOF=full` runs 10,000 days, `VISJOB_PROOF_SEEDS=500-1000` those of these seeds; a seed
replays its day exactly.
"""

from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from bot.core.delivery import CardDelivery
from tests.proof.cloud_of_stories import elapsed_at
from tests.proof.days import Recorded, each_day, fault_words, live
from tests.proof.extent import IS_FULL, Results, seeds
from tests.proof.invariants import Books
from tests.proof.simulation import Day, Weather

SEEDS = seeds(short=3, full=10_000)
ENOUGH = 4
#: Days after which an extra copy was surely posted, found and deleted.
MANY = 200

CALM = Weather()
WIND = Weather(slack=0.1, cloud=0.1, database=0.0003, crashes=10, evictions=1)
STORM = Weather(slack=0.3, cloud=0.3, database=0.001, crashes=40, outages=1, evictions=2)
#: Slack shows posts later than the protocol assumes.
LATE = Weather(slack=0.3, cloud=0.1, crashes=20, lateness=240)
WEATHERS = (STORM, LATE, WIND, CALM, STORM)


def live_one(seed: int, folder: Path) -> tuple[Day, None]:
    """Run one day, and check every promise."""
    weather = WEATHERS[seed % len(WEATHERS)]

    def look(books: Books, _: Recorded) -> None:
        if weather is CALM:
            books.nothing_was_missed()
            books.deletions_are_told_in_time()

    return live(lambda loop: Day(loop, seed, weather, folder), look)


@pytest.mark.timeout(12 * 3600 if IS_FULL else 900)
def test_whatever_a_day_brings_each_change_is_told_once_in_order_and_is_true(
    folder: Path, results: Results
) -> None:
    told: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    worst = 0.0
    for seed, day, _ in each_day(SEEDS, partial(live_one, folder=folder), faults):
        told["changes"] += sum(len(message.told) for message in day.slack.messages)
        told["copies deleted"] += day.slack.deleted_copies
        if seed % len(WEATHERS) == WEATHERS.index(CALM):
            worst = max(worst, delay(day))

    results.add(
        f"virtual time, seeds {SEEDS[0]} to {SEEDS[-1]}",
        f"{len(SEEDS)} days of 24 h, {told['changes']} messages of changes",
        faults=fault_words(faults),
        worst=f"{worst:.0f} s where nothing fails",
    )
    if len(SEEDS) >= ENOUGH:
        assert min(told["changes"], *faults.values()) > 0
        assert len(faults) == 3
    if len(SEEDS) >= MANY:
        assert told["copies deleted"] > 0


def delay(day: Day) -> float:
    """Return the longest time from when a change was seen until it was shown, in seconds."""
    return max(
        (
            message.shown_at - elapsed_at(change.seen_at)
            for message in day.slack.live()
            if not isinstance(message.delivery, CardDelivery)
            for change in message.delivery.changes
        ),
        default=0.0,
    )


def test_the_same_seed_lives_the_same_day(folder: Path) -> None:
    first, _ = live_one(3, folder)
    (folder / "again").mkdir()
    second, _ = live_one(3, folder / "again")

    assert first.slack.messages == second.slack.messages
