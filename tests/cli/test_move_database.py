"""`visjob move-database FROM TO`: the command; what is copied is tested with the store."""

from pathlib import Path

import pytest

from bot.store import migrate
from tests.program import call
from tests.store.test_moving import content, fill

PASSWORD = "canary-of-the-password"


async def test_it_says_what_was_copied_and_what_to_do_next(tmp_path: Path) -> None:
    source, target = f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/b.db"
    await fill(source, times=2)

    ended = await call("move-database", source, target)

    assert ended.code == 0
    assert content(target) == content(source)
    assert f"{sum(map(len, content(source).values()))} rows" in ended.out
    assert "Set DATABASE_URL" in ended.out
    assert "Done" in ended.err


async def test_a_refusal_exits_with_1_and_says_what_to_do(tmp_path: Path) -> None:
    source, target = f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/b.db"
    await migrate(source)
    await fill(target)

    ended = await call("move-database", source, target)
    lost = await call("move-database", f"sqlite:///{tmp_path}/c.db", f"sqlite:///{tmp_path}/d.db")

    assert (ended.code, lost.code) == (1, 1)
    assert "something already" in ended.err
    assert "Name an empty database" in ended.err
    assert "There is no file" in lost.err
    assert "FROM is the database that `visjob serve` has used until now." in lost.err
    assert "DATABASE_URL" not in lost.err
    assert not [*tmp_path.glob("[cd].db")]
    assert "Traceback" not in ended.err + lost.err
    assert [said for said in (ended.err, lost.err) if "/?" in said or "━" in said] == []


async def test_a_database_that_cannot_be_reached_is_named_by_its_argument(tmp_path: Path) -> None:
    nobody, here = "postgres://u@127.0.0.1:1/x", f"sqlite:///{tmp_path}/a.db"
    await migrate(here)

    source, target = (
        await call("move-database", nobody, here),
        await call("move-database", here, nobody),
    )

    assert "Check FROM, and that the database runs" in source.err
    assert "Check TO, and that the database runs" in target.err
    assert "DATABASE_URL" not in source.err + target.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument"),
        (["sqlite:///a.db"], "Missing argument"),
        (["sqlite:///a.db", f"mysql://u:{PASSWORD}@h/d"], "neither SQLite nor PostgreSQL"),
        ([f"postgres://u:{PASSWORD}@@h/d", "sqlite:///a.db"], "FROM"),
        (["a.db", "b.db"], "neither SQLite nor PostgreSQL"),
        (["sqlite:///:memory:", "sqlite:///b.db"], "in memory"),
    ],
)
async def test_wrong_use_exits_with_2_and_shows_no_password(
    arguments: list[str], said: str
) -> None:
    ended = await call("move-database", *arguments)

    assert ended.code == 2
    assert said in ended.err
    assert PASSWORD not in ended.err


async def test_a_server_that_is_away_is_told_without_its_password(tmp_path: Path) -> None:
    source = f"sqlite:///{tmp_path}/a.db"
    await fill(source)

    ended = await call("move-database", source, f"postgres://u:{PASSWORD}@127.0.0.1:9/d")

    assert ended.code == 1
    assert "127.0.0.1" in ended.err
    assert PASSWORD not in ended.err
