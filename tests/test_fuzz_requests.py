"""Generated requests to the running bot: an unsigned one gets no data, a signed one never a 5xx."""

import copy
import json
import logging
import os
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import structlog

from bot.demo.workspace.cast import EXPERIMENTS, ME
from tests.make import HOSTILE_TEXTS
from tests.slack.oracles import hold_message
from tests.world import FORM, World, command_form, sign

Json = dict[str, Any]

EXAMPLES = int(os.environ.get("VISJOB_FUZZ_EXAMPLES", "500"))
JSON = "application/json"
ODD: tuple[object, ...] = (
    None, True, 0, -1, 10**30, 1.5, "", "x", [], {}, [[]], [None], {"id": None}, {"type": "x"},
    "visjob:link:0", "visjob:renew:0", "205", "197 share", "list", "help", "find x", "status",
    "block_actions", "block_suggestion", "view_submission", "event_callback", "app_mention", "home",
    *HOSTILE_TEXTS,
)  # fmt: skip


def a_click(origin: str) -> Json:
    return {
        "type": "block_actions",
        "user": {"id": ME, "team_id": "T0VISION01"},
        "team": {"id": "T0VISION01", "domain": "vision-lab"},
        "container": {"type": "message", "channel_id": EXPERIMENTS, "is_ephemeral": True},
        "channel": {"id": EXPERIMENTS},
        "trigger_id": "1.2.3",
        "response_url": f"{origin}/hooks/T0VISION01/1/x",
        "actions": [{"type": "button", "action_id": "visjob:say:0", "value": "205"}],
    }


def a_search(_: str) -> Json:
    user = {"id": ME, "team_id": "T0VISION01"}
    asked = {"action_id": "visjob:search:0", "block_id": "b", "value": "flow"}
    return {"type": "block_suggestion", "user": user, "team": {"id": "T0VISION01"}, **asked}


def an_event(_: str) -> Json:
    event = {"type": "app_mention", "user": ME, "text": "<@U0VISJOB01> 205", "ts": "1.1"}
    more = {"channel": EXPERIMENTS, "team": "T0VISION01", "tab": "home"}
    return {
        "type": "event_callback",
        "team_id": "T0VISION01",
        "event_id": "Ev1",
        "event": {**event, **more},
        "authorizations": [{"team_id": "T0VISION01", "user_id": "U0VISJOB01", "is_bot": True}],
    }


@pytest.fixture
def quiet() -> Iterator[None]:
    """Turn logging off: these tests expect the refusals that the bot logs with a traceback."""
    kept = structlog.get_config()
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    structlog.configure(**kept)


def _drop(*_: object) -> Any:
    raise structlog.DropEvent


@pytest.mark.timeout(900)  # allows for more examples
@pytest.mark.usefixtures("quiet")
async def test_no_unsigned_request_gets_in(world: World) -> None:
    choose = random.Random(13)  # noqa: S311 - repeatable, not secret
    asked = len(world.cloud.journal)
    answers = [
        await world.post(body, kind=kind, headers=_unproved(world, body, choose))
        for body, kind in (_body(world, choose) for _ in range(EXAMPLES // 4))
    ]

    assert {status for status, _ in answers} <= {401, 413}
    assert {text for _, text in answers} == {""}
    assert len(world.cloud.journal) == asked


@pytest.mark.timeout(900)  # allows for more examples
@pytest.mark.usefixtures("quiet")
async def test_no_signed_request_is_a_server_error_or_calls_anybody(world: World) -> None:
    choose = random.Random(15)  # noqa: S311 - repeatable, not secret
    bad = []
    for _ in range(EXAMPLES // 4):
        body, kind = _body(world, choose)
        status, text = await world.post(body, kind=kind)
        if status >= 500:
            bad.append((status, body))
        elif '"blocks"' in text:
            answer = json.loads(text)
            hold_message({"text": answer["text"], "blocks": answer["blocks"]})

    assert bad == []
    await world.type("/visjob help")
    for message in (*world.whispers(), *world.workspace.messages(EXPERIMENTS)):
        hold_message(
            {"text": message["text"], "blocks": message["blocks"]}, mentions=frozenset({ME})
        )
    assert {seen.path.split("/")[3] for seen in world.cloud.journal} == {"visualization-jobs"}


def _body(world: World, choose: random.Random) -> tuple[bytes, str]:
    if choose.random() < 0.25:
        text = " ".join(str(choose.choice(ODD)) for _ in range(choose.randint(0, 3)))
        form = command_form(text=text.encode(errors="replace").decode(), trigger_id=_salt(choose))
        return _spoiled(form.encode(), choose), FORM
    make = choose.choice((a_click, a_search, an_event))
    value = copy.deepcopy(make(world.workspace.state.origin)) | {"salt": _salt(choose)}
    for _ in range(choose.choice((0, 1, 1, 2, 5))):
        _change(value, choose)
    text = json.dumps(value)
    as_event = make is an_event
    body = text.encode() if as_event else urlencode({"payload": text}).encode()
    return _spoiled(body, choose), JSON if as_event else FORM


def _salt(choose: random.Random) -> str:
    """Return a random text that makes each request unique: a replay would not be read."""
    return f"{choose.random()}"


def _change(value: Any, choose: random.Random) -> None:
    """Replace or remove one value of a JSON body, at any depth."""
    while isinstance(value, dict | list) and value:
        key = choose.choice([*value] if isinstance(value, dict) else range(len(value)))
        if isinstance(value[key], dict | list) and value[key] and choose.random() < 0.6:
            value = value[key]
        elif choose.random() < 0.3:
            del value[key]
            return
        else:
            value[key] = choose.choice(ODD)
            return


def _spoiled(body: bytes, choose: random.Random) -> bytes:
    if choose.random() < 0.85:
        return body
    at = choose.randint(0, len(body))
    return choose.choice((body[:at], body[at:], body[:at] + choose.randbytes(3) + body[at:]))


def _unproved(world: World, body: bytes, choose: random.Random) -> dict[str, str]:
    good = sign(body, world.clock)
    true, now = good["X-Slack-Signature"], good["X-Slack-Request-Timestamp"]
    return choose.choice(
        (
            {},
            sign(body, world.clock, secret="f" * 32),
            sign(body, world.clock, ago=choose.choice((-1, 1)) * choose.randint(302, 10**6)),
            sign(body + b" ", world.clock),
            {**good, "X-Slack-Signature": true.upper()},
            {**good, "X-Slack-Signature": true[:-1]},
            {**good, "X-Slack-Signature": f"v1{true[2:]}"},
            {**good, "X-Slack-Request-Timestamp": str(int(now) + 1)},
            {**good, "X-Slack-Request-Timestamp": f"{now}.0"},
            {**good, "X-Slack-Request-Timestamp": f"+{now}"},
        )
    )


@pytest.mark.usefixtures("quiet")
async def test_who_has_no_id_of_slacks_is_not_remembered(world: World) -> None:
    for user in ("\ud800", "", "u1", "U1\n", ["U1"], {"U": 1}, None, 7):
        click = a_click(world.workspace.state.origin) | {"user": {"id": user}}
        status, _ = await world.post(urlencode({"payload": json.dumps(click)}))
        assert status == 200

    # The cloud is never asked for the detail of job 205: a stop would record its asker, and fail.
    assert {seen.path for seen in world.cloud.journal if seen.path.endswith("/205")} == set()
