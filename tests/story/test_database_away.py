"""While the database is away, people read a plain sentence in their own language, without a host,
port, name or driver's words; the operator reads the details."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from bot.demo.workspace.cast import EXPERIMENTS, LI, ME
from bot.store import migrate
from tests.cli.conftest import outside
from tests.cli.outside import Outside
from tests.program import call
from tests.world import World, open_world, said, settle

__all__ = ["outside"]

#: Every kind of sentence; most of them need the database.
SENTENCES = (
    "status", "status letters", "subscribe 205", "subscribe project for all", "subscriptions",
    "subscriptions export", "unsubscribe 205", "history 205", "why 205", "cost today", "audit",
    "snooze 205 2h", "wake 205", "quiet here 22:00-08:00", "digest here at 09:00", "settings",
    "settings language zh-CN", "keep 205 4h", "claim 205", "disclaim 205", "stop 205",
    "restart 205", "redeliver all", "copy 205 to #C0EXPERIM1", "205 share", "list", "205",
)  # fmt: skip
#: Words, in lower case, that only the operator may read.
OF_THE_OPERATOR = ("connect", "server", "socket", "psycopg", " port ", "postgres", "fatal", "test_",
                   "DATABASE_URL")  # fmt: skip
#: The beginning of an answer that needs the database, by the person who asks.
PLAIN = {ME: "My database does not answer", LI: "我的数据库没有响应"}


@contextmanager
def shut(url: str) -> Iterator[str]:
    """Close a database to all connections, end the open ones, and yield its name."""
    with psycopg.connect(url) as own:
        name = own.info.dbname
    with psycopg.connect(url.replace(f"/{name}?", "/postgres?"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield name
        finally:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


@pytest.fixture
async def ready_url(postgresql_url: str) -> str:
    """The URL of a PostgreSQL database with our tables."""
    await migrate(postgresql_url)
    return postgresql_url


async def answers(world: World, user: str) -> dict[str, str]:
    """Return the complete text of the bot's answer to each sentence."""
    found = {}
    for sentence in SENTENCES:
        seen = await world.workspace.type(EXPERIMENTS, f"/visjob {sentence}", user=user)
        found[sentence] = said({"seen": seen})
    return found


async def test_no_answer_names_the_database_or_quotes_its_driver_and_the_terminal_does(
    tmp_path: Path, ready_url: str, capsys: pytest.CaptureFixture[str], outside: Outside
) -> None:
    async with open_world(tmp_path, DATABASE_URL=ready_url, VISJOB_OPERATORS=f"{ME},{LI}") as world:
        await settle(world)
        with shut(ready_url) as name:
            heard = {user: await answers(world, user) for user in (ME, LI)}
            home = said(await world.home())
            ready = json.loads((await world.get("/readyz"))[1])
            doctor = await call("doctor", env={**outside.env, "DATABASE_URL": ready_url})

    leaks = [
        (user, sentence, word)
        for user, told in heard.items()
        for sentence, answer in told.items()
        for word in (*OF_THE_OPERATOR, name)
        if word.lower() in answer.lower()
    ]
    assert leaks == []
    assert [word for word in OF_THE_OPERATOR if word.lower() in home.lower()] == []
    for user, plain in PLAIN.items():
        assert plain in heard[user]["subscribe 205"]
        assert sum(plain in answer for answer in heard[user].values()) > 8
    assert "?." not in heard[ME]["status"]
    for details in (ready["checks"]["database"]["found"], " ".join(doctor.out.split())):
        assert name in details
        assert "not currently accepting connections" in details
    assert "not currently accepting connections" in capsys.readouterr().out


async def test_status_has_one_row_for_it_with_a_cure_for_people(
    tmp_path: Path, ready_url: str
) -> None:
    async with open_world(tmp_path, DATABASE_URL=ready_url) as world:
        await settle(world)
        well = (await world.type("/visjob status"))["text"]
        with shut(ready_url) as name:
            away = (await world.type("/visjob status"))["text"]

    assert "database: answers." in well
    assert name not in well
    assert "database: does not answer, or takes no writes." in away
    assert "outbox: not known while my database does not answer." in away
