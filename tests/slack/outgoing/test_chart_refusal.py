"""Messages with charts and tables where Slack does not take them: once more without, for a day."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.core.errors import MessageRejected
from bot.core.subscription import Place
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, ME
from bot.demo.workspace.tickets import Origin
from bot.slack.absolute_dates import with_absolute_dates
from bot.slack.blocks import render
from bot.slack.charts import CHART
from bot.slack.newer_blocks import in_older_blocks
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.tables import TABLE
from bot.store import migrate, open_store
from tests.fakes import ManualClock
from tests.make import TEAM
from tests.slack.history_cases import HISTORY_CARDS
from tests.world import BOT_TOKEN, said

Json = dict[str, Any]

MESSAGE = render(HISTORY_CARDS["history"]())
BROKEN: Json = {"text": "x", "blocks": [{"type": "nonsense"}, *MESSAGE["blocks"]]}


class Bots:
    """Processes of the bot, one after the other or beside one another, over one database."""

    def __init__(self, url: str, workspace: StandInWorkspace, clock: ManualClock) -> None:
        self._url, self._workspace, self._clock = url, workspace, clock
        self._stack = AsyncExitStack()

    async def start(self) -> SlackMessenger:
        """One more."""
        store = open_store(self._url, clock=self._clock)
        self._stack.push_async_callback(store.close)
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        made = SlackMessenger(
            memory=store.workspace_memory,
            token=BOT_TOKEN,
            api_url=self._workspace.api_url,
            session=session,
            timeout=60,
        )
        await made.identify()
        self._workspace.api.journal.clear()
        return made

    async def stop(self) -> None:
        """Stop all."""
        await self._stack.aclose()


@pytest.fixture
async def bots(
    tmp_path: Path, workspace: StandInWorkspace, clock: ManualClock
) -> AsyncIterator[Bots]:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    await migrate(url)
    made = Bots(url, workspace, clock)
    yield made
    await made.stop()


@pytest.fixture
async def messenger(bots: Bots) -> SlackMessenger:
    return await bots.start()


WAYS = ("say", "whisper", "tell", "answer_late")


async def send(
    way: str,
    messenger: SlackMessenger,
    workspace: StandInWorkspace,
    message: Json,
    *,
    team_id: str = TEAM,
) -> None:
    here = Place(team_id=team_id, channel_id=EXPERIMENTS)
    match way:
        case "say":
            await messenger.say(here, message, thread_ts=None)
        case "whisper":
            await messenger.whisper(here, ME, message, thread_ts=None)
        case "tell":
            await messenger.tell(team_id, ME, message)
        case _:
            url = workspace.state.hook_url(Origin(channel=EXPERIMENTS, user=ME))
            await messenger.answer_late(url, message, team_id=team_id, user_id=ME)


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
    """True if it has both, False if it has neither."""
    kinds = {block["type"] for block in message.get("blocks") or []} & {CHART, TABLE}
    assert len(kinds) != 1
    return bool(kinds)


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
    texts = {message["text"] for message in shown(workspace)}
    assert texts <= {MESSAGE["text"], with_absolute_dates(MESSAGE)["text"]}


async def test_a_refusal_is_known_after_a_restart_and_to_every_replica_for_a_day(
    bots: Bots, messenger: SlackMessenger, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    beside = await bots.start()
    workspace.state.unknown_blocks = {TABLE}
    await send("say", messenger, workspace, MESSAGE)
    assert tries(workspace) == 2
    after = await bots.start()

    clock.advance(hours=23, minutes=59)
    for each in (beside, after):
        await send("say", each, workspace, MESSAGE)
    assert tries(workspace) == 2
    clock.advance(minutes=2)
    workspace.state.unknown_blocks = set()
    await send("say", after, workspace, MESSAGE)

    assert [has_chart(one) for one in shown(workspace)] == [False, False, False, True]


@pytest.mark.parametrize("way", WAYS)
async def test_what_one_workspace_refuses_is_sent_to_another(
    way: str, messenger: SlackMessenger, workspace: StandInWorkspace
) -> None:
    workspace.state.unknown_blocks = {CHART}
    await send(way, messenger, workspace, MESSAGE)
    workspace.state.unknown_blocks = set()

    await send(way, messenger, workspace, MESSAGE, team_id="T0OTHER001")

    assert [has_chart(one) for one in shown(workspace)] == [False, True]


async def test_without_a_database_each_message_is_tried_anew(
    messenger: SlackMessenger, workspace: StandInWorkspace, tmp_path: Path
) -> None:
    workspace.state.unknown_blocks = {CHART}
    (tmp_path / "kept.db").write_bytes(b"no database")

    for _ in range(2):
        await send("say", messenger, workspace, MESSAGE)

    assert tries(workspace) == 4
    assert [has_chart(one) for one in shown(workspace)] == [False, False]


async def test_a_table_that_is_refused_is_told_as_lines(
    messenger: SlackMessenger, workspace: StandInWorkspace
) -> None:
    workspace.state.unknown_blocks = {TABLE}

    await send("say", messenger, workspace, MESSAGE)

    [message] = shown(workspace)
    assert "Running  ·  1 d 2 h" in said({"lines": text_of(message["blocks"])})
    assert text_of(message["blocks"]) == text_of(in_older_blocks(MESSAGE)["blocks"])


def text_of(blocks: list[Json]) -> list[str]:
    """The rich text of a message, a line a section."""
    parts = [part for block in blocks if block["type"] == "rich_text" for part in block["elements"]]
    return ["".join(one.get("text", "") for one in part["elements"]) for part in parts]


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
    await send("say", messenger, workspace, BROKEN)
    workspace.faults.add("error", method="chat.postMessage", error="is_archived")
    with pytest.raises(MessageRejected):
        await send("say", messenger, workspace, MESSAGE)

    await send("say", messenger, workspace, MESSAGE)

    [broken, message] = shown(workspace)
    assert (broken["text"], broken.get("blocks")) == ("x", None)
    assert has_chart(message)
