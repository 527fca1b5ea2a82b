"""Run an older version of the program, from the Git history, beside the tested version."""

import asyncio
import io
import subprocess
import tarfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.store import open_store
from bot.store.database.schema import upgrade
from tests.conftest import HERE
from tests.databases import MEMORY, made_empty
from tests.proof.stage import Actor, Forge, Stage, forging
from tests.proof.story import MOST_ROUNDS, ROUND
from tests.store.world import connected


@contextmanager
def forging_older(commit: str) -> Iterator[Forge]:
    """Fork replicas of the program of this commit; skip the test if the commit is not here."""
    archive = ["git", "-C", str(HERE.parent), "archive", commit, "bot", "tests"]
    try:
        packed = subprocess.run(archive, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"no commit {commit} here")
    with TemporaryDirectory(prefix="visjob-older-", dir=MEMORY) as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as files:
            files.extractall(folder, filter="data")
        with forging(Path(folder)) as made:
            yield made


async def make_older_database(url: str, revision: str) -> None:
    """Create the tables of this revision in a database."""
    store = open_store(made_empty(url), clock=lambda: datetime.now(UTC))
    with connected(store) as connection:
        upgrade(connection, revision)
    await store.close()


class Turns:
    """Replicas of both versions: at once on PostgreSQL, by turns on a SQLite file."""

    def __init__(self, stage: Stage, older: Forge) -> None:
        self._stage = stage
        self._forges = [older, stage.forge]
        self._is_sqlite = stage.orders.database.startswith("sqlite")
        self._cast: list[Actor] = []

    async def enter(self, number: int) -> Actor:
        """Start one more replica, of the older version (0) or the newer one (1)."""
        if self._is_sqlite and self._cast:
            await self._cast.pop().die()
        self._stage.forge = self._forges[number]
        self._cast.append(await self._stage.enter())
        return self._cast[-1]

    async def go_on(self, rounds: int) -> None:
        """Let both versions work for so many rounds."""
        for number in range(rounds):
            if self._is_sqlite:
                await self.enter(number % 2)
            now = self._stage.clock()
            await asyncio.gather(*(one.do("round", now=now) for one in self._cast))
            await self._stage.world.pass_time(ROUND)

    async def go_on_until(self, is_done: Callable[[], Awaitable[bool]]) -> None:
        """Let both versions work until `is_done` is true."""
        for _ in range(0, MOST_ROUNDS, 2):
            if await is_done():
                return
            await self.go_on(2)
        raise AssertionError("it does not end")
