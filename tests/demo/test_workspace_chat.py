"""The stand-in's messages, as the official client sees them."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace_cast import APP_DM, BOT_USER, EXPERIMENTS, GENERAL, HIDDEN, ME
from tests.demo.slack_world import CARD, TOKEN, HandClock

Json = dict[str, Any]
BEN = "U0BEN00001"
METADATA = {"event_type": "visjob_card", "event_payload": {"job_id": 205}}


async def refusal(call: Any) -> str:
    """Return the error code that a call meets."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_timestamps_ascend_while_the_clock_stands_still(client: AsyncWebClient) -> None:
    posted = [await client.chat_postMessage(channel=EXPERIMENTS, text=str(n)) for n in range(3)]

    stamps = [answer["ts"] for answer in posted]
    assert stamps == sorted(set(stamps))


async def test_a_message_is_stored_as_slack_stores_it(
    client: AsyncWebClient, workspace: StandInWorkspace
) -> None:
    answer = await client.chat_postMessage(channel="#experiments", text="hello", blocks=CARD)

    message = answer["message"]
    assert answer["channel"] == EXPERIMENTS
    assert message == workspace.messages(EXPERIMENTS)[0]
    assert message["user"] == BOT_USER
    assert {block["block_id"] for block in message["blocks"]} == {"b0sec", "b1act"}
    assert message["blocks"][1]["elements"][0]["text"]["emoji"] is True


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE1", "text": "x"}, "channel_not_found"),
        ({"channel": HIDDEN, "text": "x"}, "channel_not_found"),
        ({"channel": "D0ANABEN01", "text": "x"}, "channel_not_found"),
        ({"channel": EXPERIMENTS}, "no_text"),
        ({"channel": EXPERIMENTS, "text": ""}, "no_text"),
        ({"channel": EXPERIMENTS, "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"channel": EXPERIMENTS, "text": "x", "blocks": [{"type": "what"}]}, "invalid_blocks"),
        ({"channel": EXPERIMENTS, "text": "x", "blocks": {}}, "invalid_blocks_format"),
        ({"channel": EXPERIMENTS, "text": "x", "metadata": []}, "invalid_metadata_format"),
        ({"channel": EXPERIMENTS, "text": "x", "metadata": {"a": 1}}, "invalid_metadata_schema"),
        ({"channel": EXPERIMENTS, "text": "x", "username": "boss"}, "missing_scope"),
        ({"channel": EXPERIMENTS, "text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"channel": EXPERIMENTS, "text": "x", "client_msg_id": "1"}, "invalid_arguments"),
    ],
)
async def test_a_wrong_message_is_refused(
    workspace: StandInWorkspace, arguments: Json, error: str
) -> None:
    assert workspace.api.call("chat.postMessage", arguments, TOKEN)["error"] == error
    assert workspace.messages(EXPERIMENTS) == []


async def test_refused_blocks_are_pointed_at(workspace: StandInWorkspace) -> None:
    wrong = [{"type": "header", "text": {"type": "plain_text", "text": ""}}]

    answer = workspace.api.call(
        "chat.postMessage", {"channel": EXPERIMENTS, "blocks": wrong}, TOKEN
    )

    said = "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    assert answer["response_metadata"]["messages"] == [said]


async def test_a_channel_must_be_joined_and_open(
    client: AsyncWebClient, workspace: StandInWorkspace
) -> None:
    workspace.state.channels[GENERAL].members.discard(BOT_USER)
    assert await refusal(client.chat_postMessage(channel=GENERAL, text="x")) == "not_in_channel"

    workspace.state.channels[EXPERIMENTS].is_archived = True
    assert await refusal(client.chat_postMessage(channel=EXPERIMENTS, text="x")) == "is_archived"


async def test_a_text_over_forty_thousand_is_cut_with_a_warning(client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel=EXPERIMENTS, text="x" * 40_001)

    assert len(answer["message"]["text"]) == 40_000
    assert answer["response_metadata"]["warnings"] == ["message_truncated"]


async def test_a_message_to_a_person_lands_in_their_dm_with_the_bot(
    client: AsyncWebClient,
) -> None:
    assert (await client.chat_postMessage(channel=ME, text="x"))["channel"] == APP_DM

    opened = await client.conversations_open(users=BEN)
    posted = await client.chat_postMessage(channel=BEN, text="x")
    assert posted["channel"] == opened["channel"]["id"]


async def test_a_thread_counts_its_replies_and_a_broadcast_shows_in_the_channel(
    client: AsyncWebClient,
) -> None:
    parent = (await client.chat_postMessage(channel=EXPERIMENTS, text="card"))["ts"]
    await client.chat_postMessage(channel=EXPERIMENTS, text="quiet", thread_ts=parent)
    loud = await client.chat_postMessage(
        channel=EXPERIMENTS, text="loud", thread_ts=parent, reply_broadcast=True
    )
    # A reply to a reply belongs to the same thread.
    await client.chat_postMessage(channel=EXPERIMENTS, text="late", thread_ts=loud["ts"])

    history = await client.conversations_history(channel=EXPERIMENTS)
    replies = await client.conversations_replies(channel=EXPERIMENTS, ts=parent)
    assert [m["text"] for m in history["messages"]] == ["loud", "card"]
    assert [m["text"] for m in replies["messages"]] == ["card", "quiet", "loud", "late"]
    assert replies["messages"][0]["reply_count"] == 3
    assert replies["messages"][2]["subtype"] == "thread_broadcast"


async def test_metadata_comes_back_only_when_asked_for(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=EXPERIMENTS, text="x", metadata=METADATA)

    plain = await client.conversations_history(channel=EXPERIMENTS)
    full = await client.conversations_history(channel=EXPERIMENTS, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == METADATA


async def test_an_update_changes_the_message_in_place(
    client: AsyncWebClient, workspace: StandInWorkspace
) -> None:
    ts = (await client.chat_postMessage(channel=EXPERIMENTS, text="old", blocks=CARD))["ts"]

    answer = await client.chat_update(channel=EXPERIMENTS, ts=ts, text="new", metadata=METADATA)

    (message,) = workspace.messages(EXPERIMENTS)
    assert answer["text"] == message["text"] == "new"
    assert message["ts"] == ts
    assert "blocks" not in message
    assert message["edited"]["user"] == BOT_USER


async def test_an_update_is_refused_as_slack_refuses_it(
    client: AsyncWebClient, workspace: StandInWorkspace
) -> None:
    await workspace.type(EXPERIMENTS, "good morning")
    hers = workspace.messages(EXPERIMENTS)[0]["ts"]
    mine = (await client.chat_postMessage(channel=EXPERIMENTS, text="x"))["ts"]

    async def update(ts: str, text: str = "y") -> str:
        return await refusal(client.chat_update(channel=EXPERIMENTS, ts=ts, text=text))

    assert await update(hers) == "cant_update_message"
    assert await update("1.000000") == "message_not_found"
    assert await update(mine, "x" * 4001) == "msg_too_long"
    workspace.state.channels[EXPERIMENTS].is_archived = True
    assert await update(mine) == "is_inactive"


async def test_a_deleted_parent_stays_as_a_tombstone(
    client: AsyncWebClient, workspace: StandInWorkspace
) -> None:
    parent = (await client.chat_postMessage(channel=EXPERIMENTS, text="card"))["ts"]
    reply = await client.chat_postMessage(channel=EXPERIMENTS, text="r", thread_ts=parent)

    await client.chat_delete(channel=EXPERIMENTS, ts=parent)
    assert workspace.messages(EXPERIMENTS)[0]["subtype"] == "tombstone"
    again = client.chat_update(channel=EXPERIMENTS, ts=parent, text="x")
    assert await refusal(again) == "message_not_found"

    await client.chat_delete(channel=EXPERIMENTS, ts=reply["ts"])
    assert [m["text"] for m in workspace.messages(EXPERIMENTS)] == ["This message was deleted."]


async def test_an_ephemeral_message_reaches_one_member_only(
    client: AsyncWebClient, workspace: StandInWorkspace
) -> None:
    await client.chat_postEphemeral(channel=EXPERIMENTS, user=BEN, text="psst")

    assert [m["text"] for m in workspace.ephemerals(EXPERIMENTS, BEN)] == ["psst"]
    assert workspace.ephemerals(EXPERIMENTS, ME) == []
    assert (await client.conversations_history(channel=EXPERIMENTS))["messages"] == []
    workspace.state.channels[EXPERIMENTS].members.discard(BEN)
    outside = client.chat_postEphemeral(channel=EXPERIMENTS, user=BEN, text="psst")
    assert await refusal(outside) == "user_not_in_channel"


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


async def test_a_permalink_names_message_and_thread(client: AsyncWebClient) -> None:
    parent = (await client.chat_postMessage(channel=EXPERIMENTS, text="x"))["ts"]
    reply = await client.chat_postMessage(channel=EXPERIMENTS, text="y", thread_ts=parent)

    link = await client.chat_getPermalink(channel=EXPERIMENTS, message_ts=reply["ts"])

    digits = reply["ts"].replace(".", "")
    assert link["permalink"] == (
        f"https://vision-lab.slack.com/archives/{EXPERIMENTS}/p{digits}"
        f"?thread_ts={parent}&cid={EXPERIMENTS}"
    )


async def test_blocks_are_validated_without_a_token(workspace: StandInWorkspace) -> None:
    client = AsyncWebClient(base_url=workspace.api_url)

    assert (await client.api_call("blocks.validate", json={"blocks": CARD}))["ok"]
    wrong = client.api_call("blocks.validate", json={"blocks": [{"type": "section"}]})
    assert await refusal(wrong) == "invalid_blocks"
    both = client.api_call("blocks.validate", json={"blocks": CARD, "view": {}})
    assert await refusal(both) == "invalid_arguments"


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
