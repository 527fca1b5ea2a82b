"""The files that hosts read (Procfile, Dockerfile, .env.example) agree with the program."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from honcho.environ import parse_procfile

from bot.config import NOTHING, SETTINGS_TABLE, read_settings
from tests.ports import free_port
from tests.waiting import SECONDS, until

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PROCFILE = parse_procfile((ROOT / "Procfile").read_text()).processes

#: Enough settings to start; nobody listens on these addresses.
SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
    "MODELARTS_ENDPOINT": "http://127.0.0.1:9",
    "MODELARTS_PROJECT_ID": "p1",
    "MODELARTS_ACCESS_KEY": "ak",
    "MODELARTS_SECRET_KEY": "sk",
    "DATABASE_URL": "sqlite:///visjob.db",
}


def honcho(process: str) -> list[str]:
    """Return the command that runs one line of the Procfile as a host does."""
    options = ["--procfile", str(ROOT / "Procfile"), "--no-prefix"]
    return [sys.executable, "-m", "honcho", *options, "start", process]


def environment(**settings: str) -> dict[str, str]:
    """Return an environment with only these settings, and our `python` first in PATH."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **settings}


def run(process: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        honcho(process),
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@asynccontextmanager
async def started(
    process: str, folder: Path, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    child = await asyncio.create_subprocess_exec(
        *honcho(process), cwd=folder, env=environment(**settings), stdout=subprocess.DEVNULL
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.terminate()  # honcho passes the signal on, and kills after five seconds
            await child.wait()


def test_the_procfile_has_a_line_for_each_way_to_run() -> None:
    assert set(PROCFILE) == {"release", "web", "worker"}


@pytest.mark.slow
def test_release_brings_the_schema_up_twice_over(tmp_path: Path) -> None:
    first = run("release", tmp_path, DATABASE_URL="sqlite:///visjob.db")
    second = run("release", tmp_path, DATABASE_URL="sqlite:///visjob.db")

    assert (first.returncode, second.returncode) == (0, 0), first.stdout + second.stdout
    assert (tmp_path / "visjob.db").is_file()


def test_release_on_heroku_without_a_database_says_what_to_add(tmp_path: Path) -> None:
    done = run("release", tmp_path, DYNO="release.1")

    assert done.returncode == 2
    assert "heroku addons:create" in done.stdout


@pytest.mark.parametrize(
    ("process", "needed"), [("web", "SLACK_SIGNING_SECRET"), ("worker", "SLACK_APP_TOKEN")]
)
@pytest.mark.slow
def test_without_settings_each_process_names_its_own(
    process: str, needed: str, tmp_path: Path
) -> None:
    done = run(process, tmp_path)

    assert done.returncode == 2
    assert needed in done.stdout
    assert "MODELARTS_ENDPOINT" in done.stdout


@pytest.mark.slow
async def test_web_listens_on_the_hosts_port_and_stops_when_told(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with (
        started("web", tmp_path, PORT=str(port), **SETTINGS) as child,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        alive = await first_answer(client, child)
        child.send_signal(signal.SIGTERM)
        stopped = await child.wait()

    assert alive.status_code == 200
    assert stopped in (0, 128 + signal.SIGTERM, -signal.SIGTERM)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port))


async def first_answer(
    client: httpx.AsyncClient, child: asyncio.subprocess.Process
) -> httpx.Response:
    async def answer() -> httpx.Response | None:
        assert child.returncode is None, "it ended before it listened"
        with suppress(httpx.ConnectError):
            return await client.get("/healthz")
        return None

    return await until(answer)


def instructions() -> Iterator[tuple[str, str]]:
    """Yield each instruction of the Dockerfile, with its arguments on one line."""
    joined = DOCKERFILE.replace("\\\n", " ")
    for line in joined.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield word, rest.strip()


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    linter = shutil.which("hadolint", path=str(BIN))
    if linter is None:
        pytest.skip("hadolint is not installed (group check)")

    done = subprocess.run(
        [linter, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False
    )

    assert done.stdout == ""
    assert done.returncode == 0


def test_the_container_runs_the_procfiles_web_process_in_exec_form() -> None:
    [command] = [rest for word, rest in instructions() if word == "CMD"]

    assert " ".join(json.loads(command)) == PROCFILE["web"]


def test_the_container_is_not_root_and_stops_as_hosts_expect() -> None:
    last = dict(instructions())

    assert last["USER"].split(":")[0].isdigit()
    assert last["USER"] != "0:0"
    assert last["STOPSIGNAL"] == "SIGTERM"
    assert last["HEALTHCHECK"].endswith(json.dumps(["python", "-m", "bot", "healthcheck"]))


def test_the_dockerfile_builds_with_every_builder() -> None:
    assert "<<" not in DOCKERFILE
    assert "--link" not in DOCKERFILE
    assert "--mount" not in DOCKERFILE


def test_what_the_dockerfile_copies_is_let_in_and_nothing_else() -> None:
    copied = {
        name
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for name in rest.split()[:-1]
    }
    ignore = (ROOT / ".dockerignore").read_text().splitlines()

    assert {line[1:] for line in ignore if line.startswith("!")} == copied
    assert "*" in ignore
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_example_file_lists_every_setting_once() -> None:
    text = (ROOT / ".env.example").read_text()

    names = re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE)

    assert names == [row.name for row in SETTINGS_TABLE]


def test_the_example_files_values_are_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for row in SETTINGS_TABLE:
        monkeypatch.delenv(row.name, raising=False)
    text = (ROOT / ".env.example").read_text()
    (tmp_path / ".env").write_text(re.sub(r"^# (?=[A-Z_]+=)", "", text, flags=re.MULTILINE))
    monkeypatch.chdir(tmp_path)

    settings, problems = read_settings(NOTHING)

    assert problems == ()
    assert settings.currency == "EUR"
