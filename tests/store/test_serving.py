"""A SQLite file has one server, by whatever path; nobody reconciles while a server runs."""

import asyncio
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.store import SqlStore, migrate, reconcile
from bot.store.database import tables
from tests.fakes import ManualClock
from tests.store.conftest import OpenStore
from tests.store.world import NOON, P1, World, a_subscription, connected, job


def path_of(url: str) -> Path:
    return Path(make_url(url).database or "")


def _without_lock(path: Path) -> Path:
    Path(f"{path}.lock").unlink()
    return path


def _with_new_lock(path: Path) -> Path:
    Path(f"{_without_lock(path)}.lock").touch()
    return path


def _through_folder(path: Path) -> Path:
    folder = path.parent / "folder"
    folder.symlink_to(path.parent)
    return folder / path.name


def _linked(path: Path, link: Callable[[Path, Path], None]) -> Path:
    link(path.parent / "other.db", path)
    return path.parent / "other.db"


#: Other paths to the same file, which its server does not know.
WAYS = [
    ("by its own name", lambda path: path),
    ("through a symbolic link", lambda path: _linked(path, Path.symlink_to)),
    ("through a hard link", lambda path: _linked(path, Path.hardlink_to)),
    ("through a linked folder", _through_folder),
    ("by a longer path", lambda path: path.parent / ".." / path.parent.name / path.name),
    ("with the lock file deleted", _without_lock),
    ("with the lock file replaced", _with_new_lock),
]


@pytest.mark.parametrize("way", [pytest.param(way, id=how) for how, way in WAYS])
async def test_a_second_server_of_the_same_file_is_refused(
    way: Callable[[Path], Path], sqlite_url: str, open_one: OpenStore
) -> None:
    first = open_one(sqlite_url)
    await first.prepare()
    await first.note_serving()
    other_url = f"sqlite:///{way(path_of(sqlite_url))}"

    with pytest.raises(StoreUnavailable, match="another process") as caught:
        await open_one(other_url).prepare()
    with pytest.raises(StoreUnavailable, match="another process"):
        await reconcile(other_url, clock=lambda: NOON)

    assert "PostgreSQL" in str(caught.value.hint)
    await first.remember_asked({(P1, "U1"): JobId(1)})
    await first.close()
    await open_one(other_url).prepare()


async def note_as(store: SqlStore, *, host: str, ago: timedelta) -> None:
    """Register a server of another computer, last updated `ago`."""
    row = {"id": "other", "host": host, "process": 7, "seen_at": NOON - ago}
    with connected(store) as connection:
        connection.execute(insert(tables.server), row)


async def test_a_server_on_another_computer_is_known_by_the_word_that_it_left(
    sqlite_url: str, open_one: OpenStore
) -> None:
    store = open_one(sqlite_url)
    await store.prepare()
    await store.close()
    await note_as(open_one(sqlite_url), host="elsewhere", ago=timedelta(seconds=5))

    refused = open_one(sqlite_url)
    with pytest.raises(StoreUnavailable, match=r"another process \(7 on elsewhere\)"):
        await refused.prepare()
    await refused.close()

    late = NOON + timedelta(minutes=1)
    await open_one(sqlite_url, clock=lambda: late).prepare()


def _delete(path: Path) -> None:
    path.unlink()


def _move(path: Path) -> None:
    path.rename(path.with_suffix(".away"))


def _replace_by_copy(path: Path) -> None:
    shutil.copyfile(path, path.with_suffix(".copy"))
    path.with_suffix(".copy").replace(path)


def _replace_by_empty(path: Path) -> None:
    path.unlink()
    path.touch()


def _move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


ACCIDENTS = [
    (_delete, "deleted"),
    (_move, "deleted or moved"),
    (_replace_by_copy, "replaced"),
    (_replace_by_empty, "replaced"),
    (_move_folder, "deleted or moved"),
]


@pytest.mark.parametrize(("accident", "said"), ACCIDENTS)
async def test_a_file_that_is_not_there_any_more_is_neither_read_nor_written(
    accident: Callable[[Path], object], said: str, tmp_path: Path, open_one: OpenStore
) -> None:
    path = tmp_path / "data" / "visjob.db"
    path.parent.mkdir()
    store = open_one(f"sqlite:///{path}")
    await store.prepare()
    accident(path)

    condition = await store.check()
    with pytest.raises(StoreUnavailable, match=said) as caught:
        await store.remember_asked({(P1, "U1"): JobId(1)})
    with pytest.raises(StoreUnavailable, match=said):
        await store.last_asked(P1, "U1")

    assert not condition.is_good
    assert said in str(condition.problem)
    assert "Nothing is posted" in str(condition.cure)
    assert condition.cure == caught.value.hint
    if "replaced" not in said:
        assert not path.exists(), "no new file in its place"


async def test_a_file_that_is_put_back_is_served_on(sqlite_url: str, open_one: OpenStore) -> None:
    store, path = open_one(sqlite_url), path_of(sqlite_url)
    await store.prepare()
    path.rename(path.with_suffix(".away"))
    assert not (await store.check()).is_good

    path.with_suffix(".away").rename(path)

    assert (await store.check()).is_good
    await store.remember_asked({(P1, "U1"): JobId(1)})


async def test_reconciling_is_refused_while_a_server_of_postgresql_is_alive(
    postgresql_url: str, open_one: OpenStore
) -> None:
    await migrate(postgresql_url)
    store = open_one(postgresql_url)
    await store.prepare()
    await store.note_serving()

    with pytest.raises(StoreUnavailable, match=rf"another process \({os.getpid()} on ") as caught:
        await reconcile(postgresql_url, clock=lambda: NOON)

    assert "SQLite" not in str(caught.value.hint)
    await store.close()
    await reconcile(postgresql_url, clock=lambda: NOON)


async def test_a_server_of_postgresql_that_was_killed_stands_in_nobodys_way(
    postgresql_url: str, open_one: OpenStore
) -> None:
    await migrate(postgresql_url)
    store = open_one(postgresql_url)
    await store.note_serving()
    store._database.engine.dispose()  # as the system does with a killed process
    async with asyncio.timeout(60):
        while True:
            try:
                await reconcile(postgresql_url, clock=lambda: NOON)
                break
            except StoreUnavailable:
                await asyncio.sleep(0)


async def test_several_servers_of_postgresql_are_welcome(
    postgresql_url: str, open_one: OpenStore
) -> None:
    await migrate(postgresql_url)
    for _ in range(2):
        store = open_one(postgresql_url)
        await store.prepare()
        await store.note_serving()


async def test_the_file_alone_has_the_subscriptions(
    sqlite_url: str, tmp_path: Path, open_one: OpenStore
) -> None:
    store = open_one(sqlite_url)
    await store.prepare()
    world = World(store, ManualClock(NOON))
    for number in (1, 2, 3):
        await world.subscribe(a_subscription(number), job(number, 7))

    assert Path(f"{path_of(sqlite_url)}-wal").stat().st_size == 0
    shutil.copyfile(path_of(sqlite_url), tmp_path / "copy.db")
    copied = open_one(f"sqlite:///{tmp_path / 'copy.db'}")
    assert len(await copied.subscriptions.list_subscriptions(P1)) == 3
