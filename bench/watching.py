"""The bars for watching: each measurement a process of its own, a few rounds, interleaved."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.commands import Row
from bench.figures import AtLeast, AtMost, Spread, spread
from bench.process import NotStarted, Process, find_free_port

_ROOT = Path(__file__).parents[1]
_JOBS = 100_000
_TOO_LONG_SECONDS = 300

#: In this order in every round; what is compared stands side by side.
_NAMES = (
    "naive",
    "sweep",
    "floor",
    "poll",
    "claim-raw",
    "claim",
    "fan-out",
)

#: By name, what each round measured.
Found = Mapping[str, Sequence[Mapping[str, float]]]


async def run(rounds: int, *, say: Callable[[str], None]) -> tuple[Row, ...]:
    """Measure everything so many times. Raises NotStarted."""
    found: dict[str, list[Mapping[str, float]]] = {name: [] for name in _NAMES}
    with tempfile.TemporaryDirectory() as folder:
        port = find_free_port()
        command = [sys.executable, "-m", "bench.watch_stub", str(port), str(_JOBS)]
        with Process(command, {"PYTHONPATH": str(_ROOT)}, Path(folder) / "stub.log") as stub:
            await stub.wait_for_port(port)
            for number in range(rounds):
                for name in _NAMES:
                    say(f"round {number + 1} of {rounds}: {name}")
                    found[name].append(_measure(name, f"http://127.0.0.1:{port}"))
                    await asyncio.sleep(0)
    return tuple(_rows(found))


def _measure(name: str, url: str) -> Mapping[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.watch_load", name, url],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=_TOO_LONG_SECONDS,
    )
    if done.returncode:
        raise NotStarted(f"{name}: {done.stderr[-2000:]}")
    measured: Mapping[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _rows(found: Found) -> Iterator[Row]:
    bar: AtLeast | AtMost
    bar = AtLeast(must=150, aim=400)
    figure = _times(found, "naive", "sweep")
    yield _row("sweep of 100k jobs in pages, per job: CPU", "httpx, one GET each", figure, bar)
    bar = AtMost(must=25, aim=8, unit="× the floor")
    figure = _times(found, "poll", "floor")
    yield _row("whole poll of 100k unchanged watches: CPU", "the same bytes, unread", figure, bar)
    bar = AtLeast(must=0.4, aim=0.75)
    figure = _times(found, "claim-raw", "claim")
    yield _row("claim and push on, SQLite: CPU", "sqlite3", figure, bar)
    bar = AtMost(must=0.5, aim=0.1, unit="s")
    figure = spread([one["wall"] for one in found["fan-out"]])
    yield _row("one change for 10,000 places, and their cards", "–", figure, bar)


def _times(found: Found, more: str, less: str, *, by: str = "each") -> Spread:
    """How many times as much one takes as the other, round by round."""
    pairs = zip(found[more], found[less], strict=True)
    return spread([_cost(one, by) / _cost(other, by) for one, other in pairs])


def _cost(measured: Mapping[str, float], by: str) -> float:
    return measured["cpu"] if by == "cpu" else measured["cpu"] / measured["count"]


def _row(what: str, beside: str, figure: Spread, bar: AtLeast | AtMost) -> Row:
    return Row(what=what, beside=beside, figure=figure, bar=bar, verdict=bar.judge(figure.median))
