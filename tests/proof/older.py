"""Older versions of the program, out of the project's history, beside the one that is tested."""

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
from tests.databases import MEMORY
from tests.proof.stage import Actor, Forge, Stage, forging
from tests.proof.story import MOST_ROUNDS, ROUND
from tests.store.world import connected


@contextmanager
def forging_older(commit: str) -> Iterator[Forge]:
    """Forks replicas of the program as it was then; skips the test where nobody knows it."""
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
    """Make the tables as they were at this revision."""
    store = open_store(url, clock=lambda: datetime.now(UTC))
    with connected(store) as connection:
        upgrade(connection, revision)
    await store.close()


class Turns:
    """Both versions: on PostgreSQL at once, on a SQLite file to and fro."""

    def __init__(self, stage: Stage, older: Forge) -> None:
        self._stage = stage
        self._forges = [older, stage.forge]
        self._is_sqlite = stage.orders.database.startswith("sqlite")
        self._cast: list[Actor] = []

    async def enter(self, number: int) -> Actor:
        """Let there be one more of the older (0) or of the newer ones (1)."""
        if self._is_sqlite and self._cast:
            await self._cast.pop().die()
        self._stage.forge = self._forges[number]
        self._cast.append(await self._stage.enter())
        return self._cast[-1]

    async def go_on(self, rounds: int) -> None:
        """Let both work for so long."""
        for number in range(rounds):
            if self._is_sqlite:
                await self.enter(number % 2)
            now = self._stage.clock()
            await asyncio.gather(*(one.do("round", now=now) for one in self._cast))
            await self._stage.world.pass_time(ROUND)

    async def go_on_until(self, is_done: Callable[[], Awaitable[bool]]) -> None:
        """Let both work until something is so."""
        for _ in range(0, MOST_ROUNDS, 2):
            if await is_done():
                return
            await self.go_on(2)
        raise AssertionError("it does not end")
