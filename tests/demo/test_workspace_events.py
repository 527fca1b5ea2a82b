"""Events: their shape, their retries, and what happens to the workspace around the bot."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_DM, BOT_USER, EXPERIMENTS, HIDDEN, ME, Person
from tests.demo.slack_world import TOKEN

Json = dict[str, Any]
BEN = "U0BEN00001"


class Listener:
    """Keeps every event that arrives; the first `failures` are answered with 500."""

    def __init__(self) -> None:
        self.events: list[Json] = []
        self.retries: list[str | None] = []
        self.reasons: list[str | None] = []
        self.failures = 0
        self.headers: dict[str, str] = {}
        self.last_headers: dict[str, str] = {}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.events.append(json.loads(await request.text()))
        self.retries.append(request.headers.get("X-Slack-Retry-Num"))
        self.reasons.append(request.headers.get("X-Slack-Retry-Reason"))
        failed = len(self.events) <= self.failures
        headers = self.headers if len(self.events) == 1 else self.last_headers
        return web.Response(status=500 if failed else 200, headers=headers)

    def told(self) -> list[Json]:
        """Return the inner events."""
        return [wrapped["event"] for wrapped in self.events]


@pytest.fixture
async def listener(workspace: StandInWorkspace) -> AsyncIterator[Listener]:
    made = Listener()
    app = web.Application()
    app.router.add_post("/slack/events", made.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    workspace.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    workspace.out.retry_delays = (0.0, 0.0, 0.0)
    yield made
    await runner.cleanup()


async def test_a_mention_reaches_the_bot_with_ids(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    parent = workspace.state.post(EXPERIMENTS, {"text": "card"})
    await workspace.mention(EXPERIMENTS, "why 205 & <b>", thread_ts=parent["ts"])

    (wrapped,) = listener.events
    assert wrapped["event"]["type"] == "app_mention"
    assert wrapped["event"]["text"] == f"<@{BOT_USER}> why 205 &amp; &lt;b&gt;"
    assert wrapped["event"]["thread_ts"] == parent["ts"]
    assert wrapped["event"]["user"] == ME
    assert wrapped["authorizations"][0]["user_id"] == BOT_USER
    assert wrapped.keys() >= {"event_id", "event_time", "event_context", "api_app_id", "team_id"}


async def test_an_event_in_a_shared_channel_stands_on_the_other_side(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    workspace.admin.join_enterprise("E0VISION01", "T0SIBLING1")
    workspace.admin.share(EXPERIMENTS, "T0PARTNER1")
    pat = Person(id="U0PAT00001", name="pat", real_name="Pat", color="1", team_id="T0PARTNER1")
    workspace.admin.add_person(pat, EXPERIMENTS)
    await workspace.mention(EXPERIMENTS, "205", user=pat.id)

    (wrapped,) = listener.events
    assert (wrapped["team_id"], wrapped["context_team_id"]) == ("T0PARTNER1", "T0VISION01")
    assert wrapped["authorizations"][0]["enterprise_id"] == "E0VISION01"
    assert wrapped["is_ext_shared_channel"] is True
    assert wrapped["event"]["user_profile"]["team"] == "T0PARTNER1"


def test_a_stranger_comes_only_by_a_shared_channel(workspace: StandInWorkspace) -> None:
    pat = Person(id="U0PAT00001", name="pat", real_name="Pat", color="1", team_id="T0PARTNER1")

    with pytest.raises(ValueError, match="is not shared"):
        workspace.admin.add_person(pat, EXPERIMENTS)


async def test_only_mentions_where_the_bot_is_reach_it(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    await workspace.mention(HIDDEN, "205")
    await workspace.type(EXPERIMENTS, "good morning")

    assert listener.events == []


async def test_only_what_the_app_asked_for_is_sent(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    workspace.out.subscribed = frozenset({"app_mention"})
    await workspace.type(APP_DM, "hello?")
    workspace.out.subscribed = frozenset({"message.im"})
    await workspace.type(APP_DM, "hello!")
    await workspace.open_home()

    assert [event["text"] for event in listener.told()] == ["hello!"]


async def test_an_event_is_tried_again_with_its_number_and_reason(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    listener.failures = 2
    await workspace.open_home()
    await workspace.out.settle()

    assert listener.retries == [None, "1", "2"]
    assert listener.reasons == [None, "http_error", "http_error"]
    assert len({wrapped["event_id"] for wrapped in listener.events}) == 1


async def test_an_event_is_tried_four_times_at_most(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    listener.failures = 99
    await workspace.open_home()
    await workspace.out.settle()

    assert listener.retries == [None, "1", "2", "3"]


async def test_the_bot_can_forbid_retries(workspace: StandInWorkspace, listener: Listener) -> None:
    listener.failures = 99
    listener.headers = {"X-Slack-No-Retry": "1"}
    await workspace.open_home()
    await workspace.out.settle()

    assert listener.retries == [None]


async def test_the_bot_can_forbid_more_retries_at_a_retry(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    listener.failures = 99
    listener.last_headers = {"X-Slack-No-Retry": "1"}
    await workspace.open_home()
    await workspace.out.settle()

    assert listener.retries == [None, "1"]


async def test_what_happens_to_a_channel_is_told(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    await workspace.archive(EXPERIMENTS)
    await workspace.admin.unarchive(EXPERIMENTS)
    await workspace.rename(EXPERIMENTS, "runs")
    await workspace.kick(EXPERIMENTS, BEN)
    await workspace.kick(EXPERIMENTS)
    await workspace.admin.change_id(EXPERIMENTS, "C0NEWID001")
    await workspace.admin.delete("C0NEWID001")

    assert [event["type"] for event in listener.told()] == [
        "channel_archive",
        "channel_unarchive",
        "channel_rename",
        "member_left_channel",
        "channel_left",
        "channel_id_changed",
        "channel_deleted",
    ]
    assert listener.told()[2]["channel"]["name"] == "runs"


async def test_an_invitation_to_a_private_channel_is_told_and_opens_it(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    arguments = {"channel": HIDDEN, "text": "x"}
    before = workspace.api.call("chat.postMessage", arguments, TOKEN)
    await workspace.admin.invite(HIDDEN)
    await workspace.out.settle()
    after = workspace.api.call("chat.postMessage", arguments, TOKEN)
    await workspace.kick(HIDDEN)

    assert (before["error"], after["ok"]) == ("channel_not_found", True)
    joined, left = listener.told()
    assert (joined["type"], joined["user"], joined["channel_type"]) == (
        "member_joined_channel",
        BOT_USER,
        "G",
    )
    assert left["type"] == "group_left"


async def test_an_uninstalled_app_has_no_tokens(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    await workspace.uninstall()

    assert [event["type"] for event in listener.told()] == ["tokens_revoked", "app_uninstalled"]
    assert workspace.api.call("auth.test", {}, TOKEN)["error"] == "account_inactive"
    await workspace.admin.reinstall()
    assert workspace.api.call("auth.test", {}, TOKEN)["ok"]


async def test_a_pasted_link_is_offered_for_unfurling(
    workspace: StandInWorkspace, listener: Listener
) -> None:
    workspace.state.unfurl_domains = {"console.example.com"}
    link = "https://console.example.com/tensorboard/205?a=1&b=2"
    await workspace.type(EXPERIMENTS, f"look at {link} and https://other.example/")

    (event,) = listener.told()
    assert event["links"] == [{"url": link, "domain": "console.example.com"}]
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "job 205"}}]
    given = {"unfurl_id": event["unfurl_id"], "source": event["source"]}
    unfurled = workspace.api.call(
        "chat.unfurl", {**given, "unfurls": {link: {"blocks": blocks}}}, TOKEN
    )
    assert unfurled == {"ok": True}
    (message,) = workspace.messages(EXPERIMENTS)
    assert message["attachments"][0]["from_url"] == link
    strange = {"channel": EXPERIMENTS, "ts": message["ts"], "unfurls": {"https://x.example": {}}}
    assert workspace.api.call("chat.unfurl", strange, TOKEN)["error"] == "cannot_unfurl_url"
