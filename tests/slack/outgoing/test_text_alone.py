"""Messages whose blocks Slack refuses: their text is sent alone, once, in the same attempt."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import structlog

from bot.core.errors import MessageRejected, MessengerUnavailable, Refusal
from bot.core.text import say
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, ME
from bot.demo.workspace.tickets import Origin
from bot.slack.blocks import render
from bot.slack.outgoing.deliveries import DeliverySender
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.text_alone import BLOCKS_REFUSED, text_alone
from tests.fakes import ManualClock
from tests.make import LINK_HOSTS, a_change
from tests.outbox_fakes import HERE, a_delivery, a_group, an_edit
from tests.slack.history_cases import HISTORY_CARDS
from tests.slack.outgoing.test_deliveries import a_card_delivery, under_a_card, unsure
from tests.world import BOT_TOKEN

Json = dict[str, Any]

ANSWER: Json = {
    "text": "flowers-tb is running.",
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*flowers-tb* is running."}}],
}
WITH_A_CHART = render(HISTORY_CARDS["history"]())
#: Every card of ours has one of these.
OURS = {"section", "context", "rich_text", "actions", "header", "divider"}


@pytest.fixture
async def messenger(workspace: StandInWorkspace) -> AsyncIterator[SlackMessenger]:
    async with aiohttp.ClientSession() as session:
        made = SlackMessenger(
            token=BOT_TOKEN, api_url=workspace.api_url, session=session, timeout=5.0
        )
        await made.identify()
        workspace.api.journal.clear()
        yield made


@pytest.fixture
def sender(messenger: SlackMessenger) -> DeliverySender:
    return DeliverySender(
        messenger.calls, identity=lambda: messenger.identity, link_hosts=LINK_HOSTS
    )


def posts(workspace: StandInWorkspace) -> int:
    return len([one for one in workspace.journal if one.method == "chat.postMessage"])


@pytest.mark.parametrize("code", sorted(BLOCKS_REFUSED))
@pytest.mark.parametrize("make", [a_delivery, lambda: a_group(a_change(1, 7), a_change(7, 8))])
async def test_a_post_is_shown_as_text_and_is_found_by_its_metadata(
    sender: DeliverySender,
    workspace: StandInWorkspace,
    clock: ManualClock,
    code: str,
    make: Callable[[], Any],
) -> None:
    delivery = await under_a_card(sender, make())
    workspace.faults.add("error", error=code, method="chat.postMessage", count=1)

    with structlog.testing.capture_logs() as logged:
        posted = await sender.post(delivery)

    [shown] = workspace.messages(EXPERIMENTS)[1:]
    assert (shown["ts"], shown.get("blocks")) == (posted.ts, None)
    assert "flowers-tb" in shown["text"]
    assert shown["thread_ts"] == delivery.card.ts
    assert await sender.find(unsure(delivery, clock)) == (posted,)
    assert posts(workspace) == 3
    [line] = [one for one in logged if one["event"] == "blocks_refused"]
    assert (line["code"], len(line["blocks_sha256"])) == (code, 64)
    assert "flowers" not in str(line)


async def test_a_reply_that_may_not_be_broadcast_stays_in_its_thread(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    delivery = await under_a_card(sender, a_delivery(a_change(7, 11)))
    workspace.faults.add(
        "error", error="cant_broadcast_message", method="chat.postMessage", count=1
    )

    posted = await sender.post(delivery)

    tried, sent = (one.arguments for one in workspace.journal if "thread_ts" in one.arguments)
    assert tried["reply_broadcast"]
    assert "reply_broadcast" not in sent
    assert sent["blocks"] == tried["blocks"]
    assert await sender.find(unsure(delivery, clock)) == (posted,)


async def test_a_text_that_may_have_been_shown_is_found_and_not_repeated(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    delivery = await under_a_card(sender, a_delivery())
    workspace.faults.add("error", error="invalid_blocks", method="chat.postMessage", count=1)
    workspace.faults.add("http_error", method="chat.postMessage", applied="yes", count=1)

    with pytest.raises(MessengerUnavailable):
        await sender.post(delivery)

    assert len(await sender.find(unsure(delivery, clock))) == 1
    assert posts(workspace) == 3


async def test_a_text_that_is_refused_as_well_is_sent_no_third_time(
    sender: DeliverySender, workspace: StandInWorkspace
) -> None:
    workspace.faults.add("error", error="invalid_blocks", method="chat.postMessage", count=3)

    with pytest.raises(MessageRejected) as caught:
        await sender.post(a_card_delivery())

    assert caught.value.code == "invalid_blocks"
    assert posts(workspace) == 2


@pytest.mark.parametrize(
    "code", ["invalid_metadata_format", "metadata_too_large", "msg_too_long", "not_in_channel"]
)
async def test_what_is_refused_for_another_reason_is_sent_once(
    sender: DeliverySender, workspace: StandInWorkspace, code: str
) -> None:
    workspace.faults.add("error", error=code, method="chat.postMessage", count=1)

    with pytest.raises(MessageRejected) as caught:
        await sender.post(a_card_delivery())

    assert caught.value.code == code
    assert posts(workspace) == 1


async def test_a_card_is_edited_as_text_and_is_whole_after_the_next_edit(
    sender: DeliverySender, workspace: StandInWorkspace
) -> None:
    card = await sender.post(a_card_delivery())
    workspace.state.unknown_blocks = OURS

    await sender.edit(an_edit(a_change(8, 11), card=card))

    [shown] = workspace.messages(EXPERIMENTS)
    assert "failed" in shown["text"]
    assert not shown.get("blocks")
    assert shown["metadata"]["event_type"] == "visjob_card"

    workspace.state.unknown_blocks = set()
    await sender.edit(an_edit(a_change(8, 11), card=card))

    [shown] = workspace.messages(EXPERIMENTS)
    assert shown["blocks"]


async def test_a_notice_is_corrected_as_text(
    sender: DeliverySender, workspace: StandInWorkspace
) -> None:
    delivery = await under_a_card(sender, a_delivery())
    posted = await sender.post(delivery)
    workspace.state.unknown_blocks = OURS

    await sender.correct(delivery, posted)

    shown = workspace.messages(EXPERIMENTS)[-1]
    assert (bool(shown["text"]), bool(shown.get("blocks"))) == (True, False)


Way = Callable[[SlackMessenger, StandInWorkspace, Json], Awaitable[None]]


async def _late(messenger: SlackMessenger, workspace: StandInWorkspace, message: Json) -> None:
    url = workspace.state.hook_url(Origin(channel=EXPERIMENTS, user=ME))
    await messenger.answer_late(url, message, team_id=HERE.team_id, user_id=ME)


WAYS: dict[str, Way] = {
    "in the channel": lambda bot, _, one: bot.say(HERE, one, thread_ts=None),
    "for one person": lambda bot, _, one: bot.whisper(HERE, ME, one, thread_ts=None),
    "as a direct message": lambda bot, _, one: bot.tell(HERE.team_id, ME, one),
    "by a response URL": _late,
    "for all to see": lambda bot, _, one: bot.announce(HERE, one, signed=one),
}


@pytest.mark.parametrize("message", [ANSWER, WITH_A_CHART], ids=["plain", "with a chart"])
@pytest.mark.parametrize("way", WAYS)
async def test_an_answer_is_shown_as_text_where_it_was_asked_for(
    messenger: SlackMessenger, workspace: StandInWorkspace, way: str, message: Json
) -> None:
    workspace.state.unknown_blocks = OURS

    await WAYS[way](messenger, workspace, message)

    places = [workspace.messages(APP_DM), workspace.messages(EXPERIMENTS)]
    [shown] = [*places[0], *places[1], *workspace.ephemerals(EXPERIMENTS, ME)]
    assert shown["text"]
    assert not shown.get("blocks")
    assert bool(places[0]) == (way == "as a direct message")


@pytest.mark.parametrize(
    "message",
    [{"text": "x"}, {"text": "x", "blocks": []}, {"text": "", "blocks": ANSWER["blocks"]}],
    ids=["no blocks", "empty blocks", "no text"],
)
def test_what_has_no_text_beside_its_blocks_is_not_sent_again(message: Json) -> None:
    refused = MessageRejected(say("no"), refusal=Refusal.CONTENT, code="invalid_blocks")

    with pytest.raises(MessageRejected):
        text_alone(message, refused)
