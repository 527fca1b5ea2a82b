"""Run one measurement of watching in its own process: `python -m bench.watch_load NAME ADDRESS`.

It prints one JSON object: CPU seconds, wall seconds, and other counts.
"""

import json
import sys
import tempfile
from collections.abc import Awaitable, Callable

import uvloop

from bench import watch_cloud, watch_posts, watch_raw, watch_store, watch_ticks
from bench.meter import Measured
from bot.serve.app import tune_garbage_collector

Measure = Callable[[str], Awaitable[Measured]]


async def _claim_sqlite(_: str) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        return await watch_store.claim(f"sqlite:///{folder}/b.db")


#: Each function takes the URL of the stub, or of an empty PostgreSQL database.
MEASUREMENTS: dict[str, Measure] = {
    "sweep": watch_cloud.sweep,
    "naive": watch_cloud.naive,
    "floor": watch_cloud.floor,
    "poll": watch_store.poll,
    "claim": _claim_sqlite,
    "claim-raw": watch_raw.claim_sqlite,
    "claim-pg": watch_store.claim,
    "claim-pg-raw": watch_raw.claim_postgresql,
    "fan-out": watch_store.fan_out,
    "tick": watch_ticks.tick_for_all,
    "jobs": watch_ticks.job_for_each,
    "post": watch_posts.ours,
    "post-stock": watch_posts.stock,
}


async def _run(measure: Measure, url: str) -> Measured:
    return await measure(url)


def main() -> None:
    """Run the measurement that the first argument names; the second is its URL."""
    name, url = sys.argv[1:]
    tune_garbage_collector()  # as `serve` does
    print(json.dumps(uvloop.run(_run(MEASUREMENTS[name], url))))


if __name__ == "__main__":
    main()
