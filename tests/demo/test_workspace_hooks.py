"""Answers to commands and clicks: in the acknowledgement and through response URLs."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import EXPERIMENTS, GENERAL, HIDDEN, ME
from bot.demo.workspace.tickets import Origin
from tests.demo.slack_world import CARD, SIGNING
from tests.fakes import ManualClock

Json = dict[str, Any]
BEN = "U0BEN00001"


def hook_of(workspace: StandInWorkspace, origin: Origin) -> AsyncWebhookClient:
    key = workspace.state.tickets.issue_hook(origin)
    return AsyncWebhookClient(f"{workspace.state.origin}/hooks/T0/{key}", retry_handlers=[])


class RawBot:
    """A bot below Bolt: keeps what it was sent and answers what it was told to."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.status = 200
        self.body = ""
        self.content_type = "text/plain"
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((dict(request.headers), await request.text()))
        await self.may_answer.wait()
        return web.Response(status=self.status, text=self.body, content_type=self.content_type)


@pytest.fixture
async def raw_bot(workspace: StandInWorkspace) -> Any:
    made = RawBot()
    app = web.Application()
    app.router.add_post("/slack/events", made.serve)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    workspace.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield made
    await runner.cleanup()


async def test_every_request_is_signed_as_the_official_verifier_wants_it(
    workspace: StandInWorkspace, raw_bot: RawBot
) -> None:
    workspace.out.retry_delays = ()
    await workspace.type(EXPERIMENTS, "/visjob grüße & <tags>")
    await workspace.mention(EXPERIMENTS, "205")
    verifier = SignatureVerifier(SIGNING)

    assert len(raw_bot.requests) == 2
    for headers, body in raw_bot.requests:
        timestamp = headers["X-Slack-Request-Timestamp"]
        assert verifier.is_valid(body, timestamp, headers["X-Slack-Signature"])
        assert not verifier.is_valid(body + " ", timestamp, headers["X-Slack-Signature"])


async def test_a_command_carries_every_documented_field(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    got: list[Json] = []

    @bot.command("/visjob")
    async def answer(ack: Any, body: Json) -> None:
        got.append(body)
        await ack()

    assert await workspace.type(HIDDEN, "/visjob  list  ") == []
    assert await workspace.type("D0ANABEN01", "/visjob") == []

    assert got[0].keys() == {
        "token",
        "team_id",
        "team_domain",
        "channel_id",
        "channel_name",
        "user_id",
        "user_name",
        "command",
        "text",
        "api_app_id",
        "is_enterprise_install",
        "response_url",
        "trigger_id",
    }
    assert [body["channel_name"] for body in got] == ["privategroup", "directmessage"]
    assert got[0]["text"] == "list"


@pytest.mark.parametrize("status", [201, 302, 404, 500])
async def test_a_command_that_is_not_answered_with_200_has_failed(
    workspace: StandInWorkspace, raw_bot: RawBot, status: int
) -> None:
    raw_bot.status = status

    seen = await workspace.type(EXPERIMENTS, "/visjob 205")

    assert seen == [{"notice": "/visjob failed with the error dispatch_failed"}]


async def test_a_slow_command_times_out_and_is_not_sent_again(
    workspace: StandInWorkspace, raw_bot: RawBot
) -> None:
    workspace.out.patience = 0.1
    raw_bot.may_answer.clear()

    seen = await workspace.type(EXPERIMENTS, "/visjob 205")

    raw_bot.may_answer.set()
    assert seen == [{"notice": "/visjob failed with the error operation_timeout"}]
    assert len(raw_bot.requests) == 1


async def test_a_bare_in_channel_answer_echoes_the_command(
    workspace: StandInWorkspace, raw_bot: RawBot
) -> None:
    raw_bot.body = '{"response_type": "in_channel"}'
    raw_bot.content_type = "application/json"

    seen = await workspace.type(EXPERIMENTS, "/visjob 205")

    assert [(m["user"], m["text"]) for m in seen] == [(ME, "/visjob 205")]


async def test_a_plain_text_answer_is_shown_to_the_asker(
    workspace: StandInWorkspace, raw_bot: RawBot
) -> None:
    raw_bot.body = "on it"

    await workspace.type(GENERAL, "/visjob 205", user=BEN)

    assert [m["text"] for m in workspace.ephemerals(GENERAL, BEN)] == ["on it"]
    assert workspace.ephemerals(GENERAL) == []


@pytest.mark.parametrize("thread", [None, "1.000000"])
async def test_slackbot_refuses_what_is_no_command_and_commands_in_threads(
    workspace: StandInWorkspace, thread: str | None
) -> None:
    text = "/visjob 205" if thread else "/other"

    (seen,) = await workspace.type(EXPERIMENTS, text, thread_ts=thread)

    said = "/visjob is not supported in threads. Sorry!" if thread else "/other is not a valid"
    assert seen["notice"].startswith(said)


async def test_a_commands_response_url_never_replaces(workspace: StandInWorkspace) -> None:
    hook = hook_of(workspace, Origin(user=ME, channel=EXPERIMENTS, command="/visjob"))

    await hook.send(text="on it")
    await hook.send(text="done", replace_original=True)

    assert [m["text"] for m in workspace.ephemerals(EXPERIMENTS)] == ["on it", "done"]


async def test_an_ephemeral_card_is_replaced_and_deleted_in_place(
    workspace: StandInWorkspace,
) -> None:
    card = workspace.state.post_ephemeral(EXPERIMENTS, ME, {"text": "old", "blocks": CARD})
    origin = Origin(user=ME, channel=EXPERIMENTS, message_ts=card["ts"], is_ephemeral=True)
    hook = hook_of(workspace, origin)

    await hook.send(text="new", replace_original=True)
    (message,) = workspace.ephemerals(EXPERIMENTS)
    assert (message["ts"], message["text"], "blocks" in message) == (card["ts"], "new", False)

    await hook.send_dict({"delete_original": True})
    assert workspace.ephemerals(EXPERIMENTS) == []


async def test_an_answer_in_the_channel_can_go_to_the_thread(workspace: StandInWorkspace) -> None:
    parent = workspace.state.post(EXPERIMENTS, {"text": "card"})
    hook = hook_of(workspace, Origin(user=ME, channel=EXPERIMENTS, message_ts=parent["ts"]))

    answer = {"text": "r", "response_type": "in_channel", "thread_ts": parent["ts"]}
    await hook.send_dict({**answer, "replace_original": False})

    assert workspace.messages(EXPERIMENTS)[1]["thread_ts"] == parent["ts"]
    assert workspace.messages(EXPERIMENTS)[0]["reply_count"] == 1


async def test_a_response_url_lapses_after_half_an_hour(
    workspace: StandInWorkspace, slack_clock: ManualClock
) -> None:
    hook = hook_of(workspace, Origin(user=ME, channel=EXPERIMENTS))
    slack_clock.advance(minutes=30)
    assert (await hook.send(text="in time")).status_code == 200
    slack_clock.advance(seconds=1)

    late = await hook.send(text="too late")

    assert (late.status_code, late.body) == (404, "expired_url")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"response_type": "ephemeral"}, "no_text"),
        ({"text": "x", "channel": GENERAL}, "invalid_arguments"),
    ],
)
async def test_a_wrong_answer_is_refused(
    workspace: StandInWorkspace, body: Json, error: str
) -> None:
    hook = hook_of(workspace, Origin(user=ME, channel=EXPERIMENTS))

    answer = await hook.send_dict(body)

    assert answer.status_code == 400
    assert error in answer.body
    assert workspace.ephemerals(EXPERIMENTS) == []


async def test_a_response_url_can_fail_after_it_was_applied(workspace: StandInWorkspace) -> None:
    hook = hook_of(workspace, Origin(user=ME, channel=EXPERIMENTS))
    workspace.faults.add("reset", method="response_url", applied="yes")

    with pytest.raises(aiohttp.ClientError):
        await hook.send(text="x")

    assert len(workspace.ephemerals(EXPERIMENTS)) == 1


async def test_a_response_url_can_be_slow(workspace: StandInWorkspace) -> None:
    hook = hook_of(workspace, Origin(user=ME, channel=EXPERIMENTS))
    workspace.faults.add("slow", method="response_url", seconds=0.01)

    answer = await hook.send(text="x")

    assert (answer.status_code, answer.body) == (200, "ok")


async def test_a_replay_is_the_same_bytes_with_the_same_signature(
    workspace: StandInWorkspace, raw_bot: RawBot, slack_clock: ManualClock
) -> None:
    await workspace.type(EXPERIMENTS, "/visjob 205")
    slack_clock.advance(minutes=2)

    answer = await workspace.out.replay(workspace.out.sent[-1])

    assert answer.status == 200
    first, second = raw_bot.requests
    assert first == second
