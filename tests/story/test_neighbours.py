"""The bot distinguishes people of our organization's other workspaces from those of other
companies."""

import json
from pathlib import Path

import pytest

from bot.demo.workspace.cast import EXPERIMENTS, GENERAL, ME, Person
from bot.demo.workspace.tickets import Origin
from tests.neighbours import (
    COMMANDS,
    HOME,
    HOMES,
    INTERACTIONS,
    MENTIONS,
    ORG,
    OURS,
    SIBLING,
    STRANGER,
    THEIRS,
    Json,
    a_mention,
    thread,
    threads,
)
from tests.world import ACTION, JSON, World, command_form, event, open_world, payload, said, settle

CLEO = Person(
    id="W0CLEO0001",
    name="cleo",
    real_name="Cleo Park",
    color="123456",
    team_id=SIBLING,
    enterprise_id=ORG,
)
PAT = Person(id="U0PAT00001", name="pat", real_name="Pat Moss", color="654321", team_id=THEIRS)


async def test_commands_are_answered_to_the_whole_organization(tmp_path: Path) -> None:
    async with open_world(tmp_path, enterprise=(ORG, SIBLING)) as world:
        await settle(world)
        for number, (sentence, is_answered, fields) in enumerate(COMMANDS):
            status, body = await world.post(command_form(trigger_id=f"1.{number}", **fields))

            assert status == 200, sentence
            assert ("flowers-tb" in body, STRANGER in body) == (is_answered, not is_answered), (
                sentence
            )


@pytest.mark.parametrize(("sentence", "is_answered", "fields"), COMMANDS[:4])
async def test_a_workspace_without_an_organization_knows_no_colleagues(
    world: World, sentence: str, *, is_answered: bool, fields: Json
) -> None:
    del is_answered
    _, body = await world.post(command_form(**fields))

    assert ("flowers-tb" in body) == (fields["team_id"] == HOME), sentence


async def test_clicks_and_searches_are_answered_to_the_whole_organization(tmp_path: Path) -> None:
    async with open_world(tmp_path, enterprise=(ORG, SIBLING)) as world:
        await settle(world)
        world.workspace.admin.share(GENERAL, THEIRS)
        for sentence, is_answered, fields in INTERACTIONS:
            answer = await clicked(world, fields)
            found = await searched(world, fields)

            assert ("flowers-tb" in answer) == is_answered, sentence
            assert (STRANGER in answer) != is_answered, sentence
            assert bool(found) == is_answered, sentence


async def test_slack_says_whether_a_channel_is_shared_and_is_asked_once_a_minute(
    tmp_path: Path,
) -> None:
    colleague = {**OURS, "user": {"id": ME, "team_id": SIBLING}}
    async with open_world(tmp_path, enterprise=(ORG, SIBLING)) as world:
        await settle(world)
        world.workspace.faults.add("http_error", method="conversations.info")
        refused = await clicked(world, colleague)
        answers = [await clicked(world, colleague) for _ in range(3)]

    asked = [entry for entry in world.workspace.journal if entry.method == "conversations.info"]
    assert STRANGER in refused, "what nobody knows is shown to nobody"
    assert all("flowers-tb" in answer for answer in answers)
    assert len(asked) == 2


async def test_a_click_on_ones_own_page_is_answered_to_a_colleague(tmp_path: Path) -> None:
    async with open_world(tmp_path, enterprise=(ORG, SIBLING)) as world:
        await settle(world)
        home = {"type": "home", "id": "V0HOME", "team_id": HOME, "app_installed_team_id": HOME}
        trigger_id = world.workspace.state.tickets.issue_trigger(ME)
        click = {"type": "block_actions", "actions": [ACTION], "trigger_id": trigger_id}
        user = {"id": ME, "team_id": SIBLING}
        await world.post(payload(**click, **OURS, user=user, view=home, container={"type": "view"}))

        assert "flowers-tb" in said(await world.modal_with("flowers-tb"))


async def test_mentions_are_answered_to_the_whole_organization_and_to_nobody_else(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path, enterprise=(ORG, SIBLING)) as world:
        await settle(world)
        world.workspace.admin.share(GENERAL, THEIRS)
        for number, (sentence, _, wrapper, fields) in enumerate(MENTIONS):
            mention = a_mention(number) | fields
            body = event(event_id=f"Ev{number}", event=mention, **wrapper)
            assert await world.post(body, kind=JSON) == (200, ""), sentence

    found = [row[0] for number, row in enumerate(MENTIONS) if thread(number) in threads(world)]
    assert found == [sentence for sentence, is_answered, *_ in MENTIONS if is_answered]


async def test_home_tabs_are_drawn_for_the_whole_organization(tmp_path: Path) -> None:
    async with open_world(tmp_path, enterprise=(ORG, SIBLING)) as world:
        await settle(world)
        for number, (sentence, _, wrapper) in enumerate(HOMES):
            opened = {"type": "app_home_opened", "tab": "home", "user": f"U0ROW{number}",
                      "channel": "D0ROW00001"}  # fmt: skip
            body = event(event_id=f"Ev{number}", event=opened, **wrapper)
            assert await world.post(body, kind=JSON) == (200, ""), sentence

    drawn = {e.arguments["user_id"] for e in world.workspace.journal if e.method == "views.publish"}
    event_filter = {f"U0ROW{number}" for number, (_, is_drawn, _) in enumerate(HOMES) if is_drawn}
    assert drawn == event_filter


async def test_what_a_colleague_subscribes_is_found_by_those_of_our_workspace(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path, enterprise=(ORG, SIBLING)) as world:
        await settle(world)
        await world.post(
            command_form(text="subscribe 205", team_id=SIBLING, enterprise_id=ORG, trigger_id="1.1")
        )

        assert "205" in said(await world.type("/visjob subscriptions"))


async def test_a_colleague_and_a_stranger_at_the_keyboard(tmp_path: Path) -> None:
    """The same through a socket, with the payloads of the stand-in."""
    async with open_world(tmp_path, enterprise=(ORG, SIBLING), socket_mode=True) as world:
        await settle(world)
        workspace = world.workspace
        workspace.admin.share(GENERAL, THEIRS)
        workspace.admin.add_person(CLEO, EXPERIMENTS, GENERAL)
        workspace.admin.add_person(PAT, GENERAL)
        ours = await workspace.type(EXPERIMENTS, "/visjob 205", user=CLEO.id)
        theirs = await workspace.type(GENERAL, "/visjob 205", user=PAT.id)
        await workspace.mention(GENERAL, "205", user=PAT.id)
        await workspace.mention(GENERAL, "205", user=CLEO.id)
        await workspace.until(lambda: workspace.ephemerals(GENERAL, CLEO.id))
        await workspace.open_home(CLEO.id)
        await workspace.until(lambda: workspace.home(CLEO.id))

    assert "flowers-tb" in said(ours[-1])
    assert STRANGER in said(theirs[-1])
    assert len(workspace.ephemerals(GENERAL, PAT.id)) == 1


async def clicked(world: World, fields: Json) -> str:
    """Send a click, and return what the person reads through the response URL."""
    channel_id = fields.get("channel", {}).get("id", EXPERIMENTS)
    hook = world.workspace.state.tickets.issue_hook(Origin(user=ME, channel=EXPERIMENTS))
    click = {
        "type": "block_actions",
        "actions": [{**ACTION, "value": "205"}],
        "channel": {"id": channel_id},
        "container": {"type": "message", "channel_id": channel_id, "is_ephemeral": False},
        "response_url": f"{world.workspace.state.origin}/hooks/{HOME}/{hook}",
        "trigger_id": hook,
    }
    before = len(world.whispers())
    assert await world.post(payload(**{**click, **fields})) == (200, "")
    shown = await world.workspace.until(lambda: world.whispers()[before:])
    return said(shown[0])


async def searched(world: World, fields: Json) -> list[Json]:
    """Return the choices that a search box offers."""
    asked = {"type": "block_suggestion", "action_id": "visjob:search:0", "block_id": "b"}
    channel = {"channel": {"id": EXPERIMENTS}}
    status, body = await world.post(payload(**{**asked, **channel, **fields}, value="flow"))
    assert status == 200
    options: list[Json] = json.loads(body)["options"]
    return options
