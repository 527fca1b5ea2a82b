"""Measure the memory and the start of `visjob serve` with many watched jobs."""

import asyncio
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.meter import Measured
from bench.process import Process, find_free_port
from bench.watch_store import filled
from bench.watch_stub import PROJECT

_ROOT = Path(__file__).parents[1]
_WATCHES = 100_000
_AT_START = 50_000
_STARTS = 3
# By then the list was read, and every watched job was recorded, several times.
_SETTLING_SECONDS = 25.0
_MEGABYTE = 1_000_000


async def measure_serve(stub: str, folder: Path) -> dict[str, Measured]:
    """Measure memory with none and all of 100,000 jobs watched, and starts with none and half."""
    empty, full, half = folder / "empty.db", folder / "full.db", folder / "half.db"
    for file, watches in ((empty, 0), (full, _WATCHES), (half, _AT_START)):
        file.unlink(missing_ok=True)
        ahead = 0 if watches == _WATCHES else 60
        await (await filled(f"sqlite:///{file}", watches, minutes_ahead=ahead)).close()
    without, with_all = await _held(stub, empty), await _held(stub, full)
    starts = {file: [await _start(stub, file) for _ in range(_STARTS)] for file in (empty, half)}
    return {
        "serve": {
            "per_10k": (with_all - without) / _MEGABYTE / (_WATCHES / 10_000),
            "megabytes": with_all / _MEGABYTE,
            "start": median(starts[half]) - median(starts[empty]),
        }
    }


async def _held(stub: str, file: Path) -> int:
    """Return the memory in bytes after the bot has read and recorded the whole list."""
    port = find_free_port()
    with _serving(stub, file, port) as bot:
        await bot.wait_for_port(port)
        await asyncio.sleep(_SETTLING_SECONDS)
        return bot.resident_bytes


async def _start(stub: str, file: Path) -> float:
    port = find_free_port()
    began = perf_counter()
    with _serving(stub, file, port) as bot:
        await bot.wait_for_port(port)
        return perf_counter() - began


def _serving(stub: str, file: Path, port: int) -> Process:
    settings = settings_of(stub, file, port)
    return Process([sys.executable, "-m", "bot", "serve"], settings, file.with_suffix(".log"))


def settings_of(stub: str, file: Path, port: int) -> dict[str, str]:
    """Return the environment of a bot on this file that listens on this port."""
    return {
        "PYTHONPATH": str(_ROOT),
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{file}",
        "SLACK_BOT_TOKEN": "xoxb-1-bench",
        "SLACK_SIGNING_SECRET": "bench",
        "SLACK_API_URL": f"{stub}/api/",
        "MODELARTS_ENDPOINT": stub,
        "MODELARTS_PROJECT_ID": PROJECT,
        "MODELARTS_ACCESS_KEY": "A" * 20,
        "MODELARTS_SECRET_KEY": "s" * 40,
        "VISJOB_API_CALLS_PER_MINUTE": "0",
        "VISJOB_POLL_SECONDS": "10",
    }
