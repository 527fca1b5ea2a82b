"""Measure `visjob serve` at rest, with no, one and a hundred watched jobs.

A test counts how often the bot calls the cloud (tests/watcher/test_at_rest.py).
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.commands import Row
from bench.figures import AtMost, spread
from bench.process import Process, find_free_port
from bench.watch_cloud import utc_now
from bench.watch_serve import settings_of
from bench.watch_store import TEAM
from bench.watch_stub import PROJECT
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, EventFilter, JobTarget, Place, Subscription
from bot.store import migrate, open_store

_ROOT = Path(__file__).parents[1]
_JOBS = 300
_WATCHED = (0, 1, 100)
_POLL_SECONDS = 30
# By then the cards are posted, and the reads follow their usual schedule.
_SETTLING_SECONDS = 45.0
_SECONDS = 90.0
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rest:
    cpu_percent: float
    megabytes_a_minute: float


async def run(rounds: int, *, say: Callable[[str], None]) -> tuple[Row, ...]:
    """Measure each number of watched jobs in `rounds` rounds. Raises NotStarted."""
    found: dict[int, list[_Rest]] = {watched: [] for watched in _WATCHED}
    for number in range(rounds):
        for watched, rests in found.items():
            say(f"round {number + 1} of {rounds}: {watched} watched")
            rests.append(await _rest(watched))
    return tuple(_rows(found))


async def _rest(watched: int) -> _Rest:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stub = find_free_port()
        command = [sys.executable, "-m", "bench.watch_stub", str(stub), str(_JOBS)]
        running = Process(command, {"PYTHONPATH": str(_ROOT)}, folder / "stub.log")
        await stack.enter_context(running).wait_for_port(stub)
        file = folder / "rest.db"
        await _subscribe(f"sqlite:///{file}", watched)
        port = find_free_port()
        settings = settings_of(f"http://127.0.0.1:{stub}", file, port)
        settings["VISJOB_POLL_SECONDS"] = str(_POLL_SECONDS)
        settings["VISJOB_API_CALLS_PER_MINUTE"] = "60"
        serve = Process([sys.executable, "-m", "bot", "serve"], settings, folder / "serve.log")
        bot = stack.enter_context(serve)
        await bot.wait_for_port(port)
        await asyncio.sleep(_SETTLING_SECONDS)
        cpu, written = bot.cpu_seconds, bot.written_bytes
        await asyncio.sleep(_SECONDS)
        return _Rest(
            cpu_percent=(bot.cpu_seconds - cpu) / _SECONDS * 100,
            megabytes_a_minute=(bot.written_bytes - written) / _MEGABYTE / (_SECONDS / 60),
        )


async def _subscribe(url: str, watched: int) -> None:
    await migrate(url)
    store = open_store(url, clock=utc_now)
    for number in range(1, watched + 1):
        await store.subscriptions.subscribe(
            Subscription(
                place=Place(team_id=TEAM, channel_id=f"C0BENCH{number % 50:03}"),
                project_id=PROJECT,
                target=JobTarget(JobId(number)),
                event_filter=EventFilter("all"),
                delivery_mode=DeliveryMode.THREAD,
                created_by="U1",
                created_at=utc_now(),
            ),
            baseline=None,
        )
    await store.close()


def _rows(found: dict[int, list[_Rest]]) -> Iterator[Row]:
    for watched, rests in found.items():
        for what, figures, bar in (
            ("CPU of one core", [one.cpu_percent for one in rests], _CPU[watched]),
            ("written", [one.megabytes_a_minute for one in rests], _WRITTEN),
        ):
            figure = spread(figures)
            name = f"at rest, {watched} of {_JOBS} jobs watched: {what}"
            verdict = bar.judge(figure.median)
            yield Row(what=name, beside="–", figure=figure, bar=bar, verdict=verdict)


_CPU = {
    0: AtMost(must=0.6, aim=0.2, unit="%"),
    1: AtMost(must=0.7, aim=0.3, unit="%"),
    100: AtMost(must=0.8, aim=0.4, unit="%"),
}
_WRITTEN = AtMost(must=0.6, aim=0.2, unit="MB a minute")
