"""`python -m bench commands|watching`: what the bot costs beside others, as a Markdown table."""

import argparse
import sys

import uvloop

from bench import watching
from bench.commands import run
from bench.figures import Verdict
from bench.load import WrongAnswer
from bench.process import NotStarted
from bench.rounds import Pace, say_to_terminal
from bench.table import bars, markdown


def main() -> None:
    """Measure and print. Exits 1 if a bar is missed, or a server does not do its work."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", choices=["commands", "watching"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each round")
    parser.add_argument("--warm-up", type=float, default=10.0, help="seconds for each server")
    given = parser.parse_args()
    pace = Pace(rounds=given.rounds, seconds=given.seconds, warm_up_seconds=given.warm_up)
    try:
        if given.what == "watching":
            _print_watching(given.rounds)
            return
        outcome = uvloop.run(run(pace, say=say_to_terminal))
    except (NotStarted, WrongAnswer) as error:
        sys.exit(f"No figures: {error}")
    print(markdown(outcome))
    sys.exit(0 if outcome.is_good else 1)


def _print_watching(rounds: int) -> None:
    rows = uvloop.run(watching.run(rounds, say=say_to_terminal))
    print("\n".join(bars(rows)))
    sys.exit(0 if all(row.verdict is not Verdict.MISSED for row in rows) else 1)


if __name__ == "__main__":
    main()
