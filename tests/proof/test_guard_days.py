"""Whole days with the guard on: marks, leases that end in outages, downtime over several marks,
and marks that a job passed while its place was held.

`VISJOB_PROOF=full` runs 2,000 days, `VISJOB_PROOF_SEEDS=500-1000` those of these seeds.
"""

from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.core.guard import GuardRules
from tests.proof.days import Recorded, each_day, fault_words, live
from tests.proof.extent import IS_FULL, Results, seeds
from tests.proof.guard_books import GuardBooks
from tests.proof.invariants import Books
from tests.proof.simulation import Day, Weather

SEEDS = seeds(short=3, full=2_000)
#: With holds: in the short version only a day of the worst weather, in which marks give way to
#: higher ones.
HELD = SEEDS if IS_FULL else range(5, 6)
ENOUGH = 10
RULES = GuardRules(hours=(1, 2, 3, 5), stuck_after=timedelta(minutes=15))

CALM = Weather()
WIND = Weather(slack=0.1, cloud=0.1, database=0.0003, crashes=10, outages=1)
STORM = Weather(slack=0.3, cloud=0.3, database=0.001, crashes=40, outages=3, evictions=1)
WEATHERS = (CALM, WIND, STORM)


def live_one(seed: int, folder: Path, *, has_holds: bool = False) -> tuple[Day, GuardBooks]:
    """Run one day, and check every promise, also those of the guard."""
    weather = WEATHERS[seed % len(WEATHERS)]

    def look(books: Books, history: Recorded) -> GuardBooks:
        guarded = GuardBooks(books.day, history)
        guarded.check()
        if weather is CALM:
            guarded.every_mark_is_told()
        return guarded

    return live(
        lambda loop: Day(loop, seed, weather, folder, rules=RULES, has_holds=has_holds), look
    )


@pytest.mark.timeout(12 * 3600 if IS_FULL else 900)
def test_whatever_a_day_brings_each_mark_and_each_end_of_a_lease_is_told_once(
    folder: Path, results: Results
) -> None:
    kinds: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for _, _, books in each_day(SEEDS, partial(live_one, folder=folder), faults):
        kinds.update(one.kind for one in books.told)
    results.add(
        f"guarded days, seeds {SEEDS[0]} to {SEEDS[-1]}",
        f"{len(SEEDS)} days of 24 h, {_notices(kinds)}",
        faults=fault_words(faults),
    )
    if len(SEEDS) >= ENOUGH:
        assert min(kinds["cost"], kinds["lease_over"]) > 0
        assert len(faults) == 3


@pytest.mark.timeout(12 * 3600 if IS_FULL else 900)
def test_what_quiet_hours_digests_and_snoozes_let_go_is_the_highest_mark_of_each_run(
    folder: Path, results: Results
) -> None:
    kinds: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    given_way = overtaken = 0
    live_held = partial(live_one, folder=folder, has_holds=True)
    for _, _, books in each_day(HELD, live_held, faults):
        kinds.update(one.kind for one in books.told)
        given_way += len(books.given_way)
        overtaken += len(books.overtaken)
    results.add(
        f"guarded days with holds, seeds {HELD[0]} to {HELD[-1]}",
        f"{len(HELD)} days of 24 h, {_notices(kinds)}, {given_way} gave way to a higher mark, "
        f"{overtaken} to the end of what they tell of",
        faults=fault_words(faults),
    )
    if HELD is not SEEDS or len(HELD) >= ENOUGH:
        assert given_way > 0
        assert overtaken > 0


def _notices(kinds: Counter[str]) -> str:
    counts = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    return f"{kinds.total()} guard notices ({counts})"
