"""Measure `visjob serve` with 10,000 watched jobs that change, and 50 commands a second."""

import asyncio
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from statistics import quantiles
from urllib.request import urlopen

from sqlalchemy import insert

from bench.commands import Row
from bench.figures import AtMost, Verdict, spread
from bench.load import put_load
from bench.machine import QUIET_ENOUGH, find_spin_gap
from bench.process import NotStarted, Process, find_free_port
from bench.slash import SIGNING_SECRET, sign_each
from bench.watch_serve import settings_of
from bench.watch_store import filled, subscription_row
from bot.store.database.tables import subscription

_ROOT = Path(__file__).parents[1]
_WATCHES = 10_000
_POLL_SECONDS = 30
#: The bar: how many seconds after the poll that sees a change its message may come.
_LATE_SECONDS = 3.0
_CHANNELS = 200
_ASKS_A_SECOND = 50
# By then everything was read once, and the load begins; it ends after the last change was posted.
_SETTLING_SECONDS = 40.0
_SECONDS = 60.0
_STALL = re.compile(r'visjob_loop_stall_seconds_bucket\{le="([0-9.+Inf]+)"\} ([0-9.]+)')

Loaded = dict[str, float]


async def run(rounds: int, *, say: Callable[[str], None]) -> tuple[Row, ...]:
    """Measure in `rounds` rounds. Raises NotStarted, WrongAnswer."""
    found = []
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        found.append(await _load())
    is_quiet = find_spin_gap() <= QUIET_ENOUGH
    return tuple(_rows(found, is_quiet=is_quiet))


async def _load() -> Loaded:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stub = find_free_port()
        said = folder / "stub.log"
        command = [sys.executable, "-m", "bench.changing_stub", str(stub), str(_WATCHES)]
        running = Process(command, {"PYTHONPATH": str(_ROOT)}, said)
        await stack.enter_context(running).wait_for_port(stub)
        file = folder / "load.db"
        await _subscribe_all(file)
        port = find_free_port()
        settings = settings_of(f"http://127.0.0.1:{stub}", file, port) | {
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "VISJOB_POLL_SECONDS": str(_POLL_SECONDS),
        }
        serve = Process([sys.executable, "-m", "bot", "serve"], settings, folder / "serve.log")
        bot = stack.enter_context(serve)
        await bot.wait_for_port(port)
        await asyncio.sleep(_SETTLING_SECONDS)
        asked = await _ask(port)
        await asyncio.sleep(_POLL_SECONDS)
        return {
            "ack": quantiles(asked, n=1000)[989],
            "shown": _late(said.read_text()),
            "stall": await asyncio.to_thread(_longest_stall, port),
            "memory": bot.resident_bytes / 1_000_000,
        }


async def _subscribe_all(file: Path) -> None:
    store = await filled(f"sqlite:///{file}", _WATCHES)
    rows = [subscription_row(f"C0BENCH{n % _CHANNELS:03}", n) for n in range(1, _WATCHES + 1)]
    with store._database.begin() as transaction:
        transaction.connection.execute(insert(subscription), rows)
    await store.close()


async def _ask(port: int) -> list[float]:
    """Send commands at a steady rate, and return the seconds that each answer took."""
    loop, took = asyncio.get_running_loop(), list[float]()
    asks = sign_each(_texts())
    under_way = set[asyncio.Task[None]]()
    began = loop.time()

    async def one() -> None:
        load = await put_load(port, iter([next(asks)]), connections=1)
        took.extend(load.latencies)

    for number in range(int(_ASKS_A_SECOND * _SECONDS)):
        await asyncio.sleep(max(began + number / _ASKS_A_SECOND - loop.time(), 0.0))
        under_way.add(asyncio.ensure_future(one()))
    await asyncio.gather(*under_way)
    return took


def _texts() -> Iterator[tuple[str, str]]:
    """Yield texts of commands; every other one reads a job."""
    for number in count():
        if number % 2:
            yield "help", "Last job"
        else:
            job_id = 1 + number * 7 % _WATCHES
            yield str(job_id), f"run-{job_id}"


def _late(said: str) -> float:
    """Return the p99 of the time from a change to its post, less one poll, in seconds; inf if a
    change was never posted."""
    changed: dict[str, float] = {}
    late = []
    for line in said.splitlines():
        what, job, at = line.split()
        if what == "changed":
            changed[job] = float(at)
        elif job in changed:
            late.append(float(at) - changed.pop(job) - _POLL_SECONDS)
    last = max(changed.values(), default=0.0)
    first_untold = min(changed.values(), default=last)
    # The last changes before the end had no time to be posted.
    if last - first_untold > _POLL_SECONDS + _LATE_SECONDS:
        return float("inf")
    if len(late) < 2:
        raise NotStarted("hardly a change was told")
    # There are only some dozen values, so this p99 is close to the latest one.
    return quantiles(late, n=100, method="inclusive")[98]


def _longest_stall(port: int) -> float:
    """Return the upper bound of the highest bucket with a stall in the bot's histogram, in ms."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        page = answer.read().decode()
    buckets = [(float(end), float(held)) for end, held in _STALL.findall(page)]
    total = buckets[-1][1]
    return min(end for end, held in buckets if held == total) * 1000


def _rows(found: list[Loaded], *, is_quiet: bool) -> Iterator[Row]:
    for what, name, bar in _BARS:
        figure = spread([one[name] for one in found])
        is_judged = is_quiet or name == "memory"
        verdict = bar.judge(figure.median) if is_judged else Verdict.NOT_JUDGED
        yield Row(what=what, beside="–", figure=figure, bar=bar, verdict=verdict)


_BARS = (
    ("10k watches, 30 s poll, 50 commands/s: ack p99", "ack", AtMost(must=0.5, aim=0.1, unit="s")),
    ("from a change to its message beyond the poll, p99", "shown",
     AtMost(must=_LATE_SECONDS, aim=1.5, unit="s")),
    ("longest stall of the loop, end of its bucket", "stall",
     AtMost(must=250, aim=50, unit="ms")),
    ("memory", "memory", AtMost(must=200, aim=200, unit="MB")),
)  # fmt: skip
