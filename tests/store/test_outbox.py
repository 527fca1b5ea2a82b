"""Deliveries in the outbox: order, leases, fences, holds and groups."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.core.delivery import CardDelivery, ChangeDelivery, ChangesDelivery, Delivery, MessageRef
from bot.core.delivery_ids import card_id, delivery_id, group_id
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, JobTarget, Place, ProjectTarget
from bot.store import SqlStore
from bot.store.database import tables
from tests.store.world import (
    HERE,
    LEASE,
    P1,
    P2,
    SETTLE,
    THERE,
    World,
    a_subscription,
    card_above,
    connected,
    job,
    steps,
)

TICK = timedelta(seconds=1)
NOW = timedelta(0)
FAR = timedelta(hours=1)
MESSAGE = MessageRef(channel_id="C1", ts="1772366400.999999")


@pytest.fixture
async def change(world: World) -> Delivery:
    """A claimed change of job 205, whose card is posted."""
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    [claimed] = await world.claim()
    return claimed


async def flap(world: World, times: int, *, start: int = 0) -> None:
    """Change job 205 so many times, after `start` earlier changes."""
    for turn in range(start, start + times):
        await world.observe(job(205, 7 if turn % 2 else 8, at=30 + turn))


async def test_the_card_comes_first_and_then_the_changes_in_order(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await flap(world, 3)

    [card] = await world.claim()
    assert isinstance(card, CardDelivery)
    assert await world.claim() == ()
    await world.send(card)

    sent = await world.send_all()
    assert [change.sequence for one in sent for change in one.changes] == [1, 2, 3]
    assert card_above(sent[0]) == MessageRef(channel_id="C1", ts="1772366400.000001")


async def test_ids_are_computed(world: World, change: Delivery) -> None:
    assert change.id == delivery_id(HERE, change.changes[0])
    again = await world.subscribe(a_subscription(place=THERE), job(205, 8, at=40))
    [card] = await world.claim()
    assert card.id == card_id(THERE, again.subscription.project_id, card.job_id)


async def test_a_claim_takes_one_of_each_place(world: World) -> None:
    for number in (1, 2, 3):
        await world.subscribe(a_subscription(number), job(number))
    await world.subscribe(a_subscription(1, THERE), job(1))

    claimed = await world.claim()

    assert sorted(one.place.channel_id for one in claimed) == ["C1", "C2"]


async def test_of_jobs_that_change_at_once_each_has_its_card_and_its_message_in_turn(
    world: World,
) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(*(job(number, 7) for number in (1, 2, 3)))
    await world.sweep(*(job(number, 8, at=30) for number in (1, 2, 3)))

    sent = await world.send_all()

    assert [one.job_id for one in sent] == [1, 1, 2, 2, 3, 3]


@pytest.mark.slow
async def test_a_large_fan_out_lets_others_between(world: World) -> None:
    places = [Place(team_id="T1", channel_id=f"D{number}") for number in range(40)]
    for place in places:
        await world.subscribe(a_subscription(1, place), job(1))
    await world.subscribe(a_subscription(2), job(2))
    while await world.claim(limit=100):
        pass
    await world.pass_time(LEASE)
    await world.send_all()
    await world.observe(job(1, 8, at=30))
    await world.observe(job(2, 8, at=31))

    claimed = await world.claim(limit=10)

    assert 2 in {one.job_id for one in claimed}


async def test_a_lease_without_intent_ends_and_the_next_may_post(
    world: World, change: Delivery
) -> None:
    assert await world.claim() == ()
    await world.pass_time(LEASE + TICK)

    [again] = await world.claim()

    assert (again.id, again.intent_at, again.attempts) == (change.id, None, 0)
    assert again.epoch > change.epoch


async def test_what_may_have_been_sent_is_left_alone_until_it_has_settled(
    world: World, change: Delivery
) -> None:
    assert await world.store.outbox.intend(change)
    await world.pass_time(LEASE + SETTLE - TICK)
    assert await world.claim() == ()
    await world.pass_time(2 * TICK)

    [again] = await world.claim()

    assert again.intent_at is not None
    assert again.attempts == 1


async def test_who_lost_the_lease_changes_nothing(world: World, change: Delivery) -> None:
    outbox = world.store.outbox
    await world.pass_time(LEASE + TICK)
    [current] = await world.claim()

    assert not await outbox.intend(change)
    assert not await outbox.give_back(change, due_in=NOW)
    assert not await outbox.record_unsure(change, due_in=NOW)
    assert not await outbox.record_dead(change, reason="late")
    assert not await outbox.record_sent(change, MESSAGE)
    assert await outbox.intend(current)


async def test_an_intent_needs_a_lease_that_has_not_ended(world: World, change: Delivery) -> None:
    await world.pass_time(LEASE + TICK)

    assert not await world.store.outbox.intend(change)


async def test_what_was_given_back_belongs_to_nobody(world: World, change: Delivery) -> None:
    assert await world.store.outbox.give_back(change, due_in=NOW)

    assert not await world.store.outbox.intend(change)
    assert not await world.store.outbox.record_sent(change, MESSAGE)


async def test_recording_twice_what_was_sent_is_as_good_as_once(
    world: World, change: Delivery
) -> None:
    await world.store.outbox.intend(change)

    assert await world.store.outbox.record_sent(change, MESSAGE)
    assert await world.store.outbox.record_sent(change, MESSAGE)
    assert await world.claim() == ()
    assert await world.late_records() == 0


async def test_a_late_record_is_refused_but_kept_and_looked_for(
    world: World, change: Delivery
) -> None:
    await world.store.outbox.intend(change)
    await world.pass_time(LEASE + SETTLE)
    [current] = await world.claim()
    await world.store.outbox.record_sent(current, MESSAGE)

    late = MessageRef(channel_id="C1", ts="1772366401.000001")
    assert not await world.store.outbox.record_sent(change, late)

    assert await world.late_records() == 1
    await world.pass_time(timedelta(minutes=2))
    [rescan] = await world.store.outbox.claim_rescans(P1, limit=9)
    assert rescan.kept == MESSAGE


async def test_what_was_given_back_is_due_again_in_time_and_has_no_intent(
    world: World, change: Delivery
) -> None:
    await world.store.outbox.intend(change)
    await world.store.outbox.give_back(change, due_in=timedelta(seconds=5))
    assert await world.claim() == ()
    await world.pass_time(timedelta(seconds=5))

    [again] = await world.claim()

    assert (again.intent_at, again.attempts) == (None, 1)


async def test_what_is_unsure_keeps_its_intent(world: World, change: Delivery) -> None:
    await world.store.outbox.intend(change)
    await world.store.outbox.record_unsure(change, due_in=SETTLE)
    assert await world.claim() == ()
    await world.pass_time(SETTLE)

    [again] = await world.claim()

    assert again.intent_at is not None


async def test_what_failed_in_a_row_is_counted_and_a_crash_is_not(
    world: World, change: Delivery
) -> None:
    outbox = world.store.outbox
    await outbox.intend(change)
    await outbox.record_unsure(change, due_in=NOW, failures=3)
    [again] = await world.claim()
    assert (again.failures, again.attempts) == (3, 1)
    await outbox.intend(again)
    await world.pass_time(LEASE + SETTLE)

    [after_a_crash] = await world.claim()
    assert (after_a_crash.failures, after_a_crash.attempts) == (3, 2)
    await outbox.give_back(after_a_crash, due_in=NOW)
    [kept] = await world.claim()
    assert kept.failures == 3
    await outbox.give_back(kept, due_in=NOW, failures=0)

    [refused] = await world.claim()
    assert refused.failures == 0


async def test_the_thread_that_it_was_meant_for_outlives_a_new_card(
    world: World, change: Delivery
) -> None:
    assert isinstance(change, ChangeDelivery)
    assert change.card
    await world.store.outbox.intend(change)
    await world.store.outbox.record_unsure(change, due_in=NOW)
    await world.observe(job(205, 7, at=60))
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    await world.store.outbox.forget_card(edit)
    [card] = await world.claim()
    replaced = await world.send(card)

    [again] = await world.claim()

    assert (again.thread_ts, card_above(again)) == (change.card.ts, replaced)
    await world.store.outbox.give_back(again, due_in=NOW)
    [sure] = await world.claim()
    assert sure.thread_ts is None


async def test_a_dead_letter_blocks_nothing_and_can_be_driven_again(
    world: World, change: Delivery
) -> None:
    await world.observe(job(205, 7, at=60))
    assert await world.store.outbox.record_dead(change, reason="too long")
    assert steps(await world.send_all()) == [(8, 7)]

    [letter] = await world.store.history.dead_letters(P1, limit=9)
    assert (letter.delivery_id, letter.reason, letter.place) == (change.id, "too long", HERE)
    assert not await world.store.history.redrive(P2, [change.id])
    assert await world.store.history.redrive(P1, [change.id])
    assert not await world.store.history.redrive(P1, [change.id])
    assert steps(await world.send_all()) == [(7, 8)]


async def test_a_paused_place_is_left_alone_and_goes_on_when_resumed(
    world: World, change: Delivery
) -> None:
    outbox = world.store.outbox
    await outbox.pause_place(HERE, reason="not_in_channel")
    await outbox.give_back(change, due_in=NOW)
    await world.observe(job(205, 7, at=60))
    await world.pass_time(FAR)
    assert await world.claim() == ()
    assert await outbox.claim_edits(P1, limit=9) == ()
    assert (await world.store.history.counts(P1)).shut == (HERE.channel_id,)

    assert await outbox.resume_place(HERE)
    assert (await world.store.history.counts(P1)).shut == ()
    assert not await outbox.resume_place(HERE)

    assert steps(await world.send_all()) == [(7, 8), (8, 7)]


@pytest.mark.parametrize("channel_id", ["C1", ""])
async def test_a_closed_gate_is_obeyed_until_it_opens(world: World, channel_id: str) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.store.outbox.close_gate("T1", channel_id, opens_in=timedelta(seconds=30))
    await world.store.outbox.close_gate("T1", channel_id, opens_in=timedelta(seconds=1))
    await world.store.outbox.close_gate("T2", "", opens_in=FAR)
    await world.pass_time(timedelta(seconds=29))
    assert await world.claim() == ()
    await world.pass_time(timedelta(seconds=1))

    assert len(await world.claim()) == 1


async def test_the_gate_of_one_channel_holds_no_other(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.store.outbox.close_gate("T1", "C2", opens_in=FAR)

    assert len(await world.claim()) == 1


async def refuse(world: World) -> None:
    """Claim the first delivery and give it back, as after a refusal while Slack is down."""
    [claimed] = await world.claim()
    assert await world.store.outbox.intend(claimed)
    assert await world.store.outbox.give_back(claimed, due_in=timedelta(minutes=5))


async def card_of(world: World, number: int = 205) -> None:
    await world.subscribe(a_subscription(number), job(number, 7))
    await world.send_all()


@pytest.mark.parametrize(("changes", "messages"), [(3, [1, 1, 1]), (4, [4]), (23, [20, 3])])
async def test_more_than_three_changes_of_a_job_that_waited_come_grouped(
    world: World, changes: int, messages: list[int]
) -> None:
    await card_of(world)
    await flap(world, 1)
    await refuse(world)
    await flap(world, changes - 1, start=1)
    await world.pass_time(timedelta(minutes=5))

    sent = await world.send_all()

    told = [change.sequence for one in sent for change in one.changes]
    assert told == list(range(1, len(told) + 1))
    assert [len(one.changes) for one in sent] == messages
    assert {card_above(one) for one in sent} != {None}


async def test_many_changes_in_one_instant_come_singly(world: World) -> None:
    await card_of(world)
    await flap(world, 6)

    assert [type(one) for one in await world.send_all()] == [ChangeDelivery] * 6


async def test_a_pause_for_pacing_is_no_outage(world: World) -> None:
    await card_of(world)
    await flap(world, 6)
    [first] = await world.claim()
    await world.store.outbox.close_gate("T1", "C1", opens_in=TICK)
    await world.store.outbox.give_back(first, due_in=TICK)
    await world.pass_time(TICK)

    assert len(await world.send_all()) == 6


@pytest.mark.parametrize(
    ("jobs", "messages"),
    [(10, [1] * 10), (11, [11]), pytest.param(25, [20, 5], marks=pytest.mark.slow), (21, [20, 1])],
)
@pytest.mark.slow
async def test_more_than_ten_changes_of_a_place_that_waited_come_grouped(
    world: World, jobs: int, messages: list[int]
) -> None:
    numbers = range(1, jobs + 1)
    for number in numbers:
        await card_of(world, number)
    await world.store.outbox.pause_place(HERE, reason="archived")
    await world.observe(*(job(number, 8, at=30) for number in numbers))
    await world.store.outbox.resume_place(HERE)

    sent = await world.send_all()

    assert [len(one.changes) for one in sent] == messages
    assert sorted(change.job.id for one in sent for change in one.changes) == list(numbers)
    assert card_above(sent[0]) is None or len(sent[0].changes) == 1


async def many_change(world: World, jobs: int, *, places: Sequence[Place] = (HERE,)) -> None:
    """Follow the project in these places, and let so many jobs without a card begin to run."""
    for place in places:
        await world.subscribe(a_subscription(ProjectTarget(), place))
    await world.sweep(*(job(number, 7) for number in range(1, jobs + 1)))
    await world.sweep(*(job(number, 8, at=30) for number in range(1, jobs + 1)))


def sizes(sent: Sequence[Delivery]) -> list[int]:
    """Return how many changes each message reports, without the cards."""
    return [len(one.changes) for one in sent if not isinstance(one, CardDelivery)]


def jobs_of(sent: Sequence[Delivery]) -> list[int]:
    """Return the jobs whose changes these messages report, in order."""
    notices = [one for one in sent if not isinstance(one, CardDelivery)]
    return [change.job.id for one in notices for change in one.changes]


@pytest.mark.parametrize(
    ("jobs", "messages"), [(3, [1] * 3), (4, [4]), (10, [10]), (12, [12]), (45, [20, 20, 5])]
)
@pytest.mark.slow
async def test_more_than_three_changes_of_a_project_that_waited_come_grouped(
    world: World, jobs: int, messages: list[int]
) -> None:
    await many_change(world, jobs)
    await world.store.outbox.pause_place(HERE, reason="archived")
    await world.store.outbox.resume_place(HERE)

    sent = await world.send_all()

    assert sizes(sent) == messages
    assert jobs_of(sent) == list(range(1, jobs + 1))


async def fail(world: World, rounds: int) -> None:
    """Record every claimed delivery as unsure or absent, as while Slack gives no clear answer."""
    for _ in range(rounds):
        for claimed in await world.claim():
            if claimed.intent_at is not None:
                await world.store.outbox.record_absent(claimed)
            else:
                assert await world.store.outbox.intend(claimed)
                await world.store.outbox.record_unsure(claimed, due_in=SETTLE, failures=1)
        await world.pass_time(TICK)


async def recover(world: World) -> list[Delivery]:
    """Record unsure deliveries as absent, then send everything; return what was sent."""
    sent: list[Delivery] = []
    for _ in range(110):
        for claimed in await world.claim():
            if claimed.intent_at is not None:
                assert await world.store.outbox.record_absent(claimed)
            else:
                await world.send(claimed)
                sent.append(claimed)
        await world.pass_time(TICK)
        if not count_open(world.store):
            break
    return sent


def count_open(store: SqlStore) -> int:
    """Return how many deliveries are open."""
    with connected(store) as connection:
        count = select(func.count()).where(tables.delivery.c.state == "open")
        return connection.scalar(count) or 0


@pytest.mark.parametrize(
    ("jobs", "rounds"), [(6, 2), pytest.param(6, 40, marks=pytest.mark.slow), (12, 5)]
)
@pytest.mark.slow
async def test_what_was_tried_in_vain_comes_grouped_with_what_was_not(
    world: World, jobs: int, rounds: int
) -> None:
    await many_change(world, jobs)
    await fail(world, rounds)

    sent = await recover(world)

    assert sizes(sent) == [jobs]
    assert sorted(jobs_of(sent)) == list(range(1, jobs + 1))
    assert await world.claim() == ()


@pytest.mark.slow
async def test_an_outage_of_one_place_groups_nothing_of_another(world: World) -> None:
    await many_change(world, 6, places=(HERE, THERE))
    await world.store.outbox.pause_place(HERE, reason="archived")
    await world.store.outbox.resume_place(HERE)

    sent = await world.send_all()

    assert sizes([one for one in sent if one.place == HERE]) == [6]
    assert sizes([one for one in sent if one.place == THERE]) == [1] * 6


@pytest.mark.slow
async def test_a_member_that_was_once_unsure_is_looked_for_after_its_group_is_sent(
    world: World,
) -> None:
    await many_change(world, 5)
    await world.send(one_of(await world.claim()))
    await fail(world, 1)
    [group] = [one for one in await recover(world) if isinstance(one, ChangesDelivery)]
    await world.pass_time(timedelta(minutes=2))

    [rescan] = await world.store.outbox.claim_rescans(P1, limit=9)

    assert rescan.is_in_group
    assert rescan.delivery.id == group.members[0].delivery_id
    assert rescan.delivery.changes == group.changes[:1]


def one_of(claimed: Sequence[Delivery]) -> Delivery:
    [one] = claimed
    return one


@pytest.fixture
async def group(world: World) -> Delivery:
    """A group of four changes of a job, claimed."""
    await card_of(world)
    await flap(world, 1)
    await refuse(world)
    await flap(world, 3, start=1)
    await world.pass_time(timedelta(minutes=5))
    [claimed] = await world.claim()
    return claimed


async def test_a_group_is_frozen_and_its_id_comes_from_its_members(
    world: World, group: Delivery
) -> None:
    assert isinstance(group, ChangesDelivery)
    assert group.id == group_id(tuple(delivery_id(HERE, change) for change in group.changes))
    await flap(world, 1, start=4)
    assert await world.claim() == ()
    await world.store.outbox.intend(group)
    await world.store.outbox.record_unsure(group, due_in=NOW)

    [again] = await world.claim()

    assert (again.id, again.changes) == (group.id, group.changes)
    assert again.intent_at is not None
    await world.store.outbox.record_sent(again, MESSAGE)
    assert steps(await world.send_all()) == [(7, 8)]


async def test_a_dead_group_is_one_letter_and_is_driven_again_whole(
    world: World, group: Delivery
) -> None:
    await world.store.outbox.record_dead(group, reason="too long")
    assert len(await world.store.history.dead_letters(P1, limit=9)) == 1

    await world.store.history.redrive(P1, [group.id])

    [again] = await world.claim()
    assert again.changes == group.changes


async def test_what_may_have_been_sent_is_not_put_into_a_group(world: World) -> None:
    await card_of(world)
    await flap(world, 1)
    [first] = await world.claim()
    await world.store.outbox.intend(first)
    await world.store.outbox.record_unsure(first, due_in=SETTLE)
    await flap(world, 6, start=1)
    await world.pass_time(SETTLE)

    [again] = await world.claim()

    assert (again.id, type(again)) == (first.id, ChangeDelivery)


async def test_what_may_have_copies_is_looked_at_after_2_min_15_min_and_24_h(
    world: World, change: Delivery
) -> None:
    outbox = world.store.outbox
    await outbox.intend(change)
    await outbox.record_unsure(change, due_in=NOW)
    [again] = await world.claim()
    await outbox.record_sent(again, MESSAGE)

    minutes = 0
    for due in (2, 15, 24 * 60):
        await world.pass_time(timedelta(minutes=due - minutes, seconds=-30))
        assert await outbox.claim_rescans(P1, limit=9) == ()
        await world.pass_time(timedelta(seconds=30))
        [rescan] = await outbox.claim_rescans(P1, limit=9)
        assert await outbox.claim_rescans(P1, limit=9) == ()
        assert (rescan.delivery.changes, rescan.kept) == (change.changes, MESSAGE)
        assert await outbox.record_rescanned(rescan)
        assert not await outbox.record_rescanned(rescan)
        minutes = due
    await world.pass_time(timedelta(days=9))
    assert await outbox.claim_rescans(P1, limit=9) == ()


@pytest.mark.usefixtures("change")
async def test_a_rescan_that_nobody_finished_is_due_again(world: World) -> None:
    await world.pass_time(LEASE + TICK)
    [second] = await world.claim()
    await world.send(second)
    await world.pass_time(timedelta(minutes=2))
    [first] = await world.store.outbox.claim_rescans(P1, limit=9)
    await world.pass_time(LEASE + TICK)

    assert len(await world.store.outbox.claim_rescans(P1, limit=9)) == 1
    assert not await world.store.outbox.record_rescanned(first)


async def test_what_went_well_at_once_is_not_looked_at_again(world: World) -> None:
    await card_of(world)
    await world.pass_time(timedelta(days=2))

    assert await world.store.outbox.claim_rescans(P1, limit=9) == ()


async def test_a_card_is_edited_up_to_what_was_known_at_the_claim(world: World) -> None:
    outbox = world.store.outbox
    await card_of(world)
    assert await outbox.claim_edits(P1, limit=9) == ()
    await world.observe(job(205, 8, at=30))

    [edit] = await outbox.claim_edits(P1, limit=9)
    assert edit.shown.change is not None
    assert edit.shown.change.sequence == 1
    assert await outbox.claim_edits(P1, limit=9) == ()
    await world.observe(job(205, 7, at=60))
    assert await outbox.record_edited(edit)
    assert not await outbox.record_edited(edit)

    [edit] = await outbox.claim_edits(P1, limit=9)
    assert edit.shown.change is not None
    assert edit.shown.change.sequence == 2
    assert await outbox.postpone_edit(edit, due_in=FAR)
    assert await outbox.claim_edits(P1, limit=9) == ()


@pytest.mark.parametrize("what", ["a change", "the end by hand"])
async def test_new_content_of_a_card_does_not_wait_for_the_refused_one(
    world: World, what: str
) -> None:
    outbox = world.store.outbox
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    [edit] = await outbox.claim_edits(P1, limit=9)
    await outbox.postpone_edit(edit, due_in=FAR)
    assert await outbox.claim_edits(P1, limit=9) == ()

    if what == "a change":
        await world.observe(job(205, 10, at=60))
    else:
        await world.store.subscriptions.unsubscribe(P1, HERE, JobTarget(JobId(205)), by="U7")

    assert len(await outbox.claim_edits(P1, limit=9)) == 1


async def test_what_the_card_alone_tells_is_sent_by_its_edit(world: World) -> None:
    outbox = world.store.outbox
    await world.subscribe(a_subscription(delivery_mode=DeliveryMode.CARD), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    assert await world.claim() == ()
    assert (await world.store.history.counts(P1)).open == 1

    [edit] = await outbox.claim_edits(P1, limit=9)
    await outbox.record_edited(edit)

    assert (await world.store.history.counts(P1)).open == 0


async def test_an_edit_whose_lease_was_lost_settles_nothing(world: World) -> None:
    outbox = world.store.outbox
    await world.subscribe(a_subscription(delivery_mode=DeliveryMode.CARD), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    [late] = await outbox.claim_edits(P1, limit=9)
    await world.pass_time(LEASE + TICK)
    [current] = await outbox.claim_edits(P1, limit=9)

    assert not await outbox.record_edited(late)
    assert not await outbox.postpone_edit(late, due_in=NOW)
    assert not await outbox.forget_card(late)
    assert (await world.store.history.counts(P1)).open == 1
    assert await outbox.record_edited(current)


async def test_a_card_whose_message_is_gone_is_posted_anew_before_the_changes(
    world: World,
) -> None:
    await card_of(world)
    await world.observe(job(205, 8, at=30))
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)

    assert await world.store.outbox.forget_card(edit)

    card, change = await world.send_all()
    assert (type(card), type(change)) == (CardDelivery, ChangeDelivery)
    assert card_above(change) == MessageRef(channel_id="C1", ts="1772366400.000002")
    assert await world.store.outbox.claim_edits(P1, limit=9) == ()


async def test_a_card_found_from_an_earlier_attempt_is_edited(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    [card] = await world.claim()
    await world.store.outbox.intend(card)
    await world.store.outbox.record_unsure(card, due_in=NOW)
    await world.observe(job(205, 8, at=30))
    [again] = await world.claim()

    await world.store.outbox.record_sent(again, MESSAGE)

    assert len(await world.store.outbox.claim_edits(P1, limit=9)) == 1


async def test_a_change_keeps_its_id_in_a_group_and_in_a_place_that_moved(world: World) -> None:
    await card_of(world)
    await flap(world, 1)
    await refuse(world)
    await flap(world, 4, start=1)
    history = await world.store.history.changes_since(P1, since=job(205).read_at)
    await world.store.subscriptions.move_place(HERE, to_channel_id="C9")
    await world.pass_time(timedelta(minutes=5))

    [group] = await world.send_all()

    assert group.place.channel_id == "C9"
    assert isinstance(group, ChangesDelivery)
    ids = [member.delivery_id for member in group.members]
    assert ids == [delivery_id(HERE, one) for one in history]


async def test_an_event_pauses_a_place_once_and_is_known_only_if_it_did(world: World) -> None:
    outbox = world.store.outbox
    await outbox.pause_place_once(HERE, reason="archived", event_key="Ev1")
    assert await outbox.resume_place(HERE)

    await outbox.pause_place_once(HERE, reason="archived", event_key="Ev1")
    assert not await outbox.resume_place(HERE)

    await outbox.pause_place_once(HERE, reason="archived", event_key="Ev2")
    assert await outbox.resume_place(HERE)
