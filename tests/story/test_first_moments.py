"""Nothing is lost before Slack has named the bot's identity, or while the database is dead."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.demo.workspace.cast import EXPERIMENTS
from tests.world import JSON, command_form, event, open_world, settle, sign

LEFT = {"type": "channel_left", "channel": EXPERIMENTS}


async def test_a_command_of_the_first_moment_waits_until_we_know_who_we_are(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        status, body = await world.post(command_form())

    assert (status, "flowers-tb" in body) == (200, True)


async def test_a_stranger_of_the_first_moment_is_a_stranger(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        status, body = await world.post(command_form(team_id="T0ELSEWHERE"))

    assert (status, "that installed me" in body) == (200, True)


@pytest.mark.slow
async def test_while_slack_does_not_say_who_we_are_nobody_is_told_anything(tmp_path: Path) -> None:
    async with open_world(tmp_path, SLACK_BOT_TOKEN="xoxb-nobodys") as world:
        asked, kept = await asyncio.gather(
            world.post(command_form()), world.post(event(event=LEFT, event_id="Ev1"), kind=JSON)
        )

    assert (asked[0], "flowers" in asked[1]) == (200, False)
    assert "Slack refuses my token" in asked[1], "whoever runs it has to look: it is no start"
    assert kept[0] == 503, "Slack sends it again"


async def test_while_slack_is_away_the_bot_is_starting(tmp_path: Path) -> None:
    async with open_world(tmp_path, SLACK_API_URL="http://127.0.0.1:9/api/") as world:
        status, body = await world.post(command_form())

    assert (status, "I'm still starting" in body) == (200, True)


async def test_an_event_that_met_a_dead_database_is_heard_when_it_comes_again(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path) as world:
        await settle(world)
        body = event(event=LEFT, event_id="Ev7").encode()
        signed_once = sign(body, world.clock)

        async def deliver() -> int:
            return (await world.post(body, kind=JSON, headers=signed_once))[0]

        async def run(sql: str) -> list[tuple[str, ...]]:
            return await asyncio.to_thread(_run, tmp_path / "visjob.db", sql)

        await run("ALTER TABLE hold RENAME TO away")
        assert await deliver() == 503
        await run("ALTER TABLE away RENAME TO hold")
        assert await deliver() == 200
        assert await deliver() == 200, "a replay"
        held = await run("SELECT channel_id, words FROM hold WHERE until IS NULL")

    assert held == [(EXPERIMENTS, "removed_from_channel")]


def _run(database: Path, sql: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        return connection.execute(sql).fetchall()
