"""Invited to a channel, the bot says once what it can do."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.demo.workspace.cast import BEN, BOT_USER, EXPERIMENTS, GENERAL, HIDDEN, ME, Channel
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
    """What the bot wrote in a channel."""
    return [one for one in world.workspace.messages(channel) if one["user"] == BOT_USER]


async def invite(world: World, channel: str) -> None:
    """Let the bot in, and wait until it has heard of it."""
    await world.workspace.admin.invite(channel)
    await world.workspace.out.settle()


def joined(channel: str, number: int = 1, user: str = BOT_USER, **wrapper: Any) -> str:
    """The event as Slack signs it."""
    told = {"type": "member_joined_channel", "user": user, "channel": channel, "team": HOME}
    return event(event=told, event_id=f"Ev{number}", **wrapper)


async def heard_all(world: World, number: int = 99) -> None:
    """Until all that was begun is said: another channel's greeting comes after it."""
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
    await small.workspace.click(hello, "Follow a job…")
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


async def test_what_waited_for_the_invitation_is_sent_as_ever(small: World, tmp_path: Path) -> None:
    await small.workspace.type(HIDDEN, "/visjob subscribe 205")
    await until(lambda: is_held(tmp_path))

    await invite(small, HIDDEN)
    await small.workspace.until(lambda: len(told(small, HIDDEN)) > 1)

    assert held(tmp_path) == []
    kinds = [one.get("metadata", {}).get("event_type") for one in told(small, HIDDEN)]
    assert sorted(kind or "" for kind in kinds) == ["", "visjob_card"]


async def is_held(folder: Path) -> bool:
    return held(folder) == [HIDDEN]


@pytest.mark.parametrize("code", ["restricted_action", "is_archived", "not_in_channel"])
async def test_where_it_may_not_post_there_is_no_noise(
    small: World, tmp_path: Path, code: str
) -> None:
    small.workspace.faults.add("error", method="chat.postMessage", error=code)
    with capture_logs() as entries:
        await invite(small, HIDDEN)
        await until(lambda: _said(entries, "greeting_not_posted"))
        await heard_all(small)

    assert told(small, HIDDEN) == []
    assert held(tmp_path) == []
    assert [e for e in entries if e["log_level"] in ("warning", "error")] == []


async def _said(entries: list[Any], name: str) -> bool:
    return any(entry["event"] == name for entry in entries)
