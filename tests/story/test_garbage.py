"""Signed requests with bodies that Slack would never send, or response URLs that Slack never
gives."""

import json
from urllib.parse import quote_plus

import pytest

from bot.demo.workspace.cast import ME
from tests.world import ACTION, FORM, JSON, World, command_form, event, payload

GARBAGE = [
    ("", FORM), ("garbage", FORM), ("=&=&", FORM), ("%ff%fe=%00", FORM), ("command=", FORM),
    ("command=%2Fvisjob", FORM), ("command=%2Fvisjob&user_id=U1", FORM),
    ("command=%2Fvisjob&text=205&team_id=T0VISION01", FORM), ("ssl_check=1&token=x", FORM),
    ("payload=", FORM), ("payload=%7B", FORM), ("payload=null", FORM), ("payload=%5B%5D", FORM),
    ("payload=7", FORM), ("payload=%22text%22", FORM), ("payload=a&payload=b", FORM),
    (payload(), FORM), (payload(type="block_actions"), FORM), (payload(type=[]), FORM),
    (payload(type="block_actions", actions=[], user={"id": ME}), FORM),
    (payload(type="block_actions", actions=[{}], user={"id": ME}), FORM),
    (payload(type="block_actions", actions=[ACTION], user={}), FORM),
    (payload(type="block_actions", actions=[ACTION], user=None, team=None), FORM),
    (payload(type="block_actions", actions=[ACTION], user={"id": ME, "team_id": "T0VISION01"}),
     FORM),
    (payload(type="block_actions", actions=[ACTION], user={"id": "\ud800"}), FORM),
    (payload(type="block_suggestion", action_id="x", block_id="y", user={"id": ME}), FORM),
    (payload(type="view_submission", view={"callback_id": "x"}, user={"id": ME}), FORM),
    (payload(type="view_closed", view={}), FORM), (payload(type="shortcut"), FORM),
    (payload(type="nobody_knows"), FORM),
    ("", JSON), ("{", JSON), ("{}", JSON), ("[]", JSON), ("[1,2]", JSON), ("null", JSON),
    ("7", JSON), ('"text"', JSON), ("NaN", JSON), ('{"type":7}', JSON), (event(), JSON),
    (event(event=None), JSON), (event(event=[]), JSON), (event(event={}), JSON),
    (event(event={"type": "app_mention"}), JSON),
    (event(event={"type": "app_mention", "user": 7, "text": None, "channel": {}}), JSON),
    (event(event={"type": "app_home_opened"}), JSON),
    (event(event={"type": "app_home_opened", "tab": "home"}), JSON),
    (event(event={"type": "message", "channel_type": "im"}), JSON),
    (event(event={"type": "tokens_revoked"}), JSON),
    ('{"type":"url_verification","challenge":"x"}', JSON), ('{"type":"url_verification"}', JSON),
    (json.dumps({"a": "\ud800"}), JSON), ('{"type":"event_callback","event":{"type":"x"}}', JSON),
]  # fmt: skip


async def test_no_garbage_though_signed_is_a_server_error(world: World) -> None:
    bad = {}
    for number, (body, kind) in enumerate(GARBAGE):
        status, _ = await world.post(body, kind=kind)
        if status >= 500:
            bad[number, body] = status

    assert bad == {}
    assert (await world.post(command_form()))[0] == 200


@pytest.mark.parametrize(
    "response_url",
    [
        "https://evil.example/hooks",
        "https://hooks.slack.com.evil.example/x",
        "https://hooks.slack.com@evil.example/x",
        "https://hooks.slack.com:8443/x",
        "http://hooks.slack.com/x",
        "http://localhost:{port}/x",
        "http://user@127.0.0.1:{port}/hooks/x",
        "file:///etc/passwd",
        "http://[::1",
        "",
    ],
)
async def test_a_response_url_elsewhere_is_never_called(world: World, response_url: str) -> None:
    url = response_url.format(port=world.cloud.url.rpartition(":")[2])
    asked = len(world.cloud.journal)
    click = {
        "type": "block_actions", "actions": [{**ACTION, "value": "help"}], "response_url": url,
        "user": {"id": ME, "team_id": "T0VISION01"}, "container": {"is_ephemeral": True},
    }  # fmt: skip
    await world.post(payload(**click))
    if url:
        await world.workspace.until(
            lambda: any(entry.method == "chat.postMessage" for entry in world.workspace.journal)
        )

    assert len(world.cloud.journal) == asked


async def test_a_text_with_odd_encodings_is_text(world: World) -> None:
    for raw in ("%ff", "%E2%80%AE205", quote_plus("٢٠٥"), "%00", "a%0Ab"):
        status, body = await world.post(f"{command_form(text='')}&text={raw}")
        assert status == 200, raw
        assert json.loads(body)["blocks"]
