"""Events of Slack that the bot does not use, and events without usable content."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from bot.demo.workspace.cast import EXPERIMENTS, ME
from bot.slack.events import LIFECYCLE_EVENTS
from tests.reference import ORACLES, needs_reference
from tests.world import FORM, JSON, World, event, open_world, payload, settle

Json = dict[str, Any]

USER = {"id": ME, "team_id": "T0VISION01"}
VIEW = {"id": "V1", "type": "modal", "callback_id": "visjob_subscribe", "blocks": []}
#: The kind as the log names it, and the body.
UNUSED: list[tuple[str, str, str]] = [
    ("view_closed", payload(type="view_closed", view=VIEW, user=USER, is_cleared=False), FORM),
    (
        "view_submission",
        payload(type="view_submission", view={**VIEW, "callback_id": "x"}, user=USER),
        FORM,
    ),
    ("shortcut", payload(type="shortcut", callback_id="x", user=USER), FORM),
    ("message_action", payload(type="message_action", callback_id="x", user=USER), FORM),
    ("dialog_cancellation", payload(type="dialog_cancellation", callback_id="x"), FORM),
    (
        "interactive_message",
        payload(type="interactive_message", callback_id="x", actions=[{}]),
        FORM,
    ),
    ("block_of_tomorrow", payload(type="block_of_tomorrow", user=USER, team=None), FORM),
    ("ssl_check", urlencode({"ssl_check": "1", "token": "x"}), FORM),
    ("app_rate_limited", json.dumps({"type": "app_rate_limited", "minute_rate_limited": 1}), JSON),
    ("event_of_tomorrow", json.dumps({"type": "event_of_tomorrow"}), JSON),
    ("channel_rename", event(event={"type": "channel_rename", "channel": {"id": "C1"}}), JSON),
    ("message", event(event={"type": "message", "channel_type": "channel", "user": ME}), JSON),
    ("team_join", event(event={"type": "team_join", "user": {"id": "U1"}}), JSON),
    ("unknown", event(event={"type": "a kind\nwith lines"}), JSON),
]


@pytest.mark.parametrize(("kind", "body", "content_type"), UNUSED, ids=[row[0] for row in UNUSED])
async def test_what_is_of_no_use_is_acknowledged_and_logged_once(
    world: World, kind: str, body: str, content_type: str
) -> None:
    with capture_logs() as entries:
        for salt in ("", " ", "  "):
            assert await world.post(body + salt, kind=content_type) == (200, "")

    noted = [entry["kind"] for entry in entries if entry["event"] == "request_unused"]
    assert noted == [kind]
    assert [entry for entry in entries if entry["log_level"] == "error"] == []


@needs_reference
@pytest.mark.slow
async def test_every_event_of_slacks_is_acknowledged(world: World) -> None:
    events = json.loads((ORACLES / "slack-events.json").read_text())
    for number, known in enumerate(events):
        told = {"type": known["name"], "user": ME, "channel": "C0NOWHERE1", "event_ts": "1.1"}
        status, _ = await world.post(event(event=told, event_id=f"Ev{number}"), kind=JSON)
        assert status == 200, known["name"]


async def test_the_address_is_still_verified(world: World) -> None:
    body = json.dumps({"type": "url_verification", "token": "x", "challenge": "3eZbrw1a"})

    status, said = await world.post(body, kind=JSON)

    assert (status, json.loads(said)) == (200, {"challenge": "3eZbrw1a"})


async def test_through_a_socket_the_same_is_acknowledged(tmp_path: Path) -> None:
    async with open_world(tmp_path, socket_mode=True) as world:
        await settle(world)
        await world.workspace.until(lambda: world.workspace.sockets.count)
        for kind, body in [
            ("interactive", {"type": "view_closed", "view": VIEW, "user": USER}),
            ("interactive", {"type": "block_of_tomorrow", "user": USER}),
            ("events_api", {"type": "app_rate_limited", "team_id": "T0VISION01"}),
            ("events_api", json.loads(event(event={"type": "reaction_added", "user": ME}))),
        ]:
            answer = await world.workspace.sockets.send(
                kind,  # type: ignore[arg-type]  # one of the three accepted values
                body,
                accepts_payload=True,
                patience=3,
            )
            assert answer == {}, body["type"]


#: Odd values in place of a channel's id.
ODD: list[object] = [None, "", " ", 7, [], {}, {"id": None}, {"id": 7}, "c0lower", "C1\n", "C" * 65,
                     "\ud800", "C\x00", True, [EXPERIMENTS]]  # fmt: skip


@pytest.mark.parametrize("name", [e for e in LIFECYCLE_EVENTS if e.startswith(("ch", "gr", "me"))])
async def test_an_event_with_odd_fields_is_acknowledged_logged_once_and_changes_nothing(
    world: World, tmp_path: Path, name: str
) -> None:
    await world.type("/visjob subscribe 205")
    before = kept(tmp_path)
    with capture_logs() as entries:
        for number, odd in enumerate(ODD):
            fields = {"channel": odd, "old_channel_id": EXPERIMENTS, "new_channel_id": odd}
            body = event(event={"type": name, **fields}, event_id=f"Ev{number}")
            status, _ = await world.post(body, kind=JSON)
            assert status == 200, odd

    assert kept(tmp_path) == before
    noted = [entry["kind"] for entry in entries if entry["event"] == "event_unreadable"]
    assert noted == [name]


ODD_IDS: list[dict[str, object]] = [
    {"old_channel_id": EXPERIMENTS},
    {"new_channel_id": "C0NEW00001"},
    {},
    {"old_channel_id": {"id": 7}, "new_channel_id": "C0NEW00001"},
    {"channel": EXPERIMENTS},
]


@pytest.mark.parametrize("fields", ODD_IDS)
async def test_a_changed_id_that_is_only_half_told_changes_nothing(
    world: World, tmp_path: Path, fields: dict[str, object]
) -> None:
    await world.type("/visjob subscribe 205")
    before = kept(tmp_path)

    body = event(event={"type": "channel_id_changed", **fields}, event_id="Ev1")
    assert await world.post(body, kind=JSON) == (200, "")

    assert kept(tmp_path) == before


@pytest.mark.parametrize("event_id", [None, "", 7, [], "\ud800", "x" * 4000, "a\nb"])
async def test_a_removal_without_a_name_of_its_own_holds_the_channel_all_the_same(
    world: World, tmp_path: Path, event_id: object
) -> None:
    await world.type("/visjob subscribe 205")
    left = {"type": "channel_left", "channel": EXPERIMENTS, "event_ts": "1700000000.000100"}

    assert await world.post(event(event=left, event_id=event_id), kind=JSON) == (200, "")

    assert (EXPERIMENTS, "removed_from_channel") in kept(tmp_path)


@pytest.mark.parametrize("tokens", [None, [], "bot", {"bot": None}, {"bot": []}, 7])
async def test_a_revoked_token_that_is_not_ours_freezes_nothing(
    world: World, tokens: object
) -> None:
    revoked = {"type": "tokens_revoked", "tokens": tokens}
    asked = len(world.workspace.journal)

    assert await world.post(event(event=revoked, event_id="Ev1"), kind=JSON) == (200, "")
    await asyncio.sleep(0)

    assert len(world.workspace.journal) == asked, "Slack was not asked about our token"


SHAPES: list[Json] = [
    {"authorizations": [None]},
    {"authorizations": [7]},
    {"authorizations": {"team_id": "T1"}},
    {"enterprise": 7},
    {"team": 7},
    {"event": {"type": "app_mention", "user": 7}},
    {"event": {"type": "app_mention", "channel": 7}},
]


@pytest.mark.parametrize("shape", SHAPES, ids=json.dumps)
async def test_a_shape_that_bolt_cannot_read_is_acknowledged(world: World, shape: Json) -> None:
    usual = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "reaction_added"}}

    status, _ = await world.post(json.dumps({**usual, **shape}), kind=JSON)

    assert status == 200


def kept(folder: Path) -> list[tuple[str, str]]:
    """Return the channels with endless holds and their reasons, and the channels with
    subscriptions."""
    with closing(sqlite3.connect(folder / "visjob.db")) as database:
        places = database.execute("SELECT channel_id, words FROM hold WHERE until IS NULL")
        subscribed = database.execute("SELECT channel_id, '' FROM subscription")
        return [*places, *subscribed]
