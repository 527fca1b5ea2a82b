"""Start the bot and its peers, and find out which peers cannot run here."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.process import Process, find_free_port
from bench.slash import SIGNING_SECRET
from bench.stub import PROJECT

BOT = "VisJob"
BOLT_JS = "@slack/bolt"
RAW = "raw aiohttp"
STOCK = "stock AsyncApp"

_ROOT = Path(__file__).parents[1]
_NODE = Path(__file__).parent / "peers" / "node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that was started."""

    name: str
    port: int
    process: Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folder for the files of a run, and the port of the stub."""

    folder: Path
    stub_port: int

    @property
    def card(self) -> Path:
        """The file with the fixed card, which every peer answers with."""
        return self.folder / "card.json"


@contextmanager
def stub_running(folder: Path) -> Iterator[tuple[int, Process]]:
    """Run the stub that stands in for Slack and the cloud; yield its port and process."""
    port = find_free_port()
    command = [sys.executable, "-m", "bench.stub", str(port)]
    with Process(command, {"PYTHONPATH": str(_ROOT)}, folder / "stub.log") as process:
        yield port, process


@contextmanager
def bot_running(place: Place) -> Iterator[Server]:
    """Run `visjob serve` on a new SQLite file."""
    port = find_free_port()
    stub = f"http://127.0.0.1:{place.stub_port}"
    settings = {
        "PYTHONPATH": str(_ROOT),
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{place.folder}/{port}.db",
        "SLACK_BOT_TOKEN": "xoxb-1-bench",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{stub}/api/",
        "MODELARTS_ENDPOINT": stub,
        "MODELARTS_PROJECT_ID": PROJECT,
        "MODELARTS_IAM_ENDPOINT": stub,
        "MODELARTS_USERNAME": "bench",
        "MODELARTS_PASSWORD": "bench-password",
        "MODELARTS_DOMAIN": "bench",
        "VISJOB_API_CALLS_PER_MINUTE": "0",
    }
    command = [sys.executable, "-m", "bot", "serve"]
    with Process(command, settings, place.folder / f"{port}.log") as process:
        yield Server(name=BOT, port=port, process=process)


@contextmanager
def peers_running(place: Place) -> Iterator[tuple[list[Server], dict[str, str]]]:
    """Run every peer that can run here; yield them, and by name why the others cannot."""
    commands = {
        RAW: [sys.executable, "-m", "bench.peers.raw"],
        STOCK: [sys.executable, "-m", "bench.peers.stock"],
    }
    missing = {}
    if reason := _missing_in_node():
        missing[BOLT_JS] = reason
    else:
        commands[BOLT_JS] = ["node", str(_NODE / "bolt.mjs")]
    with ExitStack() as stack:
        servers = []
        for name, command in commands.items():
            port = find_free_port()
            log = place.folder / f"{port}.log"
            process = stack.enter_context(Process(command, _peer_settings(place, port), log))
            servers.append(Server(name=name, port=port, process=process))
        yield servers, missing


def _peer_settings(place: Place, port: int) -> Mapping[str, str]:
    stub = f"http://127.0.0.1:{place.stub_port}"
    return {
        "PYTHONPATH": str(_ROOT),
        "PORT": str(port),
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{stub}/api/",
        "BENCH_JOBS_URL": f"{stub}/v1/{PROJECT}/visualization-jobs",
        "BENCH_CARD": str(place.card),
        "NODE_ENV": "production",
    }


def _missing_in_node() -> str:
    """Return why @slack/bolt cannot run here, or empty text. The first call installs it."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "node and npm are not installed"
    if (_NODE / "node_modules" / "@slack" / "bolt").is_dir():
        return ""
    install = subprocess.run(["npm", "ci"], cwd=_NODE, capture_output=True, text=True, check=False)
    return f"npm ci failed: {install.stderr.strip()[-300:]}" if install.returncode else ""
