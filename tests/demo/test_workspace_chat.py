"""The stand-in's messages, as the official client sees them."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_DM, BOT_USER, EXPERIMENTS, GENERAL, HIDDEN, ME
from tests.demo.slack_world import CARD, TOKEN, refusal

Json = dict[str, Any]
BEN = "U0BEN00001"
METADATA = {"event_type": "visjob_card", "event_payload": {"job_id": 205}}


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
    assert message["metadata"] == METADATA
    assert message["edited"]["user"] == BOT_USER


async def test_an_update_keeps_what_it_leaves_out_and_drops_what_it_empties(
    client: AsyncWebClient, workspace: StandInWorkspace
) -> None:
    posted = await client.chat_postMessage(
        channel=EXPERIMENTS, text="old", blocks=CARD, metadata=METADATA
    )
    here = {"channel": EXPERIMENTS, "ts": posted["ts"]}
    (message,) = workspace.messages(EXPERIMENTS)

    await client.chat_update(**here, text="new")
    assert (len(message["blocks"]), message["metadata"]) == (2, METADATA)

    await client.chat_update(**here, blocks=CARD[:1], text="newer", metadata={})
    assert (len(message["blocks"]), message["text"], "metadata" in message) == (1, "newer", False)

    await client.chat_update(**here, blocks=[], text="plain")
    assert (message["text"], "blocks" in message) == ("plain", False)
    empty = workspace.api.call("chat.update", {**here, "blocks": []}, TOKEN)
    assert empty["error"] == "no_text"


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
