"""After an invitation to a channel, the bot explains once what it can do."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.demo.workspace.cast import (
    BEN,
    BOT_USER,
    DEFAULT_SCOPES,
    EXPERIMENTS,
    GENERAL,
    HIDDEN,
    ME,
    Channel,
)
from tests.neighbours import HOME, THEIRS
from tests.reach import open_small
from tests.slack.oracles import hold_message
from tests.story.test_shared_channels import held
from tests.waiting import until
from tests.world import JSON, World, event

Json = dict[str, Any]
HELLO = "Hello! I report on your ModelArts TensorBoard jobs."
ALONE = "I only answer people of the workspace that installed me."


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[World]:
    async with open_small(tmp_path) as made:
        yield made


def told(world: World, channel: str) -> list[Json]:
    """Return the bot's messages in a channel."""
    return [one for one in world.workspace.messages(channel) if one["user"] == BOT_USER]


async def invite(world: World, channel: str) -> None:
    """Invite the bot, and wait until it has got the event."""
    await world.workspace.admin.invite(channel)
    await world.workspace.out.settle()


def joined(channel: str, number: int = 1, user: str = BOT_USER, **wrapper: Any) -> str:
    """Return the event that a person or the bot joined, as Slack sends it."""
    told = {"type": "member_joined_channel", "user": user, "channel": channel, "team": HOME}
    return event(event=told, event_id=f"Ev{number}", **wrapper)


async def heard_all(world: World, number: int = 99) -> None:
    """Wait until earlier events have been handled: the greeting of a later channel comes after
    them."""
    channel = Channel(id=f"C0LATER{number:03}", name="later", kind="channel", members={BOT_USER})
    world.workspace.admin.add_channel(channel)
    await world.post(joined(channel.id, number), kind=JSON)
    await world.workspace.until(lambda: told(world, channel.id))


async def test_a_channel_hears_what_the_bot_can_do_and_may_open_the_form(small: World) -> None:
    await invite(small, HIDDEN)
    [hello] = await small.workspace.until(lambda: told(small, HIDDEN))

    assert hello["text"].startswith(HELLO)
    assert "/visjob subscribe 205" in hello["text"]
    assert ALONE not in hello["text"]
    blocks = [{name: block[name] for name in block if name != "block_id"}
              for block in hello["blocks"]]  # fmt: skip
    hold_message({"text": hello["text"], "blocks": blocks})
    assert "thread_ts" not in hello
    await small.workspace.click(hello, "Subscribe to a job…")
    await small.modal_with("Where to post")


async def test_a_second_install_says_its_own_command(tmp_path: Path) -> None:
    async with open_small(tmp_path, command="/tb") as world:
        await invite(world, HIDDEN)
        [hello] = await world.workspace.until(lambda: told(world, HIDDEN))

        assert "/tb subscribe 205" in hello["text"]
        assert "/visjob" not in hello["text"]


async def test_it_says_so_once_whatever_comes_again(small: World) -> None:
    await invite(small, HIDDEN)
    await small.workspace.until(lambda: told(small, HIDDEN))
    await small.workspace.kick(HIDDEN)
    await invite(small, HIDDEN)
    for number in (1, 2):
        assert (await small.post(joined(HIDDEN, number), kind=JSON))[0] == 200
    assert (await small.post(joined(HIDDEN, 2) + " ", kind=JSON))[0] == 200

    await heard_all(small)

    assert len(told(small, HIDDEN)) == 1


async def test_not_again_after_a_restart(tmp_path: Path) -> None:
    async with open_small(tmp_path) as world:
        await invite(world, HIDDEN)
        await world.workspace.until(lambda: told(world, HIDDEN))
    async with open_small(tmp_path) as world:
        await heard_all(world, 98)
        await world.workspace.kick(HIDDEN)
        await invite(world, HIDDEN)
        await heard_all(world, 97)

        assert told(world, HIDDEN) == []
        assert told(world, EXPERIMENTS) == []


async def test_nobody_elses_coming_is_greeted(small: World) -> None:
    assert (await small.post(joined(GENERAL, user=BEN), kind=JSON))[0] == 200
    assert (await small.post(joined(GENERAL, 2, user=ME), kind=JSON))[0] == 200

    await heard_all(small)

    assert told(small, GENERAL) == []


async def test_in_a_shared_channel_it_says_whom_it_answers(small: World) -> None:
    small.workspace.admin.share(HIDDEN, THEIRS)

    await invite(small, HIDDEN)
    [hello] = await small.workspace.until(lambda: told(small, HIDDEN))

    assert ALONE in hello["text"]


async def test_an_invitation_of_another_workspaces_bot_is_not_ours(small: World) -> None:
    body = joined(HIDDEN, team_id=THEIRS, authorizations=[{"team_id": THEIRS}])
    assert (await small.post(body, kind=JSON))[0] == 200

    await heard_all(small)

    assert told(small, HIDDEN) == []


@pytest.mark.slow
async def test_what_waited_for_the_invitation_is_sent_as_ever(small: World, tmp_path: Path) -> None:
    await small.workspace.type(HIDDEN, "/visjob subscribe 205")
    await until(lambda: is_held(tmp_path))

    await invite(small, HIDDEN)
    await small.workspace.until(lambda: len(told(small, HIDDEN)) > 1)

    assert held(tmp_path) == []
    kinds = [one.get("metadata", {}).get("event_type") for one in told(small, HIDDEN)]
    assert sorted(kind or "" for kind in kinds) == ["visjob_card", "visjob_greeting"]


async def is_held(folder: Path) -> bool:
    return held(folder) == [HIDDEN]


#: How Slack answers the post of the greeting.
TROUBLE: list[tuple[str, Json]] = [
    ("too fast", {"kind": "rate_limited", "retry_after": 3}),
    ("too fast, and again", {"kind": "rate_limited", "retry_after": 3, "count": 2}),
    ("it does not know yet that we are in", {"kind": "error", "error": "not_in_channel"}),
    ("the same for a while", {"kind": "error", "error": "not_in_channel", "count": 3}),
    ("nobody may post for a while", {"kind": "error", "error": "restricted_action"}),
    ("a failure of its own", {"kind": "http_error", "status": 503}),
    ("a failure of its own, twice", {"kind": "http_error", "status": 500, "count": 2}),
    ("a failure of its own, and it is there",
     {"kind": "http_error", "status": 500, "applied": "yes"}),
    ("an error after the fact", {"kind": "error", "error": "fatal_error", "applied": "yes"}),
    ("no answer", {"kind": "reset"}),
    ("no answer, and it is there", {"kind": "reset", "applied": "yes"}),
    ("a page of a proxy", {"kind": "html"}),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "fault"), TROUBLE, ids=[row[0] for row in TROUBLE])
@pytest.mark.slow
async def test_what_slack_refuses_is_said_later_and_once(
    small: World, sentence: str, fault: Json
) -> None:
    small.workspace.faults.add(method="chat.postMessage", channel=HIDDEN, **fault)

    await invite(small, HIDDEN)
    await small.workspace.until(lambda: small.workspace.faults.injected)
    await greeted(small)
    for number in (1, 2):
        await small.post(joined(HIDDEN, number), kind=JSON)
    await heard_all(small)

    assert len(told(small, HIDDEN)) == 1, sentence
    assert told(small, HIDDEN)[0]["text"].startswith(HELLO)


async def greeted(world: World) -> None:
    """Wait until the database has recorded the channel's greeting as sent."""

    async def is_sent() -> bool:
        world.clock.advance(seconds=1)
        return _state_of_greeting(world, HIDDEN) == "sent"

    await until(is_sent)


def _state_of_greeting(world: World, channel: str) -> str:
    file = world.settings["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT state FROM delivery WHERE kind = 'greeting' AND channel_id = ?"
        [(state,)] = database.execute(query, (channel,))
        return str(state)


async def test_where_what_was_posted_may_not_be_looked_for_it_is_not_said_again(
    small: World,
) -> None:
    scopes = frozenset(DEFAULT_SCOPES) - {"channels:history", "groups:history", "im:history"}
    small.workspace.state.installation.scopes = scopes
    small.workspace.faults.add("reset", method="chat.postMessage", applied="yes")

    await invite(small, HIDDEN)
    await small.workspace.until(lambda: small.workspace.faults.injected)

    async def is_dead() -> bool:
        small.clock.advance(seconds=5)
        return _state_of_greeting(small, HIDDEN) == "dead"

    await until(is_dead)
    await small.workspace.kick(HIDDEN)
    await invite(small, HIDDEN)
    await heard_all(small)
    assert len(told(small, HIDDEN)) == 1


async def test_a_restart_between_the_invitation_and_the_post_loses_no_greeting(
    tmp_path: Path,
) -> None:
    async with open_small(tmp_path) as world:
        world.workspace.faults.add(
            "rate_limited", method="chat.postMessage", retry_after=60, count=9
        )
        await invite(world, HIDDEN)
        await world.workspace.until(lambda: world.workspace.faults.injected)
    async with open_small(tmp_path) as world:
        world.workspace.state.channels[HIDDEN].members.add(BOT_USER)
        world.clock.advance(seconds=61)
        await world.workspace.until(lambda: told(world, HIDDEN))


@pytest.mark.parametrize("code", ["restricted_action", "is_archived", "not_in_channel"])
@pytest.mark.slow
async def test_where_it_may_not_post_there_is_no_noise(
    small: World, tmp_path: Path, code: str
) -> None:
    small.workspace.faults.add(
        "error", method="chat.postMessage", error=code, channel=HIDDEN, count=99
    )
    with capture_logs() as entries:
        await invite(small, HIDDEN)
        await until(lambda: _said(entries, "delivery_refused"))
        await heard_all(small)

    assert told(small, HIDDEN) == []
    assert held(tmp_path) == [], "what is subscribed there is held by its own refusal"
    assert [e for e in entries if e["log_level"] in ("warning", "error")] == []


async def _said(entries: list[Any], name: str) -> bool:
    return any(entry["event"] == name for entry in entries)
