"""Requests take effect once: with two replicas, after a restart, however often they are sent."""

import json
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace.cast import BOT_USER, EXPERIMENTS, GENERAL, ME
from bot.demo.workspace.tickets import Origin
from bot.store import open_store
from tests.databases import NewUrl
from tests.world import (
    ACTION,
    FORM,
    JSON,
    World,
    command_form,
    event,
    open_replica,
    open_world,
    payload,
    said,
    settle,
    sign,
)

Json = dict[str, Any]
Sent = tuple[str, str]


@pytest.fixture
def ready_url(postgresql_tables: NewUrl) -> str:
    """The URL of a PostgreSQL database with our tables."""
    return postgresql_tables()


def mention(text: str, event_id: str, **fields: object) -> Sent:
    said = {"type": "app_mention", "user": ME, "text": f"<@{BOT_USER}> {text}", "ts": "1.1",
            "channel": EXPERIMENTS, "team": "T0VISION01"}  # fmt: skip
    return event(event_id=event_id, event={**said, **fields}), JSON


def nameless_mention(text: str, ts: str) -> Sent:
    body = json.loads(mention(text, "", ts=ts, event_ts=ts)[0])
    del body["event_id"]
    return json.dumps(body), JSON


def command(text: str, trigger_id: str) -> Sent:
    return command_form(text=text, trigger_id=trigger_id), FORM


def press(world: World, text: str, trigger_id: str) -> Sent:
    hook = world.workspace.state.tickets.issue_hook(Origin(user=ME, channel=EXPERIMENTS))
    return payload(
        type="block_actions", actions=[{**ACTION, "value": text}], trigger_id=trigger_id,
        user={"id": ME, "team_id": "T0VISION01"}, team={"id": "T0VISION01"},
        channel={"id": EXPERIMENTS}, container={"type": "message", "is_ephemeral": True},
        response_url=f"{world.workspace.state.origin}/hooks/T0VISION01/{hook}",
    ), FORM  # fmt: skip


def form(trigger_id: str) -> Sent:
    values = {"job": {"value": {"selected_option": {"value": "id:205"}}},
              "place": {"value": {"selected_conversation": EXPERIMENTS}}}  # fmt: skip
    view = {"type": "modal", "id": "V1", "callback_id": "visjob_subscribe",
            "blocks": [], "state": {"values": values}}  # fmt: skip
    return payload(type="view_submission", user={"id": ME, "team_id": "T0VISION01"},
                   team={"id": "T0VISION01"}, trigger_id=trigger_id, view=view), FORM  # fmt: skip


def _has_shared(world: World, count: int) -> bool:
    return len(shared(world)) >= count


def _has_whispers(world: World, count: int) -> bool:
    return len(world.whispers()) >= count


def shared(world: World) -> list[Json]:
    """Return the answers that everybody in #experiments sees."""
    return [one for one in world.workspace.messages(EXPERIMENTS) if "flowers-tb" in said(one)]


async def followed(world: World) -> str:
    """Return the list of subscriptions of #experiments."""
    return (await world.post(command_form(text="subscriptions", trigger_id=""), kind=FORM))[1]


@pytest.mark.slow
async def test_a_public_answer_is_posted_once_by_two_replicas(
    tmp_path: Path, ready_url: str
) -> None:
    async with open_world(tmp_path, DATABASE_URL=ready_url) as world, open_replica(world) as other:
        await settle(world)
        await settle(other)
        for number, sent in enumerate(
            [
                mention("205 share", "Ev1"),
                nameless_mention("205 share", "1700000000.000100"),
                press(world, "205 share", "9.9.9"),
            ]
        ):
            for replica in (world, other, other, world):
                assert (await replica.post(sent[0], kind=sent[1]))[0] == 200
            await world.workspace.until(partial(_has_shared, world, number + 1))
            # A later press is answered last, so by then each replica has handled the earlier one.
            for replica in (world, other):
                await pressed(replica, number)
            assert len(shared(world)) == number + 1, sent


async def test_a_command_replayed_at_another_replica_posts_nothing(
    tmp_path: Path, ready_url: str
) -> None:
    async with open_world(tmp_path, DATABASE_URL=ready_url) as world, open_replica(world) as other:
        await settle(world)
        await settle(other)
        body, kind = command("205 share", "7.7.7")
        first = json.loads((await world.post(body, kind=kind))[1])
        again = json.loads((await other.post(body, kind=kind))[1])

    assert (first["response_type"], again["response_type"]) == ("in_channel", "ephemeral")
    assert "already" in again["text"]
    assert "flowers-tb" not in said(again)


@pytest.mark.parametrize("is_restarted", [True, False])
@pytest.mark.parametrize(
    ("sentence", "before", "replayed", "after", "is_followed"),
    [
        ("a subscription that was ended since", [], command("subscribe 205", "1.1"),
         [command("unsubscribe 205", "1.2")], False),
        ("a mention that subscribes", [], mention("subscribe 205", "Ev1"),
         [command("unsubscribe 205", "1.2")], False),
        ("an end of what is followed again", [command("subscribe 205", "1.1")],
         command("unsubscribe 205", "1.2"), [command("subscribe 205", "1.3")], True),
        ("an end of everything", [command("subscribe 205", "1.1")],
         mention("unsubscribe all", "Ev1"), [command("subscribe 205", "1.3")], True),
        ("a copy whose subscription was ended since",
         [command_form(text="subscribe 205", channel_id=GENERAL, trigger_id="1.1")],
         (command_form(text=f"copy 205 to #{EXPERIMENTS}", channel_id=GENERAL, trigger_id="1.2"),
          FORM),
         [command("unsubscribe 205", "1.3")], False),
        ("a form that was sent", [], form("1.1"), [command("unsubscribe 205", "1.2")], False),
    ],
)  # fmt: skip
async def test_a_request_that_is_replayed_changes_nothing(
    tmp_path: Path,
    ready_url: str,
    is_restarted: bool,
    sentence: str,
    before: list[Any],
    replayed: Sent,
    after: list[Sent],
    is_followed: bool,
) -> None:
    files = f"sqlite:///{tmp_path / 'visjob.db'}"
    async with open_world(tmp_path, DATABASE_URL=files if is_restarted else ready_url) as world:
        await settle(world)
        for one in (*before, replayed, *after):
            body, kind = one if isinstance(one, tuple) else (one, FORM)
            heard = len(world.whispers())
            assert (await world.post(body, kind=kind))[0] == 200
            if kind == JSON:  # a slow answer comes after the acknowledgement
                await world.workspace.until(partial(_has_whispers, world, heard + 1))
        headers = sign(replayed[0].encode(), world.clock)
        assert ("flowers-tb" in await followed(world)) == is_followed, sentence
        if not is_restarted:
            async with open_replica(world) as other:
                await settle(other)
                await other.post(replayed[0], kind=replayed[1], headers=headers)
                assert ("flowers-tb" in await followed(other)) == is_followed, sentence
            return
    async with open_world(tmp_path) as world:
        await settle(world)
        assert (await world.post(replayed[0], kind=replayed[1], headers=headers))[0] == 200
        assert ("flowers-tb" in await followed(world)) == is_followed, sentence


async def test_a_public_answer_is_not_posted_again_after_a_restart(tmp_path: Path) -> None:
    sent = mention("205 share", "Ev1")
    async with open_world(tmp_path) as world:
        await settle(world)
        await world.post(*sent[:1], kind=sent[1])
        assert len(shared(world)) == 1
        headers = sign(sent[0].encode(), world.clock)
    async with open_world(tmp_path) as world:
        await settle(world)
        assert await world.post(sent[0], kind=sent[1], headers=headers) == (200, "")
        assert shared(world) == []
        assert world.whispers() == []


async def test_an_edited_mention_is_answered_again_only_if_it_asks_something_else(
    world: World,
) -> None:
    def edit(text: str, number: int) -> Sent:
        seen = {"ts": "1700000000.000100", "event_ts": f"1700000001.00010{number}"}
        return mention(text, f"Ev{number}", edited={"user": ME, "ts": seen["event_ts"]}, **seen)

    await world.post(*mention("205 share", "Ev1", ts="1700000000.000100")[:1], kind=JSON)
    for number, same in enumerate(["205 share", "205 Share!", " 205  share. "], start=2):
        await world.post(*edit(same, number)[:1], kind=JSON)
    assert (len(shared(world)), world.whispers()) == (1, [])

    await world.post(*edit("flowers-tb share", 9)[:1], kind=JSON)
    await world.workspace.until(lambda: len(shared(world)) == 2)


async def test_who_may_have_lost_an_answer_hears_so_once(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await settle(world)
        store = open_store(world.settings["DATABASE_URL"], clock=world.clock)
        await store.requests.begin("T0VISION01", "Ev1", user_id=ME, sentence="205 share")
        assert await world.post(*mention("205 share", "Ev1")[:1], kind=JSON) == (200, "")
        assert shared(world) == []
        world.clock.advance(minutes=3)
        [told] = await world.workspace.until(lambda: lost(world))
        again = await store.requests.give_up("T0VISION01", after=timedelta(0))
        await store.close()

        assert again == ()
        assert told["channel"] == ME
        assert len(lost(world)) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [({"kind": "error", "error": "is_archived"}, "archived"), ({"kind": "reset"}, "interrupted")],
)
async def test_a_public_answer_that_slack_does_not_confirm_is_told_to_its_asker(
    world: World, fault: Json, words: str
) -> None:
    world.workspace.faults.add(**fault, method="chat.postMessage")

    await world.post(*mention("205 share", "Ev1")[:1], kind=JSON)

    assert shared(world) == []
    posted = [one for one in world.workspace.journal if one.method == "chat.postMessage"]
    assert posted[-1].arguments["channel"] == ME
    assert words in said(posted[-1].arguments)


async def pressed(world: World, number: int) -> None:
    before = len(world.whispers())
    body, kind = press(world, "help", f"8.8.{number}")
    await world.post(body, kind=kind)
    await world.workspace.until(lambda: len(world.whispers()) > before)


def lost(world: World) -> list[Json]:
    """Return the messages that tell a person that an answer may be lost."""
    return [
        entry.arguments
        for entry in world.workspace.journal
        if entry.method == "chat.postMessage" and "interrupted" in said(entry.arguments)
    ]
