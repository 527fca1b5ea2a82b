"""Only the user of the bot may access the files of a SQLite database."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.backup import back_up
from bot.store.open import migrate, open_store
from tests.store.conftest import NOON
from tests.store.world import P1


@pytest.fixture(autouse=True)
def generous_mask() -> Iterator[None]:
    """A umask of 0: without a mode of ours, everybody could access a new file."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """Return the mode of each file of a folder."""
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()}


async def test_every_file_of_a_served_database_is_for_its_user_alone(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'visjob.db'}", clock=lambda: NOON)
    try:
        await store.prepare()
        await store.subscriptions.list_subscriptions(P1)

        assert modes(tmp_path) == dict.fromkeys(
            ["visjob.db", "visjob.db-wal", "visjob.db-shm", "visjob.db.lock"], "0o600"
        )
    finally:
        await store.close()


async def test_a_migrated_and_a_copied_database_are_for_their_user_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'visjob.db'}"
    await migrate(url)
    back_up(url, tmp_path / "copy.db")

    assert modes(tmp_path) == dict.fromkeys(modes(tmp_path), "0o600")
    assert {"visjob.db", "copy.db"} <= set(modes(tmp_path))


async def test_what_the_operator_gave_to_others_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "visjob.db"
    path.touch()
    path.chmod(0o640)

    await migrate(f"sqlite:///{path}")

    assert modes(tmp_path)["visjob.db"] == "0o640"
