"""An older version and this one on one database, while a hold stands that the older does not know.

On PostgreSQL both live at once, as while replicas are exchanged; a SQLite file has one of them at
a time, to and fro.
"""

import asyncio
import io
import subprocess
import tarfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.core.commands.day_times import digest_of, quiet_hours_of
from bot.core.delivery_ids import delivery_id
from bot.core.hold import HoldScope
from bot.core.place_rules import PlaceRules, QuietHours
from bot.store import SqlStore, migrate, open_store
from bot.store.database.schema import upgrade
from tests.conftest import HERE
from tests.databases import MEMORY, NewUrl
from tests.proof.extent import IS_FULL, Results
from tests.proof.replica import TEAM
from tests.proof.stage import Actor, Forge, Stage, forging, staged
from tests.proof.story import JOB, MOST_ROUNDS, PLACE, ROUND
from tests.store.world import P1, connected

#: The last commit before people could have messages held, and its schema.
OLDER = "f007a70"
OLDER_SCHEMA = "0015"
#: What nobody snoozes.
OTHER_JOB = 206
#: Longer than anything is under way.
LONG_ROUNDS = 15
WHOLE_PLACE = HoldScope(team_id=TEAM, channel_id=PLACE.channel_id)
ONE_JOB = HoldScope(team_id=TEAM, channel_id=PLACE.channel_id, project_id=P1.project_id, job_id=JOB)

#: Begins or ends a hold.
Settle = Callable[[SqlStore, datetime], Awaitable[object]]


@pytest.fixture(scope="module")
def older() -> Iterator[Forge]:
    """Forks replicas of the older version."""
    archive = ["git", "-C", str(HERE.parent), "archive", OLDER, "bot", "tests"]
    try:
        packed = subprocess.run(archive, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"no commit {OLDER} here")
    with TemporaryDirectory(prefix="visjob-older-", dir=MEMORY) as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as files:
            files.extractall(folder, filter="data")
        with forging(Path(folder)) as made:
            yield made


async def _snooze_place(store: SqlStore, now: datetime) -> None:
    await store.calm.snooze(WHOLE_PLACE, until=now + timedelta(days=1), by="U1")


async def _snooze_job(store: SqlStore, now: datetime) -> None:
    await store.calm.snooze(ONE_JOB, until=now + timedelta(days=1), by="U1")


async def _be_quiet(store: SqlStore, now: datetime) -> None:
    await store.place_rules.set_rules(PlaceRules(place=PLACE, quiet_hours=_hours(now)))


async def _be_quiet_but_for_failures(store: SqlStore, now: datetime) -> None:
    quiet = _hours(now, " except failures")
    await store.place_rules.set_rules(PlaceRules(place=PLACE, quiet_hours=quiet))


async def _digest(store: SqlStore, now: datetime) -> None:
    digest = digest_of(f"at {(now.hour + 2) % 24:02}:00")
    await store.place_rules.set_rules(PlaceRules(place=PLACE, digest=digest))


async def _end_all(store: SqlStore, _: datetime) -> None:
    await store.calm.wake(WHOLE_PLACE)
    await store.place_rules.set_rules(PlaceRules(place=PLACE))


HOLDS: tuple[Settle, ...] = (
    _snooze_place,
    _snooze_job,
    _be_quiet,
    _be_quiet_but_for_failures,
    _digest,
)


class Turns:
    """Both versions, at once or to and fro."""

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


async def _make_older_database(url: str) -> None:
    store = open_store(url, clock=lambda: datetime.now(UTC))
    with connected(store) as connection:
        upgrade(connection, OLDER_SCHEMA)
    await store.close()


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "begin", HOLDS if IS_FULL else HOLDS[:1], ids=lambda one: one.__name__.strip("_")
)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_an_older_version_sends_nothing_that_is_held(
    database: str,
    begin: Settle,
    older: Forge,
    forge: Forge,
    request: pytest.FixtureRequest,
    results: Results,
) -> None:
    new_url: NewUrl = request.getfixturevalue(f"new_{database}_url")
    url = new_url()
    await _make_older_database(url)
    async with staged(forge, url) as stage:
        await _tell(stage, Turns(stage, older), begin)
        history = await stage.history()
        told = stage.told(PLACE)
        for job in (JOB, OTHER_JOB):
            own = [delivery_id(PLACE, change) for change in history if change.job.id == job]
            assert [id for id in told if id in own] == own
        assert len(told) == len(history)
    results.add(
        f"an older version beside this one, {database}, {begin.__name__.strip('_')}",
        f"{len(history)} deliveries",
    )


async def _tell(stage: Stage, turns: Turns, begin: Settle) -> None:
    """A change without a hold, three under it, two after it."""
    store = stage.world.store

    async def is_told() -> bool:
        return await stage.is_quiet() and await stage.is_shown()

    def saw(changes: int) -> Callable[[], Awaitable[bool]]:
        async def has_seen() -> bool:
            return len(await stage.history()) == changes

        return has_seen

    for job in (JOB, OTHER_JOB):
        stage.add_job(job, 1)
    actor = await turns.enter(0)
    for job in (JOB, OTHER_JOB):
        await actor.do("subscribe", now=stage.clock(), job=job, channel=PLACE.channel_id)
    await migrate(stage.orders.database)
    await turns.enter(1)
    stage.cloud.push(JOB, 7)
    await turns.go_on_until(saw(1))
    await turns.go_on_until(is_told)

    await begin(store, await stage.world.now())
    for status in (8, 9):
        stage.cloud.push(JOB, status)
        await turns.go_on_until(saw(status - 6))
    stage.cloud.push(OTHER_JOB, 7)
    await turns.go_on_until(saw(4))
    await turns.go_on(LONG_ROUNDS)
    passing = begin is _snooze_job
    assert len(stage.told(PLACE)) == 1 + passing

    await _end_all(store, await stage.world.now())
    stage.cloud.vanish(JOB)
    stage.cloud.vanish(OTHER_JOB)
    await turns.go_on_until(saw(6))
    await turns.go_on_until(is_told)
    await turns.go_on(LONG_ROUNDS)


def _hours(now: datetime, but: str = "") -> QuietHours:
    return quiet_hours_of(f"{(now.hour - 1) % 24:02}:00-{(now.hour + 3) % 24:02}:00{but}")
