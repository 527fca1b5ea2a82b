"""Messages with charts where Slack does not take them: once more without, for a day."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.core.errors import MessageRejected
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, ME
from bot.demo.workspace.tickets import Origin
from bot.slack.blocks import render
from bot.slack.charts import CHART
from bot.slack.outgoing.messenger import SlackMessenger
from tests.fakes import ManualClock
from tests.slack.history_cases import HISTORY_CARDS
from tests.world import BOT_TOKEN, SIGNING_SECRET

Json = dict[str, Any]

MESSAGE = render(HISTORY_CARDS["history"]())
BROKEN: Json = {"text": "x", "blocks": [{"type": "nonsense"}, *MESSAGE["blocks"]]}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def workspace(clock: ManualClock) -> AsyncIterator[StandInWorkspace]:
    made = StandInWorkspace(clock=clock, signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN)
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def messenger(
    workspace: StandInWorkspace, clock: ManualClock
) -> AsyncIterator[SlackMessenger]:
    async with aiohttp.ClientSession() as session:
        yield SlackMessenger(
            monotonic=clock.monotonic,
            token=BOT_TOKEN,
            api_url=workspace.api_url,
            session=session,
            timeout=60,
        )


WAYS = ("say", "whisper", "tell", "answer_late")


async def send(
    way: str, messenger: SlackMessenger, workspace: StandInWorkspace, message: Json
) -> None:
    match way:
        case "say":
            await messenger.say(EXPERIMENTS, message, thread_ts=None)
        case "whisper":
            await messenger.whisper(EXPERIMENTS, ME, message, thread_ts=None)
        case "tell":
            await messenger.tell(ME, message)
        case _:
            url = workspace.state.hook_url(Origin(channel=EXPERIMENTS, user=ME))
            await messenger.answer_late(url, message, user_id=ME)


def shown(workspace: StandInWorkspace) -> list[Json]:
    """Every message of the bot, wherever it stands."""
    return [
        *workspace.messages(EXPERIMENTS),
        *workspace.messages(APP_DM),
        *workspace.ephemerals(EXPERIMENTS, ME),
    ]


def tries(workspace: StandInWorkspace) -> int:
    """How often anything was sent."""
    return len(workspace.api.journal) + len(workspace.replies.journal)


def has_chart(message: Json) -> bool:
    return any(block["type"] == CHART for block in message.get("blocks") or [])


@pytest.mark.parametrize("way", WAYS)
async def test_a_chart_is_sent_where_slack_draws_it(
    way: str, messenger: SlackMessenger, workspace: StandInWorkspace
) -> None:
    await send(way, messenger, workspace, MESSAGE)

    [message] = shown(workspace)
    assert has_chart(message)
    assert tries(workspace) == 1


@pytest.mark.parametrize("way", WAYS)
async def test_where_it_is_refused_the_same_is_sent_without_it_once(
    way: str, messenger: SlackMessenger, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    workspace.state.unknown_blocks = {CHART}

    await send(way, messenger, workspace, MESSAGE)
    assert tries(workspace) == 2
    clock.advance(hours=23)
    await send(way, messenger, workspace, MESSAGE)
    assert tries(workspace) == 3
    clock.advance(hours=2)
    await send(way, messenger, workspace, MESSAGE)

    assert tries(workspace) == 5
    assert [has_chart(message) for message in shown(workspace)] == [False] * 3
    assert all(message["text"] == MESSAGE["text"] for message in shown(workspace))


async def test_once_slack_draws_charts_they_are_sent_after_a_day(
    messenger: SlackMessenger, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    workspace.state.unknown_blocks = {CHART}
    await send("say", messenger, workspace, MESSAGE)
    workspace.state.unknown_blocks = set()

    clock.advance(hours=23)
    await send("say", messenger, workspace, MESSAGE)
    clock.advance(hours=2)
    await send("say", messenger, workspace, MESSAGE)

    assert [has_chart(message) for message in shown(workspace)] == [False, False, True]


async def test_what_is_refused_for_another_reason_says_nothing_of_charts(
    messenger: SlackMessenger, workspace: StandInWorkspace
) -> None:
    with pytest.raises(MessageRejected):
        await send("say", messenger, workspace, BROKEN)
    workspace.faults.add("error", method="chat.postMessage", error="is_archived")
    with pytest.raises(MessageRejected):
        await send("say", messenger, workspace, MESSAGE)

    await send("say", messenger, workspace, MESSAGE)

    [message] = shown(workspace)
    assert has_chart(message)


async def test_a_message_without_charts_is_not_sent_again(
    messenger: SlackMessenger, workspace: StandInWorkspace
) -> None:
    with pytest.raises(MessageRejected):
        await send("say", messenger, workspace, {"text": "x", "blocks": [{"type": "nonsense"}]})

    assert tries(workspace) == 1
