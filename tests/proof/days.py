"""Run simulated days of the real workers in virtual time, and check every promise at the end."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

from bot.core.change import StatusChange
from tests.proof.invariants import Books
from tests.proof.simulation import Day
from tests.proof.virtual_time import START, VirtualLoop, run
from tests.store.world import P1

Kept = TypeVar("Kept")
#: All recorded changes of a day.
Recorded = tuple[StatusChange, ...]


def live(
    make: Callable[[VirtualLoop], Day], look: Callable[[Books, Recorded], Kept]
) -> tuple[Day, Kept]:
    """Run the day that `make` makes and check its books; return the day and what `look` returns of
    them."""
    loop = VirtualLoop()
    day = make(loop)

    async def from_dawn_to_dusk() -> Kept:
        try:
            await day.live()
            history = await day.store.history.changes_since(P1, since=START)
            books = Books(day, history)
            books.check()
            return look(books, history)
        finally:
            await day.close()

    try:
        return day, run(loop, from_dawn_to_dusk())
    finally:
        loop.close()


def each_day(
    seeds: range, live_one: Callable[[int], tuple[Day, Kept]], faults: Counter[str]
) -> Iterator[tuple[int, Day, Kept]]:
    """Run the days of these seeds, and add up their `faults`. The error of a day that fails names
    the seed."""
    for seed in seeds:
        try:
            day, kept = live_one(seed)
        except BaseException as error:
            error.add_note(f"VISJOB_PROOF_SEEDS={seed}")
            raise
        faults += Counter(crashes=day.crashes, database=day.mishaps, slack=day.slack.faults)
        yield seed, day, kept


def fault_words(faults: Counter[str]) -> str:
    """Return the number of faults, in all and by kind, for the table of results."""
    return f"{faults.total()} ({', '.join(f'{n} {what}' for what, n in faults.items())})"
