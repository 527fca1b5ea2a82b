"""The postman against the stand-in workspace: what is sent, and what each answer means."""

import logging
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp
import pytest

from bot.core.card_content import CardContent
from bot.core.delivery import (
    CardDelivery,
    ChangeDelivery,
    ChangesDelivery,
    Delivery,
    DeliveryKind,
    MorningDelivery,
    Notice,
    SourceNote,
)
from bot.core.delivery_ids import card_id, delivery_id, morning_id, source_id
from bot.core.errors import MessageRejected, MessengerUnavailable, Refusal
from bot.core.job import JobId
from bot.core.morning import Morning
from bot.core.subscription import DeliveryMode
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_ID, BOT_ID, BOT_USER, EXPERIMENTS
from bot.demo.workspace.faults import Fault
from bot.slack.outgoing.calls import SlackCalls, without_redirects
from bot.slack.outgoing.deliveries import DeliverySender
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.refusals import REFUSALS, UNCLEAR
from tests.fakes import ManualClock
from tests.make import LINK_HOSTS, NOW, PROJECT, a_change, a_job
from tests.outbox_fakes import HERE, a_delivery, a_group, an_edit
from tests.reference import method_page, needs_reference
from tests.world import BOT_TOKEN

Json = dict[str, Any]
AnyDelivery = TypeVar("AnyDelivery", bound=Delivery)
AnyNotice = TypeVar("AnyNotice", ChangeDelivery, ChangesDelivery)

HOUR = timedelta(hours=1)
METHODS = (
    "chat.postMessage",
    "chat.update",
    "chat.delete",
    "conversations.history",
    "conversations.replies",
)


@pytest.fixture
async def messenger(workspace: StandInWorkspace) -> AsyncIterator[SlackMessenger]:
    async with aiohttp.ClientSession(trace_configs=[without_redirects()]) as session:
        made = SlackMessenger(
            token=BOT_TOKEN,
            api_url=workspace.api_url,
            session=session,
            timeout=1.0,
        )
        await made.identify()
        workspace.api.journal.clear()
        yield made


@pytest.fixture
def sender(messenger: SlackMessenger) -> DeliverySender:
    return DeliverySender(
        messenger.calls, identity=lambda: messenger.identity, link_hosts=LINK_HOSTS
    )


def a_card_delivery(**parts: Any) -> CardDelivery:
    """flowers-tb's card on its way."""
    job = a_job()
    usual: dict[str, Any] = {
        "id": card_id(HERE, PROJECT, job.id),
        "place": HERE,
        "project_id": PROJECT,
        "epoch": 0,
        "attempts": 0,
        "shown": CardContent(job=job),
    }
    return CardDelivery(**{**usual, **parts})


async def under_a_card(sender: DeliverySender, delivery: AnyNotice) -> AnyNotice:
    """The same in the thread of a card that is there."""
    return replace(delivery, card=await sender.post(a_card_delivery()))


def unsure(delivery: AnyDelivery, clock: ManualClock) -> AnyDelivery:
    """The same, intended now for the thread of its card."""
    card = delivery.card if isinstance(delivery, Notice) else None
    thread_ts = card.ts if card else None
    return replace(delivery, intent_at=clock(), thread_ts=thread_ts)


async def test_a_card_says_whose_it_is(sender: DeliverySender, workspace: StandInWorkspace) -> None:
    delivery = a_card_delivery()

    posted = await sender.post(delivery)

    (message,) = workspace.messages(EXPERIMENTS)
    assert posted.ts == message["ts"]
    assert message["metadata"] == {
        "event_type": "visjob_card",
        "event_payload": {"card_id": delivery.id, "project_id": PROJECT, "job_id": 205},
    }
    sent = workspace.journal[0].arguments
    assert sent["unfurl_links"] is False
    assert sent["unfurl_media"] is False
    assert "reply_broadcast" not in sent


async def test_a_change_says_what_it_tells_and_stands_in_the_thread(
    sender: DeliverySender, workspace: StandInWorkspace
) -> None:
    delivery = await under_a_card(sender, a_delivery(a_change(7, 8, sequence=3)))

    await sender.post(delivery)

    card, change = workspace.messages(EXPERIMENTS)
    assert change["thread_ts"] == card["ts"]
    assert change["metadata"] == {
        "event_type": "visjob_status_changed",
        "event_payload": {
            "delivery_id": delivery.id,
            "project_id": PROJECT,
            "job_id": 205,
            "from_status": 7,
            "to_status": 8,
            "sequence": 3,
        },
    }


@pytest.mark.parametrize(
    ("before", "after", "delivery_mode", "is_broadcast"),
    [
        (7, 8, DeliveryMode.THREAD, True),
        (8, 11, DeliveryMode.THREAD, True),
        (8, -1, DeliveryMode.THREAD, True),
        (1, 7, DeliveryMode.THREAD, False),
        (8, 9, DeliveryMode.THREAD, False),
        (1, 7, DeliveryMode.CHANNEL, True),
    ],
)
async def test_what_people_act_on_is_also_shown_in_the_channel(
    sender: DeliverySender,
    workspace: StandInWorkspace,
    before: int,
    after: int,
    delivery_mode: DeliveryMode,
    is_broadcast: bool,
) -> None:
    change = a_delivery(a_change(before, after), delivery_mode=delivery_mode)

    await sender.post(await under_a_card(sender, change))

    shown = workspace.messages(EXPERIMENTS)[-1]
    assert (shown.get("subtype") == "thread_broadcast") is is_broadcast


async def test_a_group_names_every_change_and_is_found_again(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    changes = (a_change(1, 7), a_change(7, 8, sequence=2), a_change(8, 11, sequence=3, id=9))
    group = a_group(*changes)

    posted = await sender.post(group)

    metadata = workspace.messages(EXPERIMENTS)[0]["metadata"]
    assert metadata["event_type"] == "visjob_status_changes"
    told = metadata["event_payload"]["changes"]
    assert [each["delivery_id"] for each in told] == [delivery_id(HERE, one) for one in changes]
    assert [each["job_id"] for each in told] == [205, 205, 9]
    assert await sender.find(unsure(group, clock)) == (posted,)
    other = replace(group, members=group.members[:2])
    assert await sender.find(unsure(other, clock)) == ()


@pytest.mark.parametrize(("last", "is_broadcast"), [((7, 8), True), ((7, 2), False)])
async def test_a_group_of_one_job_stands_in_its_thread(
    sender: DeliverySender, workspace: StandInWorkspace, last: tuple[int, int], is_broadcast: bool
) -> None:
    changes = (a_change(1, 7), a_change(*last, sequence=2))
    group = a_group(*changes)

    await sender.post(await under_a_card(sender, group))

    card, told = workspace.messages(EXPERIMENTS)
    assert told["thread_ts"] == card["ts"]
    assert (told.get("subtype") == "thread_broadcast") is is_broadcast


@pytest.mark.parametrize("is_back", [False, True])
async def test_the_source_lost_and_back_is_told_and_found_again(
    sender: DeliverySender, clock: ManualClock, is_back: bool
) -> None:
    kind = DeliveryKind.SOURCE_BACK if is_back else DeliveryKind.SOURCE_LOST
    id = source_id(HERE, PROJECT, kind, NOW)
    note = SourceNote(
        id=id, place=HERE, project_id=PROJECT, epoch=0, attempts=0, since=NOW, is_back=is_back
    )

    posted = await sender.post(note)

    assert await sender.find(unsure(note, clock)) == (posted,)


async def test_a_morning_line_is_told_and_found_again(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    line, other = (
        MorningDelivery(
            id=morning_id(HERE, "p1", at), place=HERE, project_id="p1", epoch=0, attempts=0,
            morning=Morning(running=3, oldest=26 * HOUR, failed=1, yesterday=41 * HOUR,
                            day_before=30 * HOUR),
        )
        for at in (NOW, NOW + 24 * HOUR)
    )  # fmt: skip

    posted = await sender.post(line)

    [message] = workspace.messages(EXPERIMENTS)
    assert (
        message["text"].replace("\u00a0", " ").startswith("3 running (oldest 1 d 2 h), 1 failed, ")
    )
    assert message["metadata"] == {
        "event_type": "visjob_morning",
        "event_payload": {"delivery_id": line.id, "project_id": "p1"},
    }
    assert await sender.find(unsure(line, clock)) == (posted,)
    assert await sender.find(unsure(other, clock)) == ()


async def test_an_edit_changes_the_card_in_place(
    sender: DeliverySender, workspace: StandInWorkspace
) -> None:
    card = await sender.post(a_card_delivery())

    await sender.edit(an_edit(a_change(8, 11), card=card))

    (message,) = workspace.messages(EXPERIMENTS)
    assert message["text"].startswith("flowers-tb")
    assert message["metadata"]["event_payload"]["card_id"] == card_id(HERE, PROJECT, a_job().id)
    assert "edited" in message


async def test_an_edit_of_a_card_that_is_gone_is_refused_as_gone(
    sender: DeliverySender, workspace: StandInWorkspace
) -> None:
    card = await sender.post(a_card_delivery())
    await sender.delete(HERE, card)
    assert workspace.messages(EXPERIMENTS) == []

    for attempt in (sender.edit(an_edit(card=card)), sender.delete(HERE, card)):
        with pytest.raises(MessageRejected) as caught:
            await attempt
        assert caught.value.refusal is Refusal.MESSAGE_GONE


@pytest.mark.parametrize("applied", ["yes", "no"])
@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("http_error", {"status": 503}),
        ("http_error", {"status": 502}),
        ("http_error", {"status": 200}),
        ("error", {"error": "fatal_error"}),
        ("error", {"error": "a_code_of_tomorrow"}),
        ("timeout", {}),
        ("reset", {}),
        ("html", {}),
        ("cut_json", {}),
        ("wrong_channel", {}),
    ],
)
async def test_after_an_unclear_answer_only_a_search_knows(
    sender: DeliverySender,
    workspace: StandInWorkspace,
    clock: ManualClock,
    kind: Any,
    details: Json,
    applied: str,
) -> None:
    delivery = await under_a_card(sender, a_delivery())
    workspace.faults.add(kind, method="chat.postMessage", applied=applied, **details)

    with pytest.raises(MessengerUnavailable):
        await sender.post(delivery)
    found = await sender.find(unsure(delivery, clock))

    shown = workspace.messages(EXPERIMENTS)[1:]
    assert [message.ts for message in found] == [message["ts"] for message in shown]
    assert len(found) == (1 if applied == "yes" else 0)
    assert len([e for e in workspace.journal if e.method == "chat.postMessage"]) == 2


async def test_a_redirect_is_no_receipt_and_is_not_followed(
    sender: DeliverySender, workspace: StandInWorkspace
) -> None:
    workspace.faults.add("redirect")

    with pytest.raises(MessengerUnavailable):
        await sender.post(a_card_delivery())

    assert [entry.method for entry in workspace.journal] == ["chat.postMessage"]


async def test_a_late_post_is_found_after_it_landed(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    delivery = await under_a_card(sender, a_delivery())
    workspace.faults.add("reset", method="chat.postMessage", applied="late")
    with pytest.raises(MessengerUnavailable):
        await sender.post(delivery)
    assert await sender.find(unsure(delivery, clock)) == ()

    workspace.faults.land()

    assert len(await sender.find(unsure(delivery, clock))) == 1


@pytest.mark.parametrize(("asked", "waited"), [(17, 17.0), (3601, 3600.0), (10**18, 3600.0)])
async def test_too_fast_says_for_how_long(
    sender: DeliverySender, workspace: StandInWorkspace, asked: int, waited: float
) -> None:
    workspace.faults.add("rate_limited", retry_after=asked)

    with pytest.raises(MessageRejected) as caught:
        await sender.post(a_card_delivery())

    assert caught.value.refusal is Refusal.TOO_FAST
    assert caught.value.retry_after == waited


async def test_without_a_connection_nothing_was_sent(workspace: StandInWorkspace) -> None:
    await workspace.close()
    async with aiohttp.ClientSession() as session:
        calls = SlackCalls(token=BOT_TOKEN, api_url=workspace.api_url, session=session, timeout=1.0)
        sender = DeliverySender(calls, identity=lambda: None, link_hosts=())

        with pytest.raises(MessageRejected) as caught:
            await sender.post(a_card_delivery())

    assert caught.value.refusal is Refusal.NOT_SENT


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("not_in_channel", Refusal.PLACE),
        ("invalid_auth", Refusal.WORKSPACE),
        ("msg_too_long", Refusal.CONTENT),
        ("message_limit_exceeded", Refusal.TOO_FAST),
        ("missing_scope", Refusal.SCOPE),
        ("cannot_reply_to_message", Refusal.MESSAGE_GONE),
    ],
)
async def test_a_refusal_keeps_slacks_word_and_our_class(
    sender: DeliverySender, workspace: StandInWorkspace, code: str, refusal: Refusal
) -> None:
    workspace.faults.add("error", error=code)

    with pytest.raises(MessageRejected) as caught:
        await sender.post(a_card_delivery())

    assert (caught.value.code, caught.value.refusal) == (code, refusal)


async def test_every_copy_is_found_oldest_first_over_all_pages(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    delivery = await under_a_card(sender, a_delivery())
    assert delivery.card is not None
    first = await sender.post(delivery)
    for number in range(450):
        reply = {"text": str(number), "thread_ts": delivery.card.ts}
        workspace.state.post(EXPERIMENTS, reply, user="U0ANA00001")
    second = await sender.post(delivery)

    assert await sender.find(unsure(delivery, clock)) == (first, second)
    searched = [e for e in workspace.journal if e.method == "conversations.replies"]
    assert len(searched) == 3


@pytest.mark.parametrize("is_deleted", [False, True])
async def test_it_is_found_under_the_card_that_was_replaced_meanwhile(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock, is_deleted: bool
) -> None:
    # A step on the way: it is nowhere but in the thread.
    delivery = unsure(await under_a_card(sender, a_delivery(a_change(1, 7))), clock)
    assert delivery.card
    posted = await sender.post(delivery)
    if is_deleted:
        workspace.state.delete(EXPERIMENTS, delivery.card.ts)
    replaced = await under_a_card(sender, delivery)

    assert await sender.find(replaced) == (posted,)


async def test_it_is_found_where_it_came_without_a_thread(
    sender: DeliverySender, clock: ManualClock
) -> None:
    posted = await sender.post(a_delivery(card=None))

    under = await under_a_card(sender, a_delivery())

    assert await sender.find(replace(under, intent_at=clock())) == (posted,)


async def test_it_is_found_under_a_card_that_the_database_does_not_know(
    sender: DeliverySender, clock: ManualClock
) -> None:
    posted = await sender.post(await under_a_card(sender, a_delivery()))

    assert await sender.find(replace(a_delivery(card=None), intent_at=clock())) == (posted,)


async def test_what_a_group_tells_is_found_and_the_group_is_no_copy(
    sender: DeliverySender, clock: ManualClock
) -> None:
    changes = (a_change(1, 7), a_change(7, 8, sequence=2))
    group = a_group(*changes)
    single = unsure(a_delivery(changes[1], card=None), clock)
    other = unsure(a_delivery(a_change(8, 11, sequence=3), card=None), clock)
    grouped = [await sender.post(group), await sender.post(group)]

    assert await sender.find(single) == (grouped[0],)
    assert await sender.find(other) == ()
    alone = await sender.post(single)
    assert await sender.find(single) == (alone,)


async def test_what_a_thread_had_before_the_intent_is_another_matter(
    sender: DeliverySender, clock: ManualClock
) -> None:
    delivery = await under_a_card(sender, a_delivery())
    await sender.post(delivery)
    clock.advance(minutes=10)

    assert await sender.find(unsure(delivery, clock)) == ()


@pytest.mark.parametrize("failing", [1, 2])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="html"),
        Fault(kind="cut_json"),
        Fault(kind="http_error"),
        Fault(kind="error", error="internal_error"),
    ],
)
async def test_a_search_that_breaks_off_says_so_whatever_it_has_seen(
    sender: DeliverySender,
    workspace: StandInWorkspace,
    clock: ManualClock,
    fault: Fault,
    failing: int,
) -> None:
    delivery = await under_a_card(sender, a_delivery())
    assert delivery.card is not None
    await sender.post(delivery)
    for _ in range(200):
        workspace.state.post(EXPERIMENTS, {"text": "x", "thread_ts": delivery.card.ts})
    calls = iter(range(1, 10))
    workspace.faults.choose_with(lambda *_: fault if next(calls) == failing else None)

    with pytest.raises(MessengerUnavailable):
        await sender.find(unsure(delivery, clock))


async def test_a_forged_receipt_is_not_ours(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    delivery = await under_a_card(sender, a_delivery())
    await sender.post(delivery)
    ours = workspace.messages(EXPERIMENTS)[-1]
    forged = {
        "text": "x",
        "thread_ts": ours["thread_ts"],
        "metadata": ours["metadata"],
        "bot_id": "B0OTHER001",
        "app_id": "A0OTHER001",
    }
    workspace.state.delete(EXPERIMENTS, ours["ts"])
    workspace.state.post(EXPERIMENTS, forged, user="U0OTHER001")
    person = {key: value for key, value in forged.items() if not key.endswith("_id")}
    workspace.state.post(EXPERIMENTS, person, user="U0ANA00001")

    assert await sender.find(unsure(delivery, clock)) == ()


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {"event_type": "visjob_card", "event_payload": {}},
        {"event_type": "visjob_status_changed"},
        {"event_type": "visjob_status_changed", "event_payload": {"delivery_id": None}},
        {"event_type": "visjob_status_changed", "event_payload": {"changes": [1, None]}},
        {"event_type": "visjob_status_changes", "event_payload": {"changes": [1, None]}},
        {"event_type": "visjob_status_changes", "event_payload": {"changes": 1}},
        {"event_type": "visjob_status_changes", "event_payload": []},
    ],
)
async def test_another_message_of_ours_is_not_this_delivery(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock, metadata: Json | None
) -> None:
    ours = {"text": "x", "bot_id": BOT_ID, "app_id": APP_ID, "metadata": metadata}
    workspace.state.post(EXPERIMENTS, ours, user=BOT_USER)

    assert await sender.find(unsure(a_delivery(card=None), clock)) == ()


async def test_a_card_is_looked_for_from_shortly_before_it_was_intended(
    sender: DeliverySender, clock: ManualClock
) -> None:
    card = a_card_delivery()
    await sender.post(card)
    clock.advance(minutes=10)
    newer = await sender.post(card)
    intended = clock() + timedelta(seconds=60)

    assert await sender.find(replace(card, intent_at=intended)) == (newer,)


async def test_a_change_whose_card_is_gone_is_looked_for_in_the_channel(
    sender: DeliverySender, clock: ManualClock
) -> None:
    delivery = await under_a_card(sender, a_delivery())
    assert delivery.card is not None
    await sender.delete(HERE, delivery.card)
    posted = await sender.post(delivery)

    assert await sender.find(unsure(delivery, clock)) == (posted,)


async def test_without_the_right_to_read_a_search_is_refused(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    workspace.installation.scopes -= {"channels:history"}

    with pytest.raises(MessageRejected) as caught:
        await sender.find(unsure(a_delivery(card=None), clock))

    assert caught.value.refusal is Refusal.SCOPE
    assert "channels:history" in str(caught.value.hint)


async def test_without_any_right_to_read_slack_is_not_asked(
    messenger: SlackMessenger, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    workspace.installation.scopes -= {"channels:history", "groups:history", "im:history"}
    identity = await messenger.identify()
    sender = DeliverySender(messenger.calls, identity=lambda: identity, link_hosts=())
    calls = len(workspace.journal)

    with pytest.raises(MessageRejected) as caught:
        await sender.find(unsure(a_delivery(card=None), clock))

    assert caught.value.refusal is Refusal.SCOPE
    assert len(workspace.journal) == calls


async def test_nothing_is_searched_before_we_know_who_we_are(
    messenger: SlackMessenger, clock: ManualClock
) -> None:
    stranger = DeliverySender(messenger.calls, identity=lambda: None, link_hosts=())

    with pytest.raises(MessengerUnavailable):
        await stranger.find(unsure(a_delivery(card=None), clock))


async def test_a_change_for_many_places_is_rendered_once(messenger: SlackMessenger) -> None:
    drawn: list[Delivery] = []

    class Counting(DeliverySender):
        def _draw(self, content: Any) -> Json:
            drawn.append(content.delivery)
            return super()._draw(content)

    sender = Counting(messenger.calls, identity=lambda: messenger.identity, link_hosts=())
    change = a_change()
    for _ in range(3):
        await sender.post(a_delivery(change, card=None))
    await sender.post(a_delivery(a_change(8, 11, sequence=2), card=None))

    assert len(drawn) == 2


def test_no_code_is_both_clear_and_unclear() -> None:
    assert not UNCLEAR & REFUSALS.keys()


@needs_reference
@pytest.mark.parametrize("method", METHODS)
def test_every_code_that_slack_lists_is_classed(method: str) -> None:
    listed = method_page(method)["errors"]

    assert set(listed) - REFUSALS.keys() - UNCLEAR == set()


@needs_reference
async def test_no_call_has_an_argument_that_slack_does_not_know(
    sender: DeliverySender, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    delivery = await under_a_card(sender, a_delivery())
    assert delivery.card is not None
    posted = await sender.post(delivery)
    await sender.edit(an_edit(card=delivery.card))
    await sender.find(unsure(delivery, clock))
    await sender.find(unsure(a_card_delivery(), clock))
    await sender.delete(HERE, posted)

    assert {entry.method for entry in workspace.journal} == set(METHODS)
    for entry in workspace.journal:
        page = method_page(entry.method)
        assert set(entry.arguments) <= set(page["args"]["properties"])
        assert set(page["args"]["required"]) - {"token"} <= set(entry.arguments)
        assert entry.error is None


async def test_no_call_is_written_out_for_a_log_that_nobody_asked_for(
    sender: DeliverySender, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await sender.post(a_card_delivery())

    assert [one for one in caplog.records if "chat.postMessage" in one.getMessage()] == []


def test_an_id_is_the_named_uuid_that_every_version_computes() -> None:
    name = f"{HERE.team_id}/{HERE.channel_id}/{PROJECT}/205/card"
    namespace = uuid.UUID("6f1b7c52-6c0e-4c6e-9d53-5b1c3f1d7a01")

    assert card_id(HERE, PROJECT, JobId(205)) == str(uuid.uuid5(namespace, name))
