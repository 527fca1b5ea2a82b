"""Faults on demand: each looks to the official client as it does in the wild."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import EXPERIMENTS, GENERAL
from bot.demo.workspace.faults import Fault
from tests.fakes import ManualClock


async def post(client: AsyncWebClient, channel: str = EXPERIMENTS) -> Any:
    return await client.chat_postMessage(channel=channel, text="x")


@pytest.mark.parametrize("applied", ["yes", "no"])
@pytest.mark.parametrize(
    ("kind", "details", "meets"),
    [
        ("http_error", {"status": 503}, SlackApiError),
        ("error", {"error": "fatal_error"}, SlackApiError),
        ("timeout", {}, TimeoutError),
        ("reset", {}, aiohttp.ClientError),
        ("html", {}, SlackApiError),
        ("cut_json", {}, (SlackApiError, ValueError)),
    ],
)
async def test_an_unclear_answer_says_nothing_of_what_happened(
    workspace: StandInWorkspace, kind: Any, details: dict[str, Any], meets: Any, applied: str
) -> None:
    client = AsyncWebClient(
        token="xoxb-stand-in", base_url=workspace.api_url, retry_handlers=[], timeout=1
    )
    workspace.faults.add(kind, method="chat.postMessage", applied=applied, **details)

    with pytest.raises(meets):
        await post(client)

    assert len(workspace.messages(EXPERIMENTS)) == (1 if applied == "yes" else 0)
    assert (await post(client))["ok"]


async def test_a_rate_limited_call_is_told_when_to_come_back(
    workspace: StandInWorkspace, client: AsyncWebClient
) -> None:
    workspace.faults.add("rate_limited", channel=EXPERIMENTS, retry_after=7, count=2)

    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await post(client)
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "7"
    await post(client, GENERAL)
    await post(client)

    assert [entry.error for entry in workspace.journal] == [
        "rate_limited",
        "rate_limited",
        None,
        None,
    ]


async def test_a_slow_answer_is_the_true_one(
    workspace: StandInWorkspace, client: AsyncWebClient
) -> None:
    workspace.faults.add("slow", seconds=0.01)

    answer = await post(client)

    assert answer["ts"] == workspace.messages(EXPERIMENTS)[0]["ts"]


async def test_a_late_call_is_applied_after_its_caller_gave_up(
    workspace: StandInWorkspace, client: AsyncWebClient
) -> None:
    workspace.faults.add("reset", applied="late")
    with pytest.raises(aiohttp.ClientError):
        await post(client)
    assert workspace.messages(EXPERIMENTS) == []

    assert workspace.faults.land() == 1

    assert len(workspace.messages(EXPERIMENTS)) == 1


async def test_stale_history_hides_the_newest_messages(
    workspace: StandInWorkspace, client: AsyncWebClient, slack_clock: ManualClock
) -> None:
    await post(client)
    slack_clock.advance(seconds=60)
    await post(client)
    workspace.faults.add("stale_history", seconds=30)
    # A post is no read, so the fault waits.
    await client.chat_update(channel=EXPERIMENTS, ts=(await post(client))["ts"], text="y")

    stale = await client.conversations_history(channel=EXPERIMENTS)
    fresh = await client.conversations_history(channel=EXPERIMENTS)

    assert (len(stale["messages"]), len(fresh["messages"])) == (1, 3)


async def test_a_wrong_channel_and_a_redirect_are_no_receipts(
    workspace: StandInWorkspace, client: AsyncWebClient
) -> None:
    workspace.faults.add("wrong_channel", applied="yes")
    assert (await post(client))["channel"] != EXPERIMENTS

    workspace.faults.add("redirect")
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{workspace.api_url}chat.postMessage", json={}, allow_redirects=False
        ) as answer,
    ):
        assert answer.status == 302


async def test_a_storm_is_chosen_by_the_test(
    workspace: StandInWorkspace, client: AsyncWebClient
) -> None:
    def every_second_post(method: str, _channel: object) -> Fault | None:
        wrong = method == "chat.postMessage" and len(workspace.faults.injected) < 1
        return Fault(kind="error", error="internal_error") if wrong else None

    workspace.faults.choose_with(every_second_post)
    with pytest.raises(SlackApiError):
        await post(client)
    assert (await post(client))["ok"]

    workspace.faults.clear()
    assert len(workspace.faults.injected) == 1


async def test_tiers_are_enforced_when_switched_on(
    workspace: StandInWorkspace, client: AsyncWebClient, slack_clock: ManualClock
) -> None:
    workspace.api.limited = True
    answers = await asyncio.gather(*(post(client) for _ in range(6)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, SlackApiError)]
    assert [error.response.status_code for error in refused] == [429]

    slack_clock.advance(seconds=5)
    assert (await post(client))["ok"]


def test_a_fault_that_slack_never_applies_is_not_accepted_as_applied(
    workspace: StandInWorkspace,
) -> None:
    with pytest.raises(ValueError, match="never applied"):
        workspace.faults.add("rate_limited", applied="yes")
