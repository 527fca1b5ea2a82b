"""Each command imports only the heavy packages that it needs."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import ROOT, end, run, start

HEAVY = frozenset(
    {
        "aiohttp", "alembic", "apscheduler", "asyncio", "bot.demo", "httpx", "opentelemetry",
        "psycopg", "pydantic", "sentry_sdk", "slack_bolt", "slack_sdk", "sqlalchemy",
        "sqlalchemy.orm", "structlog", "uvloop", "yaml",
    }
)  # fmt: skip
NOTHING: frozenset[str] = frozenset()
SETTINGS = frozenset({"asyncio", "pydantic"})  # pydantic-settings imports asyncio
DATABASE = SETTINGS | {"sqlalchemy", "uvloop"}
CLOUD = SETTINGS | {"aiohttp", "httpx", "structlog", "uvloop"}
SERVE = DATABASE | CLOUD | {"apscheduler", "slack_bolt", "slack_sdk"}
IMPORT_TIMES = ("-X", "importtime")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """Return settings whose addresses lead nowhere, except for a SQLite file."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99eee1f285a5",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "MODELARTS_ENDPOINT": "http://127.0.0.1:9",
        "MODELARTS_PROJECT_ID": "p",
        "MODELARTS_ACCESS_KEY": "key",
        "MODELARTS_SECRET_KEY": "secret",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'visjob.db'}",
        "PORT": "0",
    }


def heavy(import_times: str) -> frozenset[str]:
    """Return the slow modules in the output of `python -X importtime`."""
    lines = [line for line in import_times.splitlines() if line.startswith("import time:")]
    assert len(lines) > 50
    return HEAVY.intersection(line.rpartition("|")[2].strip() for line in lines)


@pytest.mark.parametrize(
    ("command", "needed"),
    [
        ("--help", NOTHING),
        ("healthcheck --port 9", NOTHING),
        ("manifest --socket-mode", SETTINGS | {"yaml"}),
        ("show 205", CLOUD),
        pytest.param("list", CLOUD, marks=pytest.mark.slow),
        ("migrate", DATABASE | {"structlog"}),
    ],
)
@pytest.mark.slow
async def test_a_command_imports_what_it_needs(
    command: str, needed: frozenset[str], env: dict[str, str]
) -> None:
    ended = await run(*command.split(), env=env, python=IMPORT_TIMES)

    assert heavy(ended.err) == needed


@pytest.mark.slow
@pytest.mark.parametrize("time", ["the first time", "again"])
async def test_serve_imports_what_it_needs_on_a_new_file_and_on_one_it_knows(
    time: str, env: dict[str, str]
) -> None:
    if time == "again":
        await run("migrate", env=env)
    process = await start("serve", env=env, python=IMPORT_TIMES)
    assert process.stderr
    said: list[bytes] = []
    while line := await process.stderr.readline():
        said.append(line)
        if b'"serving"' in line:
            break
    process.send_signal(signal.SIGTERM)
    await end(process)

    assert heavy(b"".join(said).decode()) == SERVE


@pytest.mark.slow
def test_the_first_look_for_garbage_spares_what_was_imported() -> None:
    script = (
        "import gc; gc.disable()\n"
        "from bot.cli.running import run\n"
        "async def look(): return gc.isenabled(), gc.get_freeze_count() > 10_000\n"
        "print(run(look()))"
    )

    said = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "(True, True)"
