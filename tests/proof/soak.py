"""Run many days in one process: measure its memory and open files, and the time that stops take.

    python -m tests.proof.soak               # 30 days with faults, then 200 stops of `serve`
    python -m tests.proof.soak 5 10          # 5 days, 10 stops

Each day is one of tests/proof/simulation.py: the real workers and store, in virtual time, with
crashes and with a failing cloud, Slack and database. The process stays, but each day begins with a
new store and new workers. The stops are of the real program, under load and while Slack fails.
"""

import asyncio
import resource
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import structlog

from bot.demo.workspace.cast import EXPERIMENTS
from tests.cli.outside import Outside, opened
from tests.databases import MEMORY, sqlite_migrated
from tests.program import start, until_answers
from tests.proof.storm import Storm
from tests.proof.test_virtual_time import live_one

#: Days to ignore: during them the process imports and caches what it keeps for good.
WARM_DAYS = 1
#: The longest time that a stop by SIGTERM may take.
STOP_SECONDS = 25.0
_PEOPLE = 4
_FDS = Path("/proc/self/fd")
_STATM = Path("/proc/self/statm")
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the process held after a day, and the day's messages and faults."""

    megabytes: float
    open_files: int
    messages: int
    faults: int


def live_days(seeds: range) -> Iterator[Day]:
    """Run the days of these seeds, check every promise of each, and yield their figures."""
    for seed in seeds:
        with TemporaryDirectory(prefix="visjob-soak-", dir=MEMORY) as folder:
            day, _ = live_one(seed, Path(folder))
        yield Day(
            megabytes=int(_STATM.read_text().split()[1]) * resource.getpagesize() / _MEGABYTE,
            open_files=sum(1 for _ in _FDS.iterdir()),
            messages=len(day.slack.messages),
            faults=day.crashes + day.mishaps + day.slack.faults,
        )


def growth(days: list[Day]) -> float:
    """Return the megabytes that the process grows by a day: the slope of a fitted line."""
    warm = [day.megabytes for day in days[WARM_DAYS:]]
    middle, mean = (len(warm) - 1) / 2, sum(warm) / len(warm)
    spread = sum((number - middle) ** 2 for number in range(len(warm)))
    return sum((n - middle) * (held - mean) for n, held in enumerate(warm)) / spread


async def stop_after(seconds: float, number: int) -> float:
    """Start `serve`, let people ask in a storm for so long, and stop it; return the stop's seconds.

    Raises TimeoutError if the stop takes longer than STOP_SECONDS.
    """
    async with _serving(number) as (outside, process):
        asking = [asyncio.ensure_future(_ask(outside)) for _ in range(_PEOPLE)]
        await asyncio.sleep(seconds)
        began = perf_counter()
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.communicate(), STOP_SECONDS)
        finally:
            took = perf_counter() - began
            for one in asking:
                one.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        assert process.returncode == 0, process.returncode
        return took


@asynccontextmanager
async def _serving(number: int) -> AsyncIterator[tuple[Outside, asyncio.subprocess.Process]]:
    with TemporaryDirectory(prefix="visjob-soak-", dir=MEMORY) as folder:
        (Path(folder) / "visjob.db").write_bytes(sqlite_migrated())
        async with opened(Path(folder)) as outside:
            port = outside.env["PORT"]
            outside.workspace.request_url = f"http://127.0.0.1:{port}/slack/events"
            env = outside.env | {
                "VISJOB_POLL_SECONDS": "5",
                "VISJOB_API_TIMEOUT_SECONDS": "10",
                "VISJOB_SLACK_TIMEOUT_SECONDS": "10",
            }
            process = await start("serve", env=env)
            try:
                await until_answers(env, 200)
                outside.workspace.faults.choose_with(Storm(number).choose)
                yield outside, process
            finally:
                with suppress(ProcessLookupError):
                    process.kill()


async def _ask(outside: Outside) -> None:
    while True:
        with suppress(Exception):  # a bot that is stopping need not answer
            await outside.workspace.type(EXPERIMENTS, "/visjob list")
            await outside.workspace.type(EXPERIMENTS, "/visjob subscribe 205")
        await asyncio.sleep(0.05)


def _main(days: int, stops: int) -> None:
    lived: list[Day] = []
    print("| day | MB | open files | messages | faults |\n|---|---|---|---|---|")  # noqa: T201
    for day in live_days(range(days)):
        lived.append(day)
        row = (len(lived), f"{day.megabytes:.1f}", day.open_files, day.messages, day.faults)
        print(f"| {' | '.join(map(str, row))} |", flush=True)  # noqa: T201
    print(f"{growth(lived):+.3f} MB a day; nothing lost, nothing doubled.")  # noqa: T201
    took = [asyncio.run(stop_after(1 + number % 3, number)) for number in range(stops)]
    if took:
        print(f"{len(took)} of {stops} stops in time, the longest {max(took):.1f} s.")  # noqa: T201


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    given = [int(one) for one in sys.argv[1:]]
    _main(given[0] if given else 30, given[1] if given[1:] else 200)
