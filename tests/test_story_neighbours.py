"""People of our organization's other workspaces, and of other companies in shared channels."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace.cast import BOT_USER, EXPERIMENTS, GENERAL, ME, Person
from bot.demo.workspace.tickets import Origin
from tests.world import ACTION, JSON, World, command_form, event, open_world, payload, said, settle

Json = dict[str, Any]

HOME = "T0VISION01"
SIBLING = "T0SIBLING1"
ORG = "E0VISION01"
THEIRS = "T0PARTNER1"
THEIR_ORG = "E0PARTNER1"
GRANT = {"enterprise_id": ORG, "team_id": HOME, "user_id": BOT_USER, "is_bot": True}
WIDE_GRANT = {**GRANT, "team_id": None, "is_enterprise_install": True}
LONE_GRANT = {**GRANT, "enterprise_id": None}
CLEO = Person(
    id="W0CLEO0001",
    name="cleo",
    real_name="Cleo Park",
    color="123456",
    team_id=SIBLING,
    enterprise_id=ORG,
)
PAT = Person(id="U0PAT00001", name="pat", real_name="Pat Moss", color="654321", team_id=THEIRS)
STRANGER = "you come from another one"
HOSTED_BY_US = {"team_id": HOME, "enterprise_id": ORG, "authorizations": [GRANT]}
HOSTED_BY_THEM = {"team_id": THEIRS, "context_team_id": HOME, "context_enterprise_id": ORG,
                  "authorizations": [GRANT], "is_ext_shared_channel": True}  # fmt: skip

#: What is said, whether it is answered, in a workspace of an organization.
COMMANDS: list[tuple[str, bool, Json]] = [
    ("our own workspace", True, {"team_id": HOME}),
    ("our own, with the organization", True, {"team_id": HOME, "enterprise_id": ORG}),
    ("another workspace of ours", True, {"team_id": SIBLING, "enterprise_id": ORG}),
    ("installed for the whole organization", True,
     {"team_id": SIBLING, "enterprise_id": ORG, "is_enterprise_install": "true"}),
    ("no workspace, but our organization", True, {"team_id": "", "enterprise_id": ORG}),
    ("our organization as the workspace", True, {"team_id": ORG}),
    ("another company's workspace", False, {"team_id": THEIRS}),
    ("another organization", False, {"team_id": THEIRS, "enterprise_id": THEIR_ORG}),
    ("another organization as the workspace", False, {"team_id": THEIR_ORG}),
    ("theirs, with ours as context", False, {"team_id": THEIRS, "context_team_id": HOME}),
    ("nobody", False, {"team_id": ""}),
]  # fmt: skip

TEAM = {"id": HOME, "domain": "vision-lab"}
OURS = {"team": TEAM, "enterprise": {"id": ORG, "name": "Vision"}}
INTERACTIONS: list[tuple[str, bool, Json]] = [
    ("our own workspace", True, {**OURS, "user": {"id": ME, "team_id": HOME}}),
    ("ours, and the team is theirs", True,
     {"team": {"id": THEIRS}, "user": {"id": ME, "team_id": HOME}}),
    ("another workspace of ours in a channel that is not shared", True,
     {**OURS, "user": {"id": ME, "team_id": SIBLING}}),
    ("another workspace of ours, the team too", True,
     {"team": {"id": SIBLING, "enterprise_id": ORG}, "user": {"id": ME, "team_id": SIBLING}}),
    ("another workspace of ours, with the organization beside", True,
     {"team": {"id": SIBLING}, "enterprise": {"id": ORG}, "user": {"id": ME, "team_id": SIBLING}}),
    ("our organization as the person's workspace", True,
     {**OURS, "user": {"id": ME, "team_id": ORG}}),
    ("installed for the whole organization: no team", True,
     {"team": None, "enterprise": {"id": ORG}, "is_enterprise_install": True,
      "user": {"id": ME, "team_id": SIBLING}}),
    ("neither a team nor the person's", True,
     {"team": None, "enterprise": {"id": ORG}, "is_enterprise_install": True, "user": {"id": ME}}),
    ("another organization", False,
     {"team": {"id": THEIRS}, "enterprise": {"id": THEIR_ORG},
      "user": {"id": ME, "team_id": THEIRS}}),
    ("another organization, clicking on ours", False,
     {**OURS, "user": {"id": ME, "team_id": THEIR_ORG}}),
    ("another company, and Slack names no organization", False,
     {"team": TEAM, "user": {"id": ME, "team_id": THEIRS}}),
    ("a shared channel, as the payload says", False,
     {**OURS, "user": {"id": ME, "team_id": THEIRS}, "is_ext_shared_channel": True}),
    ("a shared channel, as only Slack's answer says", False,
     {**OURS, "user": {"id": ME, "team_id": THEIRS}, "channel": {"id": GENERAL}}),
    ("a channel that nobody knows", False,
     {**OURS, "user": {"id": ME, "team_id": SIBLING}, "channel": {"id": "C0NOWHERE1"}}),
]  # fmt: skip

MENTIONS: list[tuple[str, bool, Json, Json]] = [
    ("our own", True, HOSTED_BY_US, {"team": HOME}),
    ("named by our organization", True, HOSTED_BY_US,
     {"team": HOME, "user_team": ORG, "source_team": ORG, "user_profile": {"team": ORG}}),
    ("another workspace of ours", True,
     {**HOSTED_BY_US, "is_ext_shared_channel": False}, {"team": SIBLING}),
    ("another workspace of ours, which the channel's answer shows", True, HOSTED_BY_US,
     {"team": SIBLING, "user_team": SIBLING}),
    ("another workspace, sent from there", True,
     {"team_id": SIBLING, "enterprise_id": ORG, "authorizations": [GRANT]}, {"team": SIBLING}),
    ("installed for the whole organization", True,
     {"team_id": SIBLING, "authorizations": [WIDE_GRANT], "is_ext_shared_channel": False},
     {"team": SIBLING}),
    ("a colleague in a channel shared with others", True, HOSTED_BY_THEM,
     {"team": SIBLING, "user_team": ORG}),
    ("ours in a channel of theirs", True, HOSTED_BY_THEM, {"team": HOME}),
    ("ours, written in a channel of theirs", True, HOSTED_BY_THEM,
     {"team": THEIRS, "user_team": HOME, "source_team": HOME}),
    ("theirs by team", False, HOSTED_BY_THEM, {"team": THEIRS}),
    ("theirs by user_team", False, {**HOSTED_BY_US, "is_ext_shared_channel": True},
     {"team": HOME, "user_team": THEIRS}),
    ("theirs by source_team", False, HOSTED_BY_US, {"team": HOME, "source_team": THEIR_ORG}),
    ("theirs by user_profile", False,
     {**HOSTED_BY_US, "is_ext_shared_channel": True},
     {"team": HOME, "user_profile": {"team": THEIRS}}),
    ("theirs by one of three", False, HOSTED_BY_US,
     {"team": HOME, "user_team": HOME, "source_team": HOME, "user_profile": {"team": THEIR_ORG}}),
    ("another workspace in a shared channel", False,
     {**HOSTED_BY_US, "is_ext_shared_channel": True}, {"team": SIBLING}),
    ("theirs, and only Slack's answer says that the channel is shared", False, HOSTED_BY_US,
     {"team": THEIRS, "channel": GENERAL}),
    ("nobody's, in a shared channel", False, {**HOSTED_BY_US, "is_ext_shared_channel": True}, {}),
    ("another organization's", False,
     {"team_id": THEIRS, "enterprise_id": THEIR_ORG, "authorizations": [GRANT],
      "is_ext_shared_channel": False}, {"team": THEIRS}),
]  # fmt: skip

HOMES: list[tuple[str, bool, Json]] = [
    ("our own", True, HOSTED_BY_US),
    ("another workspace of ours", True,
     {"team_id": SIBLING, "enterprise_id": ORG, "authorizations": [GRANT]}),
    ("another workspace of ours, told by the installation", True,
     {"team_id": SIBLING, "authorizations": [GRANT], "is_ext_shared_channel": False}),
    ("our organization", True, {"team_id": ORG, "authorizations": [WIDE_GRANT]}),
    ("another company's", False, {"team_id": THEIRS, "authorizations": [GRANT]}),
    ("another organization's", False,
     {"team_id": THEIRS, "enterprise_id": THEIR_ORG, "authorizations": [GRANT]}),
]  # fmt: skip


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
    wanted = {f"U0ROW{number}" for number, (_, is_drawn, _) in enumerate(HOMES) if is_drawn}
    assert drawn == wanted


async def test_what_a_colleague_subscribes_is_found_by_those_of_our_workspace(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path, enterprise=(ORG, SIBLING)) as world:
        await settle(world)
        await world.post(
            command_form(text="subscribe 205", team_id=SIBLING, enterprise_id=ORG, trigger_id="1.1")
        )

        assert "205" in said(await world.type("/visjob subscriptions"))


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


#: Who is told of what happens in a channel.
RECIPIENTS: list[tuple[str, bool, Json]] = [
    ("us, by the outer team", True, {"team_id": HOME}),
    ("us, by the context alone", True, {"team_id": THEIRS, "context_team_id": HOME}),
    ("us, by the authorizations alone", True, {"team_id": THEIRS, "authorizations": [LONE_GRANT]}),
    ("us, and their side is the context", True,
     {"team_id": THEIRS, "enterprise_id": THEIR_ORG, "context_team_id": THEIRS,
      "context_enterprise_id": THEIR_ORG, "authorizations": [GRANT],
      "is_ext_shared_channel": True}),
    ("us, by the second authorization", True,
     {"team_id": THEIRS, "authorizations": [{"team_id": THEIRS}, LONE_GRANT]}),
    ("us, without an outer team", True, {"team_id": None, "authorizations": [LONE_GRANT]}),
    ("them alone", False, {"team_id": THEIRS, "authorizations": [{"team_id": THEIRS}]}),
    ("them, by everything", False, {"team_id": THEIRS, "context_team_id": THEIRS}),
    ("nobody", False, {"team_id": None}),
    ("odd authorizations", False, {"team_id": THEIRS, "authorizations": "none"}),
]  # fmt: skip
FREEING: list[Json] = [
    {"type": "channel_unarchive", "channel": EXPERIMENTS, "user": ME},
    {"type": "group_unarchive", "channel": EXPERIMENTS, "user": ME},
    {"type": "member_joined_channel", "channel": EXPERIMENTS, "user": BOT_USER, "team": HOME},
    {"type": "member_joined_channel", "channel": EXPERIMENTS, "user": BOT_USER, "team": THEIRS},
]


@pytest.mark.parametrize("freeing", FREEING, ids=lambda one: f"{one['type']}-{one.get('team')}")
async def test_news_held_in_a_shared_channel_is_freed_by_events_for_us(
    world: World, tmp_path: Path, freeing: Json
) -> None:
    await world.type("/visjob subscribe 205")
    for number, (sentence, is_ours, wrapper) in enumerate(RECIPIENTS):
        left = {"type": "channel_left", "channel": EXPERIMENTS}
        await world.post(event(event=left, event_id=f"EvL{number}"), kind=JSON)
        assert held(tmp_path) == [EXPERIMENTS]

        body = event(event=freeing, event_id=f"EvF{number}", **wrapper)
        assert await world.post(body, kind=JSON) == (200, ""), sentence

        assert held(tmp_path) == ([] if is_ours else [EXPERIMENTS]), sentence


async def test_a_channel_gets_the_id_that_sharing_gives_it(world: World, tmp_path: Path) -> None:
    await world.type("/visjob subscribe 205")
    for number, (sentence, is_ours, wrapper) in enumerate(RECIPIENTS):
        old, new = subscribed(tmp_path), f"C0SHARED{number:02}"
        changed = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}
        body = event(event=changed, event_id=f"Ev{number}", **wrapper)
        assert await world.post(body, kind=JSON) == (200, ""), sentence

        assert subscribed(tmp_path) == (new if is_ours else old), sentence


async def test_what_happens_in_a_shared_channel_is_heard_from_the_stand_in(
    world: World, tmp_path: Path
) -> None:
    await world.type("/visjob subscribe 205")
    world.workspace.admin.share(EXPERIMENTS, THEIRS)
    await world.workspace.archive(EXPERIMENTS)
    assert held(tmp_path) == [EXPERIMENTS]

    await world.workspace.admin.unarchive(EXPERIMENTS)

    assert held(tmp_path) == []


def a_mention(number: int) -> Json:
    """A mention that is known by its thread."""
    said = {"type": "app_mention", "user": ME, "text": f"<@{BOT_USER}> 205", "ts": "1.1"}
    return {**said, "channel": EXPERIMENTS, "thread_ts": thread(number)}


def thread(number: int) -> str:
    return f"1700000000.{number:06}"


def threads(world: World) -> set[str]:
    """The threads in which somebody was answered."""
    return {
        entry.arguments["thread_ts"]
        for entry in world.workspace.journal
        if entry.method == "chat.postEphemeral"
    }


async def enveloped(world: World, kind: Any, body: Json) -> Json:
    """Send through the socket; what the acknowledgement carries."""
    await world.workspace.until(lambda: world.workspace.sockets.count)
    return await world.workspace.sockets.send(kind, body, accepts_payload=True, patience=3)


async def clicked(world: World, fields: Json) -> str:
    """What the person is told through the response URL."""
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
    """The choices that a search box offers."""
    asked = {"type": "block_suggestion", "action_id": "visjob:search:0", "block_id": "b"}
    channel = {"channel": {"id": EXPERIMENTS}}
    status, body = await world.post(payload(**{**asked, **channel, **fields}, value="flow"))
    assert status == 200
    options: list[Json] = json.loads(body)["options"]
    return options


def held(folder: Path) -> list[str]:
    """The channels whose news waits."""
    with closing(sqlite3.connect(folder / "visjob.db")) as database:
        rows = database.execute("SELECT channel_id FROM place WHERE paused_at IS NOT NULL")
        return [channel_id for (channel_id,) in rows]


def subscribed(folder: Path) -> str:
    """The one channel with a subscription."""
    with closing(sqlite3.connect(folder / "visjob.db")) as database:
        ((channel_id,),) = database.execute("SELECT channel_id FROM subscription")
        return str(channel_id)
