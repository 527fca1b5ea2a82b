"""Reading methods and tokens of the stand-in, with the official client."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_DM, BOT_USER, EXPERIMENTS, HIDDEN, ME
from tests.demo.slack_world import TOKEN, refusal
from tests.fakes import ManualClock

Json = dict[str, Any]
BEN = "U0BEN00001"


async def test_history_comes_in_pages_and_windows(
    client: AsyncWebClient, slack_clock: ManualClock
) -> None:
    stamps = []
    for number in range(6):
        slack_clock.advance(seconds=1)
        posted = await client.chat_postMessage(channel=EXPERIMENTS, text=str(number))
        stamps.append(posted["ts"])

    read = []
    cursor = None
    while cursor != "":
        page = await client.conversations_history(channel=EXPERIMENTS, limit=2, cursor=cursor)
        read.append([m["text"] for m in page["messages"]])
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
    assert read == [["5", "4"], ["3", "2"], ["1", "0"]]

    async def between(**window: Any) -> list[str]:
        found = await client.conversations_history(channel=EXPERIMENTS, **window)
        return [m["text"] for m in found["messages"]]

    assert await between(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert await between(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["3", "2", "1"]
    bad = client.conversations_history(channel=EXPERIMENTS, cursor="x")
    assert await refusal(bad) == "invalid_cursor"
    bad = client.conversations_history(channel=EXPERIMENTS, oldest="yesterday")
    assert await refusal(bad) == "invalid_ts_oldest"


async def test_the_reading_methods_answer_the_official_client(client: AsyncWebClient) -> None:
    test = await client.auth_test()

    assert (test["user_id"], test["team"]) == (BOT_USER, "Vision Lab")
    granted = test.headers["x-oauth-scopes"].split(",")
    assert {"commands", "chat:write"} <= set(granted)
    shown = await client.conversations_info(channel=EXPERIMENTS, include_num_members=True)
    assert shown["channel"]["num_members"] == 6
    assert BOT_USER in (await client.conversations_members(channel=EXPERIMENTS))["members"]
    assert (await client.users_info(user=ME))["user"]["name"] == "ana"
    group = await client.usergroups_users_list(usergroup="S0MLADMINS")
    assert group["users"] == [ME, BEN]


async def test_a_list_of_channels_has_no_private_one_that_the_bot_is_not_in(
    client: AsyncWebClient,
) -> None:
    async def listed(**how: Any) -> list[str]:
        answer = await client.conversations_list(**how)
        return [channel["name"] for channel in answer["channels"]]

    assert await listed() == ["experiments", "general"]
    assert "secret-exp" not in await listed(types="public_channel,private_channel")
    first = await client.conversations_list(limit=1)
    assert len(first["channels"]) == 1
    assert first["response_metadata"]["next_cursor"]
    assert await refusal(client.conversations_list(types="everything")) == "invalid_types"


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("users.info", {"user": "U0NOBODY01"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NONE0001"}, "no_such_subteam"),
        ("conversations.info", {"channel": HIDDEN}, "channel_not_found"),
        ("conversations.members", {"channel": "C0NOWHERE1"}, "channel_not_found"),
        ("conversations.members", {"channel": EXPERIMENTS, "limit": "0x"}, "invalid_limit"),
        ("conversations.members", {"channel": EXPERIMENTS, "limit": 1001}, "invalid_limit"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": BOT_USER}, "user_not_found"),
        ("conversations.open", {"users": f"{ME},U0BEN00001"}, "missing_scope"),
        ("conversations.replies", {"channel": EXPERIMENTS, "ts": "1.000000"}, "thread_not_found"),
        (
            "chat.unfurl",
            {"unfurls": {}, "source": "composer", "unfurl_id": "x"},
            "invalid_unfurl_id",
        ),
        ("chat.unfurl", {"unfurls": {}, "source": "elsewhere", "unfurl_id": "x"}, "invalid_source"),
        ("chat.unfurl", {"unfurls": {}, "source": "composer"}, "missing_unfurl_id"),
        ("chat.unfurl", {"unfurls": {}, "unfurl_id": "x"}, "missing_source"),
        ("chat.unfurl", {"unfurls": {}, "ts": "1"}, "missing_channel"),
        ("chat.unfurl", {"unfurls": {}, "channel": EXPERIMENTS}, "missing_ts"),
        ("chat.unfurl", {"unfurls": {}, "channel": "C0", "ts": "1"}, "cannot_find_channel"),
        ("chat.unfurl", {"unfurls": {}, "channel": EXPERIMENTS, "ts": "1"}, "cannot_find_message"),
        ("chat.unfurl", {"unfurls": ["x"], "channel": "C0"}, "invalid_unfurls_format"),
        ("chat.unfurl", {}, "missing_unfurls"),
        ("chat.delete", {"channel": EXPERIMENTS, "ts": "1"}, "message_not_found"),
    ],
)
async def test_what_is_not_there_is_named(
    workspace: StandInWorkspace, method: str, arguments: Json, error: str
) -> None:
    workspace.installation.scopes |= {"im:read", "mpim:read"}

    assert workspace.api.call(method, arguments, TOKEN)["error"] == error


async def test_each_kind_of_channel_has_its_own_scope(workspace: StandInWorkspace) -> None:
    workspace.installation.scopes = frozenset({"channels:history", "channels:read"})
    await workspace.admin.invite(HIDDEN)

    public = workspace.api.call("conversations.history", {"channel": EXPERIMENTS}, TOKEN)
    private = workspace.api.call("conversations.history", {"channel": HIDDEN}, TOKEN)
    direct = workspace.api.call("conversations.info", {"channel": APP_DM}, TOKEN)

    assert public["ok"]
    assert (private["error"], private["needed"]) == ("missing_scope", "groups:history")
    assert (direct["error"], direct["needed"]) == ("missing_scope", "im:read")
