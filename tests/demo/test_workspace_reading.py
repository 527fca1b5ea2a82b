"""Reading methods and tokens of the stand-in, with the official client."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace_cast import APP_DM, BOT_USER, EXPERIMENTS, ME
from tests.demo.slack_world import TOKEN, HandClock, refusal

Json = dict[str, Any]
BEN = "U0BEN00001"


async def test_history_comes_in_pages_and_windows(
    client: AsyncWebClient, slack_clock: HandClock
) -> None:
    stamps = []
    for number in range(5):
        slack_clock.forward(seconds=1)
        posted = await client.chat_postMessage(channel=EXPERIMENTS, text=str(number))
        stamps.append(posted["ts"])

    read = []
    cursor = None
    while cursor != "":
        page = await client.conversations_history(channel=EXPERIMENTS, limit=2, cursor=cursor)
        read.append([m["text"] for m in page["messages"]])
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
    assert read == [["4", "3"], ["2", "1"], ["0"]]

    async def between(**window: Any) -> list[str]:
        found = await client.conversations_history(channel=EXPERIMENTS, **window)
        return [m["text"] for m in found["messages"]]

    assert await between(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert await between(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["3", "2", "1"]
    bad = client.conversations_history(channel=EXPERIMENTS, cursor="x")
    assert await refusal(bad) == "invalid_cursor"
    bad = client.conversations_history(channel=EXPERIMENTS, oldest="yesterday")
    assert await refusal(bad) == "invalid_ts_oldest"


async def test_the_reading_methods_answer_the_official_client(
    client: AsyncWebClient, workspace: StandInWorkspace
) -> None:
    workspace.installation.scopes |= {"channels:join", "im:read", "mpim:read", "team:read"}
    test = await client.auth_test()
    channels = await client.conversations_list(types="public_channel,private_channel")

    assert (test["user_id"], test["team"]) == (BOT_USER, "Vision Lab")
    granted = test.headers["x-oauth-scopes"].split(",")
    assert {"commands", "chat:write"} <= set(granted)
    assert [c["name"] for c in channels["channels"]] == ["experiments", "general"]
    shown = await client.conversations_info(channel=EXPERIMENTS, include_num_members=True)
    assert shown["channel"]["num_members"] == 5
    assert BOT_USER in (await client.conversations_members(channel=EXPERIMENTS))["members"]
    joined = await client.conversations_join(channel=EXPERIMENTS)
    assert joined["warning"] == "already_in_channel"
    assert (await client.users_info(user=ME))["user"]["name"] == "ana"
    assert len((await client.users_list(limit=2))["members"]) == 2
    mine = await client.users_conversations(user=ME, types="im")
    assert [c["id"] for c in mine["channels"]] == [APP_DM]
    group = await client.usergroups_users_list(usergroup="S0MLADMINS")
    assert group["users"] == [ME, BEN]
    assert (await client.team_info())["team"]["domain"] == "vision-lab"
    assert (await client.bots_info(bot=test["bot_id"]))["bot"]["user_id"] == BOT_USER
    assert (await client.api_test(foo="bar"))["args"] == {"foo": "bar"}


# The official client still uses what aiohttp will drop.
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_a_revoked_token_is_dead_until_the_app_is_installed_again(
    client: AsyncWebClient, workspace: StandInWorkspace
) -> None:
    await client.auth_revoke()
    assert await refusal(client.auth_test()) == "token_revoked"

    code = workspace.installation.issue_code()
    app = workspace.installation
    secrets = {"client_id": app.client_id, "client_secret": app.client_secret, "code": code}
    installed = await AsyncWebClient(base_url=workspace.api_url).oauth_v2_access(**secrets)
    assert installed["access_token"] == TOKEN
    assert (await client.auth_test())["ok"]
    again = AsyncWebClient(base_url=workspace.api_url).oauth_v2_access(**secrets)
    assert await refusal(again) == "invalid_code"
    assert TOKEN not in repr(workspace.journal)
    assert app.client_secret not in repr(workspace.journal)
