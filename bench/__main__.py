"""`python -m bench commands|load|rest|watching`: what the bot costs, as a Markdown table."""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol

import uvloop

from bench import rest, under_load, watching
from bench.commands import Row, run
from bench.figures import Verdict
from bench.load import WrongAnswer
from bench.process import NotStarted
from bench.rounds import Pace, say_to_terminal
from bench.table import bars, markdown


class Measure(Protocol):
    """Measures its rows in the given number of rounds."""

    async def __call__(self, rounds: int, *, say: Callable[[str], None]) -> tuple[Row, ...]: ...


def main() -> None:
    """Measure, and print the table. Exits with 1 if a bar is missed or an answer is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", choices=["commands", "load", "rest", "watching"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each round")
    parser.add_argument("--warm-up", type=float, default=10.0, help="seconds for each server")
    given = parser.parse_args()
    pace = Pace(rounds=given.rounds, seconds=given.seconds, warm_up_seconds=given.warm_up)
    try:
        if given.what in _MEASURES:
            _print(_MEASURES[given.what], given.rounds)
        outcome = uvloop.run(run(pace, say=say_to_terminal))
    except (NotStarted, WrongAnswer) as error:
        sys.exit(f"No figures: {error}")
    print(markdown(outcome))
    sys.exit(0 if outcome.is_good else 1)


_MEASURES: Mapping[str, Measure] = {
    "load": under_load.run,
    "rest": rest.run,
    "watching": watching.run,
}


def _print(measure: Measure, rounds: int) -> NoReturn:
    rows = uvloop.run(_rows(measure, rounds))
    print("\n".join(bars(rows)))
    sys.exit(0 if all(row.verdict is not Verdict.MISSED for row in rows) else 1)


async def _rows(measure: Measure, rounds: int) -> tuple[Row, ...]:
    return await measure(rounds, say=say_to_terminal)


if __name__ == "__main__":
    main()
