"""An older version beside this one, during a hold of a reason that the older one does not know.

On PostgreSQL both versions run at once, as in a rolling deployment; on a SQLite file by turns.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta

import pytest

from bot.core.commands.times.day_times import digest_of, quiet_hours_of
from bot.core.delivery_ids import delivery_id
from bot.core.hold import HoldScope
from bot.core.place_rules import PlaceRules, QuietHours
from bot.store import SqlStore, migrate
from tests.databases import NewUrl
from tests.proof.extent import IS_FULL, Results
from tests.proof.older import Turns, forging_older, make_older_database
from tests.proof.replica import TEAM
from tests.proof.stage import Forge, Stage, staged
from tests.proof.story import JOB, PLACE
from tests.store.world import P1

#: The last commit before people could ask for holds, and its schema.
OLDER = "f007a70"
OLDER_SCHEMA = "0015"
#: A job that nobody snoozes.
OTHER_JOB = 206
#: So many rounds are longer than any work is under way.
LONG_ROUNDS = 15
WHOLE_PLACE = HoldScope(team_id=TEAM, channel_id=PLACE.channel_id)
ONE_JOB = HoldScope(team_id=TEAM, channel_id=PLACE.channel_id, project_id=P1.project_id, job_id=JOB)

#: A function that begins or ends holds.
Settle = Callable[[SqlStore, datetime], Awaitable[object]]


@pytest.fixture(scope="module")
def older() -> Iterator[Forge]:
    """The program that forks replicas of the older version."""
    with forging_older(OLDER) as made:
        yield made


async def _snooze_place(store: SqlStore, now: datetime) -> None:
    await store.snoozes.snooze(WHOLE_PLACE, until=now + timedelta(days=1), by="U1")


async def _snooze_job(store: SqlStore, now: datetime) -> None:
    await store.snoozes.snooze(ONE_JOB, until=now + timedelta(days=1), by="U1")


async def _be_quiet(store: SqlStore, now: datetime) -> None:
    await store.place_rules.set_rules(PlaceRules(place=PLACE, quiet_hours=_hours(now)))


async def _be_quiet_but_for_failures(store: SqlStore, now: datetime) -> None:
    quiet = _hours(now, " except failures")
    await store.place_rules.set_rules(PlaceRules(place=PLACE, quiet_hours=quiet))


async def _digest(store: SqlStore, now: datetime) -> None:
    digest = digest_of(f"at {(now.hour + 2) % 24:02}:00")
    await store.place_rules.set_rules(PlaceRules(place=PLACE, digest=digest))


async def _end_all(store: SqlStore, _: datetime) -> None:
    await store.snoozes.wake(WHOLE_PLACE)
    await store.place_rules.set_rules(PlaceRules(place=PLACE))


HOLDS: tuple[Settle, ...] = (
    _snooze_place,
    _snooze_job,
    _be_quiet,
    _be_quiet_but_for_failures,
    _digest,
)


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
    await make_older_database(url, OLDER_SCHEMA)
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
    """Play a change without a hold, three during the hold, and two after it."""
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
