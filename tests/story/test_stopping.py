"""The bot is stopped while it works."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.waiting import until
from tests.world import World, open_world, settle


async def under_way(world: World) -> bool:
    """True once a slow call has begun."""
    return bool(world.workspace.faults.injected)


async def test_a_post_under_way_when_the_bot_stops_is_finished_and_recorded(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await settle(world)
        world.workspace.faults.add("slow", method="chat.postMessage", seconds=1.5)
        await world.type("/visjob subscribe 205")
        await until(lambda: under_way(world))

    with closing(sqlite3.connect(tmp_path / "visjob.db")) as database:
        [(state, ts)] = database.execute("SELECT state, ts FROM delivery").fetchall()
    assert state == "sent"
    assert ts
