"""A rolling deployment: the version before each migration keeps working beside the newest one.

The older version subscribes, the schema is migrated under it, and both versions read the cloud and
post. On PostgreSQL both run at once, on a SQLite file by turns. A checkout without Git history has
no older version, so these tests are skipped there.
"""

from collections.abc import Awaitable, Callable

import pytest

from bot.core.delivery_ids import delivery_id
from bot.store import migrate
from tests.databases import NewUrl
from tests.proof.extent import IS_FULL, Results
from tests.proof.older import Turns, forging_older, make_older_database
from tests.proof.stage import Forge, Stage, staged
from tests.proof.story import JOB, PLACE, STATUSES

#: By schema revision: the last commit before the next migration. Versions before these need a
#: library that is no longer available.
VERSIONS = {
    "0007": "d4c74d2^",
    "0008": "34e50aa^",
    "0009": "dced4ec^",
    "0010": "80c141b^",
    "0011": "f48e56c^",
    "0012": "f48e56c",
    "0014": "9832012^",
    "0015": "395499e^",
}
TRIED = list(VERSIONS) if IS_FULL else ["0014"]
#: So many rounds are longer than any work is under way.
LONG_ROUNDS = 8


@pytest.mark.timeout(600 if IS_FULL else 240)
@pytest.mark.parametrize("revision", TRIED)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_the_version_before_a_migration_works_beside_the_newest_one(
    database: str,
    revision: str,
    forge: Forge,
    request: pytest.FixtureRequest,
    results: Results,
) -> None:
    new_url: NewUrl = request.getfixturevalue(f"new_{database}_url")
    url = new_url()
    await make_older_database(url, revision)
    with forging_older(VERSIONS[revision]) as older:
        async with staged(forge, url) as stage:
            await _roll_out(stage, Turns(stage, older))
            history = await stage.history()
            told = stage.told(PLACE)
            assert told == [delivery_id(PLACE, change) for change in history]
            assert len(stage.cards(PLACE)) == 1
    results.add(
        f"the version of schema {revision} beside this one, {database}",
        f"{len(told)} deliveries",
    )


async def _roll_out(stage: Stage, turns: Turns) -> None:
    """Let the older version subscribe alone, migrate, and let both versions see the changes."""

    async def is_told() -> bool:
        return await stage.is_quiet() and await stage.is_shown()

    stage.add_job(JOB, 1)
    actor = await turns.enter(0)
    await actor.do("subscribe", now=stage.clock(), job=JOB, channel=PLACE.channel_id)
    await actor.do("round", now=stage.clock())
    await migrate(stage.orders.database)
    await turns.enter(1)
    for number, status in enumerate(STATUSES, 1):
        stage.cloud.push(JOB, status)
        await turns.go_on_until(_has_seen(stage, number))
    await turns.go_on_until(is_told)
    stage.cloud.vanish(JOB)
    await turns.go_on_until(_has_seen(stage, len(STATUSES) + 1))
    await turns.go_on_until(is_told)
    await turns.go_on(LONG_ROUNDS)


def _has_seen(stage: Stage, changes: int) -> Callable[[], Awaitable[bool]]:
    async def has_seen() -> bool:
        return len(await stage.history()) == changes

    return has_seen
