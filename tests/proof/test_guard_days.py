"""Whole days with the guard on: marks, leases that end in outages, downtime over several marks.

`VISJOB_PROOF=full` lives 2,000 of them, `VISJOB_PROOF_SEEDS=500-1000` those.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.core.guard import GuardRules
from tests.databases import MEMORY
from tests.proof.extent import IS_FULL, Results, seeds
from tests.proof.guard_books import GuardBooks
from tests.proof.invariants import Books
from tests.proof.simulation import Day, Weather
from tests.proof.virtual_time import START, VirtualLoop, run
from tests.store.world import P1

SEEDS = seeds(short=3, full=2_000)
ENOUGH = 10
RULES = GuardRules(hours=(1, 2, 3, 5), stuck_after=timedelta(minutes=15))

CALM = Weather()
WIND = Weather(slack=0.1, cloud=0.1, database=0.0003, crashes=10, outages=1)
STORM = Weather(slack=0.3, cloud=0.3, database=0.001, crashes=40, outages=3, evictions=1)
WEATHERS = (CALM, WIND, STORM)


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="visjob-guarded-days-", dir=MEMORY) as made:
        yield Path(made)


def live(seed: int, folder: Path) -> tuple[Day, GuardBooks]:
    """Live one day, and hold it to every promise, those of the guard too."""
    weather = WEATHERS[seed % len(WEATHERS)]
    loop = VirtualLoop()
    day = Day(loop, seed, weather, folder, rules=RULES)
    kept: list[GuardBooks] = []

    async def from_dawn_to_dusk() -> None:
        try:
            await day.live()
            history = await day.store.history.changes_since(P1, since=START)
            Books(day, history).check()
            kept.append(GuardBooks(day, history))
            kept[0].check()
            if weather is CALM:
                kept[0].every_mark_is_told()
        finally:
            await day.close()

    try:
        run(loop, from_dawn_to_dusk())
    finally:
        loop.close()
    return day, kept[0]


@pytest.mark.timeout(12 * 3600 if IS_FULL else 300)
def test_whatever_a_day_brings_each_mark_and_each_end_of_a_lease_is_told_once(
    folder: Path, results: Results
) -> None:
    kinds: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for seed in SEEDS:
        try:
            day, books = live(seed, folder)
        except BaseException as error:
            error.add_note(f"VISJOB_PROOF_SEEDS={seed}")
            raise
        kinds.update(one.kind for one in books.told)
        faults += Counter(crashes=day.crashes, database=day.mishaps, slack=day.slack.faults)
    results.add(
        f"guarded days, seeds {SEEDS[0]} to {SEEDS[-1]}",
        f"{len(SEEDS)} days of 24 h, {kinds.total()} guard notices "
        f"({', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items()))})",
        faults=f"{faults.total()} ({', '.join(f'{n} {what}' for what, n in faults.items())})",
    )
    if len(SEEDS) >= ENOUGH:
        assert min(kinds["cost"], kinds["lease_over"]) > 0
        assert len(faults) == 3
