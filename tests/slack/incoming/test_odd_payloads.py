"""Signed requests with each field missing or of another type: words, one line in the log."""

import copy
import itertools
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.demo.workspace.cast import BOT_USER, EXPERIMENTS, ME
from tests.world import ACTION, FORM, JSON, World, command_form, payload

Json = dict[str, Any]
Path = tuple[str | int, ...]

TEAM = {"id": "T0VISION01", "domain": "vision-lab"}
USER = {"id": ME, "team_id": "T0VISION01"}
GRANT = {"team_id": "T0VISION01", "user_id": BOT_USER, "is_bot": True}
INPUT = {"type": "input", "block_id": "job"}
ANSWER = {"value": {"selected_option": {"value": "id:205"}}}
MODAL = {"type": "modal", "id": "V1", "callback_id": "visjob_subscribe", "blocks": [INPUT],
         "state": {"values": {"job": ANSWER}}}  # fmt: skip
PRESS = {**ACTION, "value": "help"}


def an_event(**fields: object) -> Json:
    wrapper = {"type": "event_callback", "team_id": "T0VISION01", "authorizations": [GRANT]}
    return {**wrapper, "event_id": "Ev1", "event": fields}


#: Whole requests of each kind. No answer of theirs needs an address: it is a dead one.
REQUESTS: dict[str, Json] = {
    "a command": {"command": "/visjob", "text": "help", "team_id": "T0VISION01", "user_id": ME,
                  "channel_id": EXPERIMENTS, "trigger_id": "1.2.3", "response_url": "x"},
    "a press of a button": {
        "type": "block_actions", "user": USER, "team": TEAM, "actions": [PRESS],
        "channel": {"id": EXPERIMENTS}, "trigger_id": "1.2.3", "response_url": "x",
        "container": {"type": "message", "channel_id": EXPERIMENTS, "message_ts": "1.1"}},
    "a choice": {
        "type": "block_actions", "user": USER, "team": TEAM, "trigger_id": "1.2.3",
        "actions": [{"action_id": "visjob:say:0", "selected_option": {"value": "help"}}],
        "view": {"type": "modal", "id": "V1"}},
    "a picked channel": {
        "type": "block_actions", "user": USER, "team": TEAM, "trigger_id": "1.2.3",
        "actions": [{"action_id": "visjob:place:copy 205", "selected_conversation": EXPERIMENTS}],
        "view": {"type": "home", "id": "V1"}},
    "a search": {"type": "block_suggestion", "user": USER, "team": TEAM, "action_id": "visjob:x",
                 "block_id": "b", "value": "flow", "view": MODAL},
    "a form": {"type": "view_submission", "user": USER, "team": TEAM, "trigger_id": "1.2.3",
               "view": MODAL},
    "a mention": an_event(type="app_mention", user=ME, text=f"<@{BOT_USER}> help", ts="1.1",
                          channel=EXPERIMENTS, thread_ts="1.0", team="T0VISION01"),
    "a look at the Home tab": an_event(type="app_home_opened", user=ME, tab="messages",
                                       channel="D1"),
    "a channel with another id": an_event(type="channel_id_changed", old_channel_id="C0OLD00001",
                                          new_channel_id="C0NEW00001", event_ts="1.1"),
    "an archived channel": an_event(type="channel_archive", channel="C0OLD00001", user=ME),
    "a removed token": an_event(type="tokens_revoked", tokens={"oauth": [ME], "bot": []}),
    "somebody who came": an_event(type="member_joined_channel", user=ME, channel=EXPERIMENTS),
}  # fmt: skip
MISSING = object()
ODD = (MISSING, None, 7, "\ud800", [None], {"id": 7})
MORE: tuple[object, ...] = (True, -1.5, "", "x", [], {}, {"id": {"id": "C1"}})


@pytest.fixture
def complaints(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What the standard library logs as an error: a task that failed unseen, for example."""
    found: list[str] = []
    yield found
    found += [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert found == []


@pytest.mark.usefixtures("complaints")
@pytest.mark.parametrize("sentence", REQUESTS)
@pytest.mark.parametrize(
    "odd_values", [ODD, pytest.param(MORE, marks=pytest.mark.slow)], ids=["some", "more"]
)
@pytest.mark.slow
async def test_an_odd_field_gets_words_and_one_line_in_the_log(
    world: World, sentence: str, odd_values: tuple[object, ...]
) -> None:
    bad = []
    for path in _paths(REQUESTS[sentence]):
        for odd in odd_values:
            with capture_logs() as logged:
                first = await _send(world, _changed(REQUESTS[sentence], path, odd))
                again = first
                if odd is odd_values[0]:
                    again = await _send(world, _changed(REQUESTS[sentence], path, odd))
            lines = [json.dumps(line, default=repr, sort_keys=True) for line in logged
                     if str(line["event"]).startswith(("request_", "event_unr"))]  # fmt: skip
            tracebacks = [line for line in logged if "exc_info" in line]
            if {first[0], again[0]} - {200, 400} or tracebacks or len(lines) != len(set(lines)):
                bad.append((path, odd, first, again, tracebacks, lines))

    assert bad == []


@pytest.mark.parametrize(
    ("sentence", "path", "words"),
    [
        ("a command", ("user_id",), "user_id is missing"),
        ("a press of a button", ("user", "id"), "user.id is missing"),
        ("a press of a button", ("actions", 0), "actions.0 is missing"),
        ("a choice", ("actions",), "actions is missing"),
        ("a form", ("view",), "view is missing"),
        ("a mention", ("event", "channel"), "event.channel is missing"),
        ("a look at the Home tab", ("event", "user"), "event.user is missing"),
    ],
)
async def test_what_is_missing_is_named(
    world: World, sentence: str, path: Path, words: str
) -> None:
    status, text = await _send(world, _changed(REQUESTS[sentence], path, MISSING))

    assert status == 200
    assert words in text


@pytest.mark.parametrize(
    "fields",
    [
        {"old_channel_id": 7, "new_channel_id": "C0NEW00001"},
        {"old_channel_id": "C0OLD00001"},
        {"old_channel_id": "C0OLD00001", "new_channel_id": ""},
        {"old_channel_id": "C0OLD00001", "new_channel_id": "C0OLD00001"},
        {"old_channel_id": "C0OLD00001", "new_channel_id": ["C0NEW00001"]},
        {"old_channel_id": "C0OLD00001", "new_channel_id": "C" * 65},
        {"old_channel_id": "c0\x00", "new_channel_id": "C0NEW00001"},
        {"old_channel_id": "C0OLD00001", "new_channel_id": "T0VISION01", "event_ts": {}},
        {},
    ],
)
async def test_an_odd_change_of_a_channels_id_is_not_sent_again_and_again(
    world: World, fields: Json
) -> None:
    for number in range(3):
        body = {**an_event(type="channel_id_changed", **fields), "event_id": f"Ev{number}"}
        assert await world.post(json.dumps(body), kind=JSON) == (200, "")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"a":"' + '\\"' * 60_000, JSON),
        ("[" * 200_000, JSON),
        ('{"a":' * 50_000, FORM),
        (f"a=b&payload={'%5B' * 80_000}", FORM),
        (f"payload=1&payload={'%7b%22a%22:' * 200}", FORM),
        ("a=b&" * 65_000, FORM),
        ("payload=1&" * 20_000, FORM),
        ("&" * 262_144, FORM),
        ("payload=" + "%5B%22" * 40_000, FORM),
    ],
)
async def test_what_would_hold_up_everybody_is_refused_in_words(
    world: World, body: str, kind: str
) -> None:
    status, text = await world.post(body, kind=kind)

    assert status == 400
    assert "not what Slack sends" in text


@pytest.mark.parametrize("pump", ["<@A|", "<@A", "<", "|", "&amp;", "<@", '"', "<https://a|", "@ "])
async def test_a_very_long_text_is_cut_before_it_is_searched(world: World, pump: str) -> None:
    mention = an_event(type="app_mention", user=ME, text=f"<@{BOT_USER}> {pump * 40_000}"[:200_000],
                       ts="1.1", channel=EXPERIMENTS, team="T0VISION01")  # fmt: skip
    status, _ = await world.post(json.dumps(mention), kind=JSON)
    typed, body = await world.post(command_form(text=(pump * 40_000)[:20_000]))

    assert (status, typed) == (200, 200)
    assert len(body) < 20_000


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where something stands, however deep."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _paths(value[key], (*path, key))


def _changed(request: Json, path: Path, odd: object) -> Json:
    """The request with one field changed."""
    changed = copy.deepcopy(request)
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    if odd is MISSING:
        del at[path[-1]]
    else:
        at[path[-1]] = odd
    return changed


async def _send(world: World, request: Json) -> tuple[int, str]:
    """As JSON or as a form, as Slack does; no two bodies are the same, or one were a replay."""
    salted = {**request, "salt": next(_SALT)}
    if "command" in request or request.get("type") == "event_callback":
        return await world.post(json.dumps(salted), kind=JSON)
    return await world.post(payload(**salted))


_SALT = itertools.count()
