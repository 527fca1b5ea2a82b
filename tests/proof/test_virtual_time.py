"""Whole days of the real workers in seconds: virtual time, seeded weather, every promise checked.

`VISJOB_SEED=n` replays one day exactly; `VISJOB_PROOF=full` lives 500 of them.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.proof.invariants import Books
from tests.proof.simulation import TEAM, Day, Weather
from tests.proof.virtual_time import MEMORY, START, VirtualLoop, run

IS_FULL = os.environ.get("VISJOB_PROOF") == "full"
SEEDS = (
    [int(os.environ["VISJOB_SEED"])]
    if "VISJOB_SEED" in os.environ
    else range(500 if IS_FULL else 5)
)

CALM = Weather()
WIND = Weather(slack=0.1, cloud=0.1, database=0.0003, crashes=10, evictions=1)
STORM = Weather(slack=0.3, cloud=0.3, database=0.001, crashes=40, outages=2, evictions=2)
#: Slack shows posts later than anybody may expect of it.
LATE = Weather(slack=0.3, cloud=0.1, crashes=20, lateness=240)
WEATHERS = (STORM, LATE, WIND, CALM, STORM)


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="visjob-days-", dir=MEMORY) as made:
        yield Path(made)


def live(seed: int, folder: Path) -> Day:
    """Live one day, and hold it to every promise."""
    weather = WEATHERS[seed % len(WEATHERS)]
    loop = VirtualLoop()
    day = Day(loop, seed, weather, folder)

    async def from_dawn_to_dusk() -> None:
        try:
            await day.live()
            history = await day.store.ledger.history(TEAM, since=START)
            books = Books(day, history)
            books.check()
            if weather is CALM:
                books.nothing_was_missed()
                books.deletions_are_told_in_time()
        finally:
            await day.close()

    try:
        run(loop, from_dawn_to_dusk())
    finally:
        loop.close()
    return day


@pytest.mark.timeout(36_000 if IS_FULL else 300)
def test_whatever_a_day_brings_each_change_is_told_once_in_order_and_is_true(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    totals: Counter[str] = Counter()
    for seed in SEEDS:
        try:
            day = live(seed, folder)
        except BaseException as error:
            error.add_note(f"VISJOB_SEED={seed}")
            raise
        totals += Counter(
            told=sum(len(message.told) for message in day.slack.messages),
            crashes=day.crashes,
            database_faults=day.mishaps,
            slack_faults=day.slack.faults,
            copies_made_and_deleted=day.slack.deleted_copies,
        )

    with capsys.disabled():
        print(f"\n{len(SEEDS)} days of 24 h: {dict(totals)}")  # noqa: T201 - the proof's n
    if len(SEEDS) > 1:
        assert min(totals.values()) > 0
        assert len(totals) == 5


def test_the_same_seed_lives_the_same_day(folder: Path) -> None:
    first = live(3, folder)
    (folder / "again").mkdir()
    second = live(3, folder / "again")

    assert first.slack.messages == second.slack.messages
