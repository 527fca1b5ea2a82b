"""The courier: each branch of the protocol, with an outbox and a Slack in memory."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.delivery import Delivery
from bot.core.errors import (
    MessageRejected,
    MessengerError,
    MessengerUnavailable,
    Refusal,
    StoreUnavailable,
)
from bot.core.project import Project
from bot.core.subscription import Place
from bot.courier.courier import Courier
from tests.fakes import ManualClock
from tests.make import OURS, PROJECT, a_change, a_job
from tests.outbox_fakes import (
    HERE,
    THERE,
    TIMING,
    FakeMessenger,
    FakeOutbox,
    Trouble,
    a_delivery,
    a_group,
)

LOST = MessengerUnavailable("Slack did not answer chat.postMessage.")


@pytest.fixture
def courier(outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock) -> Courier:
    return a_courier(outbox, slack, clock)


def a_courier(
    outbox: FakeOutbox,
    slack: Any,
    clock: ManualClock,
) -> Courier:
    return Courier(
        outbox,
        slack,
        timing=TIMING,
        clock=clock,
        monotonic=clock.monotonic,
        jitter=lambda: 1.0,
    )


def refused(refusal: Refusal, code: str = "", retry_after: float | None = None) -> MessageRejected:
    return MessageRejected(
        "Slack refused chat.postMessage.", refusal=refusal, code=code, retry_after=retry_after
    )


async def run(courier: Courier, clock: ManualClock, *, seconds: int) -> None:
    """Tick once a second."""
    for _ in range(seconds):
        await courier.deliver_due(OURS)
        clock.advance(seconds=1)


async def test_a_delivery_is_posted_once_and_recorded(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    delivery = a_delivery()
    outbox.add(delivery)

    assert await courier.deliver_due(OURS) == 0.5
    await courier.deliver_due(OURS)

    assert slack.posts == [delivery.id]
    assert [outbox.row(delivery.id).sent] == slack.copies(delivery.id)
    assert slack.searches == []


@pytest.mark.parametrize("is_shown", [True, False])
async def test_an_unsure_post_is_looked_for_after_settling_and_shown_once(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock, is_shown: bool
) -> None:
    delivery = a_delivery()
    outbox.add(delivery)
    slack.troubles = [Trouble(LOST, is_shown=is_shown)]

    await run(courier, clock, seconds=30)
    assert slack.searches == []
    assert outbox.row(delivery.id).is_open
    await run(courier, clock, seconds=3)

    assert len(slack.searches) == 1
    assert len(slack.posts) == (1 if is_shown else 2)
    assert [outbox.row(delivery.id).sent] == slack.copies(delivery.id)


async def test_of_two_copies_the_older_is_kept_and_the_other_deleted(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    delivery = a_delivery(intent_at=clock() - timedelta(minutes=2))
    outbox.add(delivery)
    first, second = slack.show(delivery), slack.show(delivery)

    await courier.deliver_due(OURS)

    assert slack.posts == []
    assert outbox.row(delivery.id).sent == first
    assert slack.deleted == [second]


async def test_a_search_that_failed_proves_nothing(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    delivery = a_delivery(intent_at=clock() - timedelta(minutes=2))
    outbox.add(delivery)
    slack.show(delivery)
    slack.find_errors = [MessengerUnavailable("Slack gave no clear answer.")] * 2

    await run(courier, clock, seconds=60)
    assert slack.posts == []
    assert outbox.row(delivery.id).delivery.intent_at is not None
    await run(courier, clock, seconds=600)

    assert slack.posts == []
    assert [outbox.row(delivery.id).sent] == slack.copies(delivery.id)


async def test_without_the_right_to_look_an_unsure_post_is_a_dead_letter(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    delivery = a_delivery(intent_at=clock() - timedelta(minutes=2))
    outbox.add(delivery)
    slack.find_errors = [refused(Refusal.SCOPE, "missing_scope")]

    await courier.deliver_due(OURS)

    assert slack.posts == []
    assert outbox.row(delivery.id).dead.startswith("unconfirmed")


@pytest.mark.parametrize(
    ("error", "is_dead"),
    [
        (LOST, True),
        (refused(Refusal.CONTENT), True),
        (refused(Refusal.NOT_SENT), False),
        (refused(Refusal.PLACE), False),
        (refused(Refusal.WORKSPACE), False),
        (refused(Refusal.TOO_FAST), False),
    ],
)
async def test_what_cannot_be_confirmed_for_a_day_is_dead_unless_we_could_not_ask(
    courier: Courier,
    outbox: FakeOutbox,
    slack: FakeMessenger,
    clock: ManualClock,
    error: MessengerError,
    is_dead: bool,
) -> None:
    outbox.add(a_delivery(intent_at=clock() - timedelta(hours=25)))
    slack.find_errors = [error]

    await courier.deliver_due(OURS)

    assert bool(outbox.rows[0].dead) is is_dead
    assert outbox.rows[0].delivery.intent_at is not None
    assert slack.posts == []


async def test_a_search_refused_as_too_fast_waits_as_long_as_slack_asks(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    delivery = a_delivery(intent_at=clock() - timedelta(minutes=2))
    outbox.add(delivery)
    slack.find_errors = [refused(Refusal.TOO_FAST, "ratelimited", 200)]

    await courier.deliver_due(OURS)

    assert outbox.rows[0].due_at - clock() == timedelta(seconds=200)


async def test_somebody_elses_row_is_left_alone(slack: FakeMessenger, clock: ManualClock) -> None:
    class Lapsing(FakeOutbox):
        async def intend(self, delivery: Delivery) -> bool:
            self.lapse()
            return await super().intend(delivery)

    outbox = Lapsing(clock)
    outbox.add(a_delivery())

    await a_courier(outbox, slack, clock).deliver_due(OURS)

    assert slack.posts == []
    assert outbox.rows[0].delivery.intent_at is None


async def test_a_claim_that_took_too_long_is_given_back_unsent(
    slack: FakeMessenger, clock: ManualClock
) -> None:
    class Slow(FakeOutbox):
        async def intend(self, delivery: Delivery) -> bool:
            clock.advance(seconds=30)
            return await super().intend(delivery)

    outbox = Slow(clock)
    outbox.add(a_delivery())

    await a_courier(outbox, slack, clock).deliver_due(OURS)

    assert slack.posts == []
    assert outbox.rows[0].delivery.intent_at is None
    assert outbox.rows[0].due_at == clock()


async def test_a_record_that_comes_too_late_is_refused_and_kept_for_the_sweep(
    outbox: FakeOutbox, clock: ManualClock
) -> None:
    delivery = a_delivery()
    outbox.add(delivery)

    class Slow(FakeMessenger):
        async def post(self, delivery: Delivery) -> Any:
            message = await super().post(delivery)
            outbox.lapse()
            return message

    zombie = Slow(clock)
    await a_courier(outbox, zombie, clock).deliver_due(OURS)

    assert outbox.row(delivery.id).is_open
    assert outbox.refused_records == zombie.copies(delivery.id)


async def test_too_fast_closes_the_channels_gate_for_as_long_as_slack_asks(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    here, there = a_delivery(), a_delivery(place=THERE)
    outbox.add(here)
    slack.troubles = [Trouble(refused(Refusal.TOO_FAST, "ratelimited", 7))]
    await courier.deliver_due(OURS)
    outbox.add(there)

    await run(courier, clock, seconds=7)
    assert slack.posts == [here.id, there.id]
    await run(courier, clock, seconds=1)

    assert slack.posts == [here.id, there.id, here.id]
    assert slack.searches == []


async def test_what_was_never_sent_is_tried_again_ever_more_rarely(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    outbox.add(a_delivery())
    slack.troubles = [Trouble(refused(Refusal.NOT_SENT)) for _ in range(12)]
    pauses = []

    while slack.troubles:
        await courier.deliver_due(OURS)
        pauses.append((outbox.rows[0].due_at - clock()).total_seconds())
        clock.now = outbox.rows[0].due_at

    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert slack.searches == []
    await run(courier, clock, seconds=2)
    assert outbox.rows[0].sent


async def test_a_post_that_somebody_died_over_is_no_reason_to_wait_longer(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    outbox.add(a_delivery(attempts=12))
    slack.troubles = [Trouble(LOST)]

    await courier.deliver_due(OURS)

    assert outbox.rows[0].due_at - clock() == TIMING.settle
    assert outbox.rows[0].delivery.failures == 1


async def test_slack_answering_at_all_ends_the_row_of_failures(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.add(a_delivery(failures=9))
    slack.troubles = [Trouble(refused(Refusal.TOO_FAST, "ratelimited", 1))]

    await courier.deliver_due(OURS)

    assert outbox.rows[0].delivery.failures == 0


async def test_a_place_that_cannot_be_posted_to_is_paused_and_loses_nothing(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    delivery = a_delivery()
    outbox.add(delivery)
    slack.troubles = [Trouble(refused(Refusal.PLACE, "not_in_channel"))]

    await run(courier, clock, seconds=300)
    assert slack.posts == [delivery.id]
    assert "not_in_channel" in outbox.paused[HERE]
    await outbox.resume_place(HERE)
    await run(courier, clock, seconds=1)

    assert outbox.row(delivery.id).sent
    assert slack.searches == []


@pytest.mark.parametrize("refusal", [Refusal.WORKSPACE, Refusal.SCOPE])
async def test_a_workspace_that_refuses_us_is_left_alone_for_longer_each_time(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock, refusal: Refusal
) -> None:
    outbox.add(a_delivery())
    slack.troubles = [Trouble(refused(refusal, "invalid_auth")) for _ in range(12)]
    pauses = []

    while slack.troubles:
        await courier.deliver_due(OURS)
        pauses.append((outbox.gates[""] - clock()).total_seconds())
        clock.now = outbox.gates[""]

    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    await courier.deliver_due(OURS)
    assert outbox.rows[0].sent


async def test_the_refusals_of_one_workspace_lengthen_no_pause_of_another(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    theirs = Place(team_id="T0OTHER001", channel_id="C0THEIRS01")
    outbox.served.add(Project(team_id=theirs.team_id, project_id=PROJECT))
    for place, seconds in ((HERE, 5), (HERE, 10), (theirs, 5)):
        outbox.rows.clear()
        outbox.add(a_delivery(place=place))
        slack.troubles = [Trouble(refused(Refusal.WORKSPACE))]
        await courier.deliver_due(OURS)

        assert outbox.gates[""] - clock() == timedelta(seconds=seconds)
        clock.now = outbox.gates[""]


async def test_a_message_that_will_not_do_is_dead_at_once_and_blocks_nothing(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    bad, good = a_delivery(), a_delivery(a_change(8, 11, sequence=2))
    outbox.add(bad, good)
    slack.troubles = [Trouble(refused(Refusal.CONTENT, "invalid_blocks"))]

    await run(courier, clock, seconds=3)

    assert "invalid_blocks" in outbox.row(bad.id).dead
    assert outbox.row(good.id).sent


async def test_the_line_of_a_dead_letter_says_place_job_step_and_reason(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.add(a_delivery(a_change(8, 11)))
    slack.troubles = [Trouble(refused(Refusal.CONTENT, "invalid_blocks"))]

    with capture_logs() as lines:
        await courier.deliver_due(OURS)

    [line] = [line for line in lines if line["event"] == "dead_letter"]
    assert line["place"] == outbox.rows[0].delivery.place.channel_id
    assert (line["job"], line["step"]) == (outbox.rows[0].delivery.job_id, "8 → 11")
    assert "invalid_blocks" in line["reason"]


async def test_a_change_whose_card_is_gone_waits_for_the_new_one(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    outbox.add(a_delivery())
    slack.troubles = [Trouble(refused(Refusal.MESSAGE_GONE, "cannot_reply_to_message"))]

    await courier.deliver_due(OURS)

    assert outbox.rows[0].due_at - clock() == timedelta(seconds=1)
    assert outbox.rows[0].delivery.intent_at is None


async def test_a_day_of_trying_ends_as_a_dead_letter(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.add(a_delivery(attempts=300))

    await courier.deliver_due(OURS)

    assert slack.posts == []
    assert "24 h" in outbox.rows[0].dead


async def test_a_channel_gets_one_post_a_second_and_the_others_do_not_wait_for_it(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    many = [a_delivery(a_change(id=number)) for number in range(1, 6)]
    other = a_delivery(a_change(id=9), place=THERE)
    outbox.add(*many, other)

    await courier.deliver_due(OURS)
    assert set(slack.posts) == {many[0].id, other.id}
    await courier.deliver_due(OURS)
    assert len(slack.posts) == 2
    clock.advance(seconds=1)
    await run(courier, clock, seconds=4)

    assert [id for id in slack.posts if id != other.id] == [each.id for each in many]


async def test_what_is_put_back_unsure_stays_unsure(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    unsure = a_delivery(a_change(id=2), intent_at=clock() - timedelta(minutes=2))
    outbox.add(a_delivery(), unsure)
    slack.show(unsure)

    await run(courier, clock, seconds=3)

    assert len(slack.copies(unsure.id)) == 1
    assert outbox.row(unsure.id).sent


async def test_changes_of_a_job_come_in_order_whatever_is_lost(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    changes = [
        a_delivery(a_change(before, after, sequence=number))
        for number, (before, after) in enumerate([(1, 7), (7, 8), (8, 11)], 1)
    ]
    outbox.add(*changes)
    slack.troubles = [Trouble(LOST), None, Trouble(LOST, is_shown=True)]

    await run(courier, clock, seconds=300)

    assert [delivery.id for delivery, _ in slack.shown] == [each.id for each in changes]


async def test_a_bug_in_one_place_does_not_touch_the_others(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    bad, good = a_delivery(), a_delivery(place=THERE)
    outbox.add(bad, good)
    slack.troubles = [Trouble(KeyError("bug")), None]

    await courier.deliver_due(OURS)

    assert outbox.row(good.id).sent
    assert outbox.row(bad.id).is_open


async def test_without_a_database_nothing_is_sent(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.add(a_delivery())
    outbox.error = StoreUnavailable("The database does not answer.")

    assert await courier.deliver_due(OURS) == 5.0
    assert slack.posts == []


async def test_a_database_lost_after_the_post_is_reconciled_when_it_is_back(
    outbox: FakeOutbox, clock: ManualClock
) -> None:
    delivery = a_delivery()
    outbox.add(delivery)

    class Unlucky(FakeMessenger):
        async def post(self, delivery: Delivery) -> Any:
            message = await super().post(delivery)
            outbox.error = StoreUnavailable("The database does not answer.")
            return message

    slack = Unlucky(clock)
    courier = a_courier(outbox, slack, clock)
    assert await courier.deliver_due(OURS) == 5.0
    outbox.error = None
    await run(courier, clock, seconds=121)

    assert slack.posts == [delivery.id]
    assert [outbox.row(delivery.id).sent] == slack.copies(delivery.id)


async def test_finishing_waits_for_the_post_under_way_and_begins_no_other(
    outbox: FakeOutbox, clock: ManualClock
) -> None:
    first, second = a_delivery(), a_delivery(a_change(id=2))
    outbox.add(first, second)
    is_posting, may_end = asyncio.Event(), asyncio.Event()

    class Held(FakeMessenger):
        async def post(self, delivery: Delivery) -> Any:
            is_posting.set()
            await may_end.wait()
            return await super().post(delivery)

    courier = a_courier(outbox, Held(clock), clock)
    round_ = asyncio.ensure_future(courier.deliver_due(OURS))
    await is_posting.wait()
    rows, outbox.rows = outbox.rows, []
    await courier.deliver_due(OURS)
    outbox.rows = rows
    finishing = asyncio.ensure_future(courier.finish())
    await asyncio.sleep(0)
    assert not finishing.done(), "another round ended, this one did not"
    may_end.set()
    await finishing
    await round_
    await courier.deliver_due(OURS)

    assert outbox.row(first.id).sent
    assert outbox.row(second.id).is_open
    assert outbox.row(second.id).due_at == clock()


async def test_a_group_is_one_post(
    courier: Courier, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.add(a_group(a_change(), a_change(8, 11, sequence=2)))

    await courier.deliver_due(OURS)

    assert len(slack.posts) == 1


async def test_a_delivered_message_is_one_line_with_ids_and_its_lag(
    courier: Courier, outbox: FakeOutbox, clock: ManualClock
) -> None:
    """The name of a job may hold anything; it is in no line."""
    loud = a_job(name="<!channel>\x1b[2J")
    single = a_delivery(
        replace(a_change(), job=loud), due_at=clock() + timedelta(hours=8), place=THERE
    )
    group = a_group(a_change(), a_change(8, 11, sequence=2))
    outbox.add(single)
    outbox.add(group)
    clock.advance(seconds=8 * 3600 + 5)

    with capture_logs() as lines:
        await courier.deliver_due(OURS)

    shown = {line["delivery"]: line for line in lines if line["event"] == "delivered"}
    assert set(shown) == {single.id, group.id}
    lags = {id: (line["kind"], line["place"], line["lag"]) for id, line in shown.items()}
    assert lags[single.id] == ("change", THERE.channel_id, 5.0)
    first_seen = min(change.seen_at for change in group.changes)
    waited = round((clock() - first_seen).total_seconds(), 1)
    assert lags[group.id] == ("changes", HERE.channel_id, waited)
    assert all(line["job"] == group.job_id for line in shown.values())
    assert "channel>" not in repr(lines)
    assert "\\x1b" not in repr(lines)


#: What Slack says to five posts in two channels, and the lines that this costs.
REFUSALS: list[tuple[str, MessengerError, list[str]]] = [
    ("it asks to wait", refused(Refusal.TOO_FAST, "ratelimited", 1), ["delivery_refused"]),
    ("nobody gets there", refused(Refusal.NOT_SENT), ["delivery_refused"]),
    ("it does not accept us", refused(Refusal.WORKSPACE, "invalid_auth"), ["delivery_refused"]),
    ("it says nothing clear", LOST, ["delivery_unsure"]),
    # Each place waits for somebody of its own.
    ("we are in neither", refused(Refusal.PLACE, "not_in_channel"), ["delivery_refused"] * 2),
]


@pytest.mark.parametrize(("what", "error", "told"), REFUSALS)
async def test_what_slack_refuses_again_and_again_is_one_line(
    courier: Courier,
    outbox: FakeOutbox,
    slack: FakeMessenger,
    clock: ManualClock,
    what: str,
    error: MessengerError,
    told: list[str],
) -> None:
    outbox.add(a_delivery(), a_delivery(place=THERE), a_delivery(a_change(sequence=2)))
    slack.troubles += [Trouble(error)] * 5

    with capture_logs() as lines:
        await run(courier, clock, seconds=2 * 3600)

    assert [line["event"] for line in lines if line["event"].startswith("delivery_")] == told, what


async def test_a_database_that_is_away_for_long_is_one_line_each_time(
    courier: Courier, outbox: FakeOutbox, clock: ManualClock
) -> None:
    with capture_logs() as lines:
        for _ in range(2):
            outbox.error = StoreUnavailable("My database does not answer.")
            await run(courier, clock, seconds=30)
            outbox.error = None
            await run(courier, clock, seconds=1)

    assert [line["event"] for line in lines] == ["outbox_unreachable"] * 2
