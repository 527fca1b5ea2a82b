"""The running bot reports a database that refuses writes, and loses nothing."""

import json
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.demo.workspace.cast import EXPERIMENTS
from bot.store import migrate
from tests.cli.conftest import outside
from tests.cli.outside import Outside
from tests.databases import postgresql_databases, refuse_writes, take_writes
from tests.fakes import FakeSource
from tests.make import a_job
from tests.program import Ended, call, end, run, start, until_answers
from tests.story.test_followed_cards import followed_card, told
from tests.waiting import until
from tests.world import World, open_world, settle

__all__ = ["outside"]


@pytest.fixture
async def ready_url(postgresql_url: str) -> str:
    """The URL of a PostgreSQL database with our tables."""
    await migrate(postgresql_url)
    return postgresql_url


@pytest.fixture
def ascii_url(postgresql_server: str) -> Iterator[str]:
    """The URL of a database with the encoding that PostgreSQL chooses if the system's locale is
    C."""
    with postgresql_databases(
        postgresql_server, "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    ) as new:
        yield new()


async def readiness(world: World) -> tuple[int, list[str]]:
    """Return the status of `/readyz`, and the names of the failed checks."""
    status, body = await world.get("/readyz")
    return status, json.loads(body)["not_ready"]


@pytest.mark.slow
async def test_while_postgresql_refuses_writes_the_bot_is_unready_and_then_tells_what_it_saw(
    tmp_path: Path, ready_url: str
) -> None:
    source = FakeSource([a_job(205, 7)])
    async with open_world(tmp_path, jobs=source, DATABASE_URL=ready_url) as world:
        source.clock = world.clock
        card = await followed_card(await settle(world))
        before = await readiness(world)
        refuse_writes(ready_url, is_now=True)
        meanwhile = await readiness(world)
        source.jobs = [a_job(205, 8)]
        world.clock.advance(seconds=6)
        await world.click(card, "Refresh")
        untold = told(world, "visjob_status_changed")

        take_writes(ready_url)
        afterwards = await readiness(world)
        world.clock.advance(seconds=6)
        await world.workspace.click(card, "Refresh")
        [change] = await world.workspace.until(lambda: told(world, "visjob_status_changed"))

    assert (before, meanwhile, afterwards) == ((200, []), (503, ["database"]), (200, []))
    assert untold == []
    assert change["metadata"]["event_payload"]["to_status"] == 8


@pytest.mark.slow
async def test_a_bot_that_starts_on_a_read_only_postgresql_becomes_ready_by_itself(
    tmp_path: Path, ready_url: str
) -> None:
    refuse_writes(ready_url)
    async with open_world(tmp_path, DATABASE_URL=ready_url) as world:
        await settle(world)
        refused = await readiness(world)
        take_writes(ready_url)

        assert refused == (503, ["database"])
        assert await readiness(world) == (200, [])
        assert await world.workspace.type(EXPERIMENTS, "/visjob subscribe 205")


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process")
@pytest.mark.slow
async def test_while_a_sqlite_file_has_no_room_the_bot_is_unready_and_then_ready_by_itself(
    outside: Outside,
) -> None:
    process = await start("serve", env=outside.env)
    try:
        await until_answers(outside.env, 200)
        _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, most))
        refused = await until_answers(outside.env, 503)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
        await until_answers(outside.env, 200)
    finally:
        process.terminate()
        ended = await end(process)

    assert refused["not_ready"] == ["database"]
    assert "room" in refused["checks"]["database"]["cure"]
    assert ended.code == 0


@pytest.mark.slow
async def test_serve_runs_where_the_database_prescribes_other_formats(
    outside: Outside, ready_url: str
) -> None:
    with psycopg.connect(ready_url, autocommit=True) as admin:
        for setting in ("DateStyle = 'German'", "client_encoding = 'LATIN1'"):
            admin.execute(f"ALTER DATABASE {admin.info.dbname} SET {setting}".encode())
    env = outside.env | {"DATABASE_URL": ready_url}
    process = await start("serve", env=env)
    await until_answers(env, 200)
    process.terminate()
    ended = await end(process)

    assert ended.code == 0
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "command", [pytest.param("serve", marks=pytest.mark.slow), "migrate", "doctor"]
)
async def test_every_command_refuses_another_encoding_in_words(
    command: str, outside: Outside, ascii_url: str
) -> None:
    begin = run if command == "serve" else call
    ended = await begin(command, env=outside.env | {"DATABASE_URL": ascii_url})

    said = " ".join((ended.out + ended.err).split())
    assert ended.code == 1
    assert "SQL_ASCII" in said
    assert "UTF8 is needed" in said
    assert "CREATE DATABASE" in said
    assert "Traceback" not in said


ACCIDENTS = [
    ("deleted", lambda path: path.unlink()),
    ("replaced", lambda path: (path.unlink(), path.touch())),
]


@pytest.mark.parametrize(("said", "accident"), ACCIDENTS)
@pytest.mark.slow
async def test_while_a_sqlite_file_is_lost_nothing_is_posted_and_once_it_is_back_all_is(
    said: str,
    accident: Callable[[Path], object],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def is_logged() -> bool:
        return "database_lost" in capsys.readouterr().out

    source, file, kept = FakeSource([a_job(205, 7)]), tmp_path / "visjob.db", tmp_path / "kept.db"
    async with open_world(tmp_path, jobs=source) as world:
        source.clock = world.clock
        card = await followed_card(await settle(world))
        kept.hardlink_to(file)
        accident(file)
        world.clock.advance(seconds=20)
        await until(is_logged)
        status, body = await world.get("/readyz")
        source.jobs = [a_job(205, 8)]
        world.clock.advance(seconds=60)
        await world.click(card, "Refresh")
        answer = await world.type("/visjob subscribe 188")
        meanwhile = told(world, "visjob_status_changed")

        kept.replace(file)
        afterwards = await readiness(world)
        world.clock.advance(seconds=60)
        await world.workspace.click(card, "Refresh")
        [change] = await world.workspace.until(lambda: told(world, "visjob_status_changed"))

    assert (status, json.loads(body)["not_ready"]) == (503, ["database"])
    assert said in json.loads(body)["checks"]["database"]["found"]
    assert "subscribed" not in answer["text"].lower()
    assert meanwhile == []
    assert afterwards == (200, [])
    assert change["metadata"]["event_payload"]["to_status"] == 8


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_reconciling_beside_a_running_bot_is_refused(
    kind: str, outside: Outside, ready_url: str
) -> None:
    env = outside.env | ({"DATABASE_URL": ready_url} if kind == "postgresql" else {})
    process = await start("serve", env=env)
    await until_answers(env, 200)
    try:
        refused = await until_refused(env)
        migrated = await call("migrate", env=env)
    finally:
        process.terminate()
        await end(process)
    allowed = await call("migrate", "--reconcile", env=env)

    assert "already served by another process" in refused.err
    assert "Stop that one first" in refused.err
    assert (migrated.code, allowed.code) == (0, 0)


async def until_refused(env: dict[str, str]) -> Ended:
    """Run `migrate --reconcile` until it refuses, once the server has registered itself."""

    async def refusal() -> Ended | None:
        ended = await call("migrate", "--reconcile", env=env)
        return ended if ended.code == 1 else None

    return await until(refusal)
