"""`visjob backup TO`: what is copied, and what is refused in words."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import backup
from tests.cli.outside import Outside
from tests.program import call, end, start, until_answers

_INTO_INBOX = "INSERT INTO inbox (team_id, key, seen_at) VALUES (?, ?, ?)"


@pytest.fixture
def served(tmp_path: Path) -> dict[str, str]:
    """The environment of a bot whose file is there."""
    return {"DATABASE_URL": f"sqlite:///{tmp_path / 'visjob.db'}"}


def ask(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


@pytest.mark.slow
async def test_a_file_that_is_served_is_copied_with_all_that_was_committed(
    outside: Outside, tmp_path: Path
) -> None:
    process = await start("serve", env=outside.env)
    await until_answers(outside.env, 200)
    with closing(sqlite3.connect(tmp_path / "visjob.db")) as connection, connection:
        connection.execute(_INTO_INBOX, ("T1", "just now", "2026-03-01 12:00:00"))
        ended = await call("backup", str(tmp_path / "copy.db"), env=outside.env)
    process.terminate()
    await end(process)

    assert (ended.code, ended.err) == (0, "")
    assert "copy.db" in ended.out
    assert "--reconcile" in ended.out
    assert ask(tmp_path / "copy.db", "PRAGMA integrity_check") == [("ok",)]
    assert ask(tmp_path / "copy.db", "SELECT count(*) FROM server") == [(0,)]
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert not [*tmp_path.glob("copy.db?*")], "nothing but the copy"


async def test_what_the_log_alone_has_is_in_the_copy_and_the_copy_serves(
    served: dict[str, str], tmp_path: Path
) -> None:
    await call("migrate", env=served)
    with closing(sqlite3.connect(tmp_path / "visjob.db")) as connection:
        with connection:
            connection.execute(_INTO_INBOX, ("T1", "k", "2026-03-01 12:00:00"))
        await call("backup", str(tmp_path / "copy.db"), env=served)

    copy = {"DATABASE_URL": f"sqlite:///{tmp_path / 'copy.db'}"}
    assert ask(tmp_path / "copy.db", "SELECT key FROM inbox") == [("k",)]
    assert "up to date" in (await call("migrate", "--reconcile", env=copy)).out


def _there(path: Path) -> None:
    path.write_text("mine")


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


#: What may stand where the copy shall go.
TAKEN: list[tuple[str, Callable[[Path], object]]] = [
    ("a file", _there),
    ("a folder", Path.mkdir),
    ("a link to nothing", _dangling),
    ("an empty file", Path.touch),
]


@pytest.mark.parametrize("make", [pytest.param(make, id=what) for what, make in TAKEN])
async def test_nothing_is_overwritten(
    make: Callable[[Path], object], served: dict[str, str], tmp_path: Path
) -> None:
    await call("migrate", env=served)
    to = tmp_path / "copy.db"
    make(to)

    ended = await call("backup", str(to), env=served)

    assert ended.code == 1
    assert "there already" in ended.err
    assert "Name a new file" in ended.err
    if make is _there:
        assert to.read_text() == "mine"


#: A path that cannot be written, below the test's folder, and the reason.
BAD_PATHS = [
    ("nowhere/copy.db", "No such file"),
    ("visjob.db/copy.db", "Not a directory"),
    ("x" * 300, "too long"),
    ("visjob.db", "there already"),
    ("", "there already"),
]


@pytest.mark.parametrize(("name", "reason"), BAD_PATHS)
async def test_a_path_that_cannot_be_written_is_named_with_the_reason(
    name: str, reason: str, served: dict[str, str], tmp_path: Path
) -> None:
    await call("migrate", env=served)
    before = sorted(tmp_path.iterdir())

    ended = await call("backup", f"{tmp_path}/{name}" if name else "", env=served)

    assert ended.code == 1
    assert reason in ended.err
    if name and reason != "there already":
        assert f"another folder than {(tmp_path / name).parent}" in ended.err
    assert "Traceback" not in ended.err
    assert sorted(tmp_path.iterdir()) == before


async def test_a_folder_that_cannot_be_written_to_is_named_with_the_cure(
    served: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a read-only file system: no user, not even root, can make a file there."""

    def refuse(_: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    await call("migrate", env=served)
    monkeypatch.setattr(backup, "open_read_only", refuse)
    monkeypatch.setattr(os, "access", lambda *_: False)

    ended = await call("backup", str(tmp_path / "copy.db"), env=served)

    assert ended.code == 1
    assert f"the folder {tmp_path} cannot be written to" in ended.err
    assert f"{tmp_path}/visjob.db-wal" in ended.err
    assert [one.name for one in tmp_path.iterdir()] == ["visjob.db"]


async def test_without_a_file_to_copy_none_is_made(served: dict[str, str], tmp_path: Path) -> None:
    ended = await call("backup", str(tmp_path / "copy.db"), env=served)

    assert ended.code == 1
    assert "no SQLite file" in ended.err
    assert not [*tmp_path.iterdir()]


async def test_a_file_that_is_no_database_leaves_no_copy(
    served: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "visjob.db").write_text("long enough to be taken for a database" * 99)

    ended = await call("backup", str(tmp_path / "copy.db"), env=served)

    assert ended.code == 1
    assert "not a database" in ended.err
    assert [one.name for one in tmp_path.iterdir()] == ["visjob.db"]


@pytest.mark.parametrize(
    ("arguments", "url", "said"),
    [
        ([], "sqlite:///x.db", "Missing argument"),
        (["a", "b"], "sqlite:///x.db", "unexpected extra argument"),
        (["a"], "postgres://u:canary@h/d", "pg_dump"),
        (["a"], "mysql://u:canary@h/d", "DATABASE_URL"),
    ],
)
async def test_wrong_use_exits_with_2(arguments: list[str], url: str, said: str) -> None:
    ended = await call("backup", *arguments, env={"DATABASE_URL": url})

    assert ended.code == 2
    assert said in ended.err
    assert "canary" not in ended.err
