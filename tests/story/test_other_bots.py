"""Messages of programs are never answered, because two bots would answer each other for ever."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace.cast import BOT_USER, EXPERIMENTS, ME, Person
from tests.neighbours import HOME, Json, a_mention, thread, threads
from tests.world import JSON, World, event, open_world, settle

BOTS: list[tuple[str, Json]] = [
    ("a bot", {"bot_id": "B0OTHER001"}),
    ("a bot that has a user", {"bot_id": "B0OTHER001", "user": ME, "team": HOME}),
    ("a bot by its profile", {"bot_profile": {"id": "B0OTHER001", "name": "deploys"}}),
    ("a message of an integration", {"subtype": "bot_message", "username": "deploys"}),
    ("our own user", {"user": BOT_USER}),
    ("our own user, as the bot that it is", {"user": BOT_USER, "bot_id": "B0VISJOB01"}),
    ("Slack's own bot", {"user": "USLACKBOT"}),
]


@pytest.mark.parametrize("socket_mode", [False, True])
async def test_bots_are_never_answered(tmp_path: Path, *, socket_mode: bool) -> None:
    async with open_world(tmp_path, socket_mode=socket_mode) as world:
        await settle(world)
        people: list[tuple[str, Json]] = [
            ("a person", {"bot_id": None, "bot_profile": None}),
            ("a guest", {"bot_id": ""}),
        ]
        for number, (_, fields) in enumerate([*BOTS, *people]):
            body = event(event_id=f"Ev{number}", event=a_mention(number) | fields)
            if socket_mode:
                await enveloped(world, "events_api", json.loads(body))
            else:
                assert await world.post(body, kind=JSON) == (200, "")

    assert threads(world) == {thread(len(BOTS)), thread(len(BOTS) + 1)}


async def test_two_bots_do_not_talk_for_ever(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await settle(world)
        world.workspace.admin.add_person(
            Person(id="U0ROBOT001", name="robot", real_name="R", color="1", is_bot=True),
            EXPERIMENTS,
        )
        for _ in range(3):
            await world.workspace.mention(EXPERIMENTS, "205 share", user="U0ROBOT001")

    assert [entry.method for entry in world.workspace.journal if "chat" in entry.method] == []


async def enveloped(world: World, kind: Any, body: Json) -> Json:
    """Send an envelope through the socket, and return the payload of the acknowledgement."""
    await world.workspace.until(lambda: world.workspace.sockets.count)
    return await world.workspace.sockets.send(kind, body, accepts_payload=True, patience=3)
