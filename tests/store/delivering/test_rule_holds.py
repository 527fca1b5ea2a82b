"""Snoozes, quiet hours and digests: what they hold, what they let pass, and how it comes after."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.commands.times.day_times import digest_of, quiet_hours_of
from bot.core.delivery import CardDelivery, ChangesDelivery, Delivery
from bot.core.delivery_report import DeliveryState
from bot.core.hold import HoldReason, HoldScope
from bot.core.job import JobId
from bot.core.place_rules import PlaceRules
from bot.core.subscription import DeliveryMode, PatternTarget
from bot.store.delivering.holding import hold
from tests.make import ANA
from tests.store.test_place_rules import SETTLED
from tests.store.world import HERE, NOON, P1, THERE, World, a_subscription, connected, job, steps

HOUR = timedelta(hours=1)
ALL_HERE = HoldScope(team_id="T1", channel_id="C1")
JOB_HERE = HoldScope(team_id="T1", channel_id="C1", project_id="p1", job_id=205)

# Rules go by the clock; only a database whose clock is ours can be shown a night.
by_the_clock = pytest.mark.parametrize("kind", ["sqlite"])


async def followed(world: World, *numbers: int) -> None:
    """These jobs are followed here and there, and their cards are posted."""
    for number in numbers or (205, 206):
        await world.subscribe(a_subscription(number), job(number))
        await world.subscribe(a_subscription(number, THERE), job(number))
    await world.send_all()


async def walk(world: World, number: int, *statuses: int) -> None:
    """A job goes through these statuses, a second each."""
    for status in statuses:
        await world.pass_time(timedelta(seconds=1))
        at = (await world.now() - NOON).total_seconds()
        await world.observe(job(number, status, at=at))


async def rule(world: World, quiet: str = "", digest: str = "", zone: str = "UTC") -> None:
    """Let this place have these rules."""
    rules = PlaceRules(
        place=HERE,
        quiet_hours=quiet_hours_of(quiet) if quiet else None,
        digest=digest_of(digest) if digest else None,
        time_zone=zone,
        set_by=ANA,
    )
    await world.store.place_rules.set_rules(rules)


def here(sent: list[Delivery]) -> list[Delivery]:
    """What of it came here."""
    return [one for one in sent if one.place == HERE]


async def told(world: World) -> list[list[tuple[int, int]]]:
    """What is posted here now: a list of changes for each message, in order."""
    return [steps([one]) for one in here(await world.send_all())]


async def test_a_snoozed_job_is_told_when_it_wakes_and_another_one_at_once(world: World) -> None:
    await followed(world)
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + 4 * HOUR, by=ANA)

    await walk(world, 205, 8)
    await walk(world, 206, 8)
    sent = await world.send_all()
    assert sorted((one.place.channel_id, one.job_id) for one in sent) == [
        ("C1", 206),
        ("C2", 205),
        ("C2", 206),
    ]

    [ended] = await world.store.snoozes.wake(JOB_HERE)
    assert (ended.scope, ended.words) == (JOB_HERE, ANA)
    assert await told(world) == [[(7, 8)]]
    assert await world.store.snoozes.wake(JOB_HERE) == ()


async def test_a_snooze_ends_by_itself(world: World) -> None:
    await followed(world)
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + HOUR, by=ANA)
    await walk(world, 205, 8, 10)
    assert await told(world) == []

    await world.pass_time(HOUR)

    assert await told(world) == [[(7, 8)], [(8, 10)]]


@pytest.mark.slow
async def test_the_last_word_on_a_snooze_counts(world: World) -> None:
    await followed(world)
    now = await world.now()
    await world.store.snoozes.snooze(ALL_HERE, until=now + 9 * HOUR, by=ANA)
    await world.store.snoozes.snooze(ALL_HERE, until=now + HOUR, by="U2")
    await walk(world, 205, 8)

    [held] = await world.store.snoozes.holds_of("T1", place=HERE)
    assert (held.reason, held.words) == (HoldReason.SNOOZED, "U2")
    await world.pass_time(HOUR)
    assert await told(world) == [[(7, 8)]]


async def test_who_wakes_a_place_wakes_its_jobs_and_no_other_place(world: World) -> None:
    await followed(world)
    until = await world.now() + HOUR
    for scope in (JOB_HERE, ALL_HERE, replace(ALL_HERE, channel_id="C2")):
        await world.store.snoozes.snooze(scope, until=until, by=ANA)

    ended = await world.store.snoozes.wake(ALL_HERE)

    assert {one.scope for one in ended} == {ALL_HERE, JOB_HERE}
    assert len(await world.store.snoozes.holds_of("T1", place=THERE)) == 1


async def test_a_card_that_somebody_asks_for_is_posted_and_edited_while_messages_are_held(
    world: World,
) -> None:
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + HOUR, by=ANA)
    await world.subscribe(a_subscription(205, wanted="all"), job(205))

    [card] = await world.send_all()
    assert isinstance(card, CardDelivery)

    await walk(world, 205, 8)
    [edit] = await world.store.outbox.claim_edits(P1, limit=10)
    assert edit.shown.job.status == 8
    assert await world.send_all() == []


async def test_the_card_of_a_job_of_which_something_waits_comes_with_that(world: World) -> None:
    await world.subscribe(a_subscription(PatternTarget("job-*"), wanted="all"))
    await world.sweep(job(205))
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + HOUR, by=ANA)

    await world.sweep(job(205, 8, at=60))
    await world.sweep(job(205, 10, at=90))
    assert await world.send_all() == []

    await world.store.snoozes.wake(ALL_HERE)
    [card, *_] = sent = await world.send_all()
    assert isinstance(card, CardDelivery)
    assert steps(sent) == [(7, 8), (8, 10)]


async def test_the_card_of_a_failure_comes_through_quiet_hours_with_it(world: World) -> None:
    await world.subscribe(a_subscription(PatternTarget("job-*"), wanted="all"))
    await world.sweep(job(205), job(206))
    await rule(world, quiet="0:00-23:59 except failures")

    await world.sweep(job(205, 11, at=60), job(206, 8, at=60))

    [card, failure] = await world.send_all()
    assert isinstance(card, CardDelivery)
    assert (card.job_id, steps([failure])) == (205, [(7, 11)])


async def test_a_snooze_that_is_over_is_taken_off_the_card(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205))
    await world.send_all()
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + HOUR, by=ANA)
    [edit] = await world.store.outbox.claim_edits(P1, limit=10)
    await world.store.outbox.record_edited(edit)

    await world.pass_time(2 * HOUR)
    await world.send_all()

    [edit] = await world.store.outbox.claim_edits(P1, limit=10)
    await world.store.outbox.record_edited(edit)
    await world.send_all()
    assert await world.store.outbox.claim_edits(P1, limit=10) == ()


async def test_what_a_card_alone_tells_is_not_held(world: World) -> None:
    await world.subscribe(a_subscription(205, delivery_mode=DeliveryMode.CARD), job(205))
    await world.send_all()
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + HOUR, by=ANA)
    await walk(world, 205, 8)

    [edit] = await world.store.outbox.claim_edits(P1, limit=10)
    await world.store.outbox.record_edited(edit)

    [change, _] = await world.store.history.deliveries_of(P1, HERE, JobId(205))
    assert change.state is DeliveryState.SENT


async def test_the_card_of_a_snoozed_job_is_edited_to_say_so(world: World) -> None:
    await followed(world, 205)
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + HOUR, by=ANA)
    [edit] = await world.store.outbox.claim_edits(P1, limit=10)
    assert edit.shown.snooze is not None
    assert edit.shown.snooze.words == ANA
    assert await world.store.outbox.record_edited(edit)

    await world.store.snoozes.wake(JOB_HERE)
    [edit] = await world.store.outbox.claim_edits(P1, limit=10)
    assert edit.shown.snooze is None


async def test_four_changes_of_a_job_that_were_snoozed_come_grouped(world: World) -> None:
    await followed(world)
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + HOUR, by=ANA)
    await walk(world, 205, 8, 9, 12, 1)
    await world.store.snoozes.wake(JOB_HERE)

    # A change of another job that never waited comes by itself.
    await walk(world, 206, 8)

    assert await told(world) == [[(7, 8), (8, 9), (9, 12), (12, 1)], [(7, 8)]]


@pytest.mark.slow
async def test_a_job_that_is_still_snoozed_is_in_no_group_of_the_others(world: World) -> None:
    numbers = range(205, 217)
    await followed(world, *numbers)
    now = await world.now()
    await world.store.snoozes.snooze(ALL_HERE, until=now + HOUR, by=ANA)
    await world.store.snoozes.snooze(JOB_HERE, until=now + 2 * HOUR, by=ANA)
    for number in numbers:
        await walk(world, number, 8)
    await world.pass_time(HOUR)

    [group] = here(await world.send_all())
    assert isinstance(group, ChangesDelivery)
    assert len(group.changes) == 11
    assert all(change.job.id != 205 for change in group.changes)
    await world.pass_time(HOUR)
    assert await told(world) == [[(7, 8)]]


async def test_a_paused_place_that_is_snoozed_waits_for_both(world: World) -> None:
    await followed(world)
    await world.store.outbox.pause_place(HERE, reason="archived")
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + HOUR, by=ANA)
    await walk(world, 205, 8)

    await world.store.snoozes.wake(ALL_HERE)
    assert await told(world) == []
    await world.store.outbox.resume_place(HERE)
    assert await told(world) == [[(7, 8)]]


@by_the_clock
async def test_nothing_is_posted_within_quiet_hours_however_late_the_claim(world: World) -> None:
    await followed(world)
    await rule(world, "13:00-15:00")
    await world.pass_time(timedelta(minutes=59))
    await walk(world, 205, 8)
    assert await told(world) == [[(7, 8)]]

    await world.pass_time(HOUR)
    await walk(world, 205, 9)
    assert await told(world) == []
    await world.pass_time(2 * HOUR)
    assert await told(world) == [[(8, 9)]]


@by_the_clock
async def test_quiet_hours_that_went_by_while_nothing_was_claimed_were_a_wait(world: World) -> None:
    await followed(world)
    await rule(world, "13:00-15:00")
    await world.pass_time(2 * HOUR)
    await walk(world, 205, 8, 9, 12, 1)
    await world.pass_time(3 * HOUR)

    assert await told(world) == [[(7, 8), (8, 9), (9, 12), (12, 1)]]
    # The next night holds again.
    await world.pass_time(timedelta(days=1) - 4 * HOUR)
    await walk(world, 205, 4)
    assert await told(world) == []


@by_the_clock
async def test_a_rule_that_begins_while_messages_wait_holds_them(world: World) -> None:
    await followed(world)
    await walk(world, 205, 8)
    await rule(world, "11:00-15:00")
    assert await told(world) == []

    await rule(world)
    assert await told(world) == [[(7, 8)]]


@by_the_clock
async def test_changed_quiet_hours_hold_from_now_on_and_the_old_ones_no_more(world: World) -> None:
    await followed(world)
    await rule(world, "11:00-15:00")
    await walk(world, 205, 8)

    await rule(world, "14:00-15:00")
    assert await told(world) == [[(7, 8)]]
    await world.pass_time(2 * HOUR)
    await walk(world, 205, 9)
    assert await told(world) == []


@by_the_clock
async def test_quiet_hours_are_those_of_the_places_zone(world: World) -> None:
    await followed(world)
    await rule(world, "20:00-21:00", zone="Asia/Shanghai")
    await walk(world, 205, 8)
    assert await told(world) == []

    await world.pass_time(HOUR)
    assert await told(world) == [[(7, 8)]]


@by_the_clock
async def test_a_failure_passes_and_takes_along_what_its_job_has_to_tell_before(
    world: World,
) -> None:
    await followed(world)
    await rule(world, "11:00-15:00 except failures")
    await walk(world, 205, 8)
    await walk(world, 206, 8)
    assert await told(world) == []

    await walk(world, 205, 11, 1)
    assert await told(world) == [[(7, 8)], [(8, 11)]]
    await world.pass_time(3 * HOUR)
    assert await told(world) == [[(7, 8)], [(11, 1)]]


@by_the_clock
@pytest.mark.slow
async def test_what_a_failure_takes_along_is_grouped_with_nothing_that_is_held(
    world: World,
) -> None:
    numbers = range(205, 217)
    await followed(world, *numbers)
    await rule(world, "11:00-15:00 except failures")
    for number in numbers:
        await walk(world, number, 8)
    await walk(world, 205, 9, 12, 1, 3)

    assert await told(world) == [[(7, 8), (8, 9), (9, 12), (12, 1)], [(1, 3)]]


@by_the_clock
@pytest.mark.slow
async def test_failures_of_one_night_come_singly_for_they_have_not_waited(world: World) -> None:
    numbers = range(205, 217)
    await followed(world, *numbers)
    await rule(world, "11:00-15:00 except failures")
    for number in numbers:
        await walk(world, number, 11)

    assert await told(world) == [[(7, 11)]] * 12


@by_the_clock
@pytest.mark.parametrize(
    ("quiet", "is_held"), [("11-15", True), ("11-15 except failures", False)], ids=["all", "except"]
)
async def test_a_deletion_before_the_end_is_a_failure(
    world: World, quiet: str, *, is_held: bool
) -> None:
    await followed(world, 205)
    await rule(world, quiet)
    await world.pass_time(HOUR)
    for _ in range(2):
        await world.observe(gone=[205])
        await world.pass_time(timedelta(minutes=1))

    assert await told(world) == ([] if is_held else [[(7, -1)]])


@by_the_clock
async def test_a_snooze_besides_holds_failures_too(world: World) -> None:
    await followed(world)
    await rule(world, "11:00-15:00 except failures")
    await world.store.snoozes.snooze(JOB_HERE, until=NOON + 2 * HOUR, by=ANA)
    await walk(world, 205, 11)
    assert await told(world) == []

    await world.store.snoozes.wake(JOB_HERE)
    assert await told(world) == [[(7, 11)]]


@by_the_clock
async def test_a_digest_comes_together_at_its_moment_and_a_late_change_next_time(
    world: World,
) -> None:
    await followed(world)
    await rule(world, digest="at 13:00")
    await walk(world, 205, 8)
    await walk(world, 206, 8)
    assert await told(world) == []

    await world.pass_time(HOUR)
    await walk(world, 205, 9)
    assert await told(world) == [[(7, 8), (7, 8)]]

    await world.pass_time(timedelta(days=1) - HOUR)
    assert await told(world) == []
    await world.pass_time(HOUR)
    assert await told(world) == [[(8, 9)]]


@by_the_clock
@pytest.mark.slow
async def test_a_digest_of_many_is_split_and_keeps_the_order(world: World) -> None:
    await followed(world, 205)
    await rule(world, digest="at 13:00")
    await walk(world, 205, *([8, 9] * 21))
    await world.pass_time(HOUR)

    groups = await told(world)

    assert [len(group) for group in groups] == [20, 20, 2]
    assert [one for group in groups for one in group] == [(7, 8), *([(8, 9), (9, 8)] * 21)][:42]


@by_the_clock
async def test_a_group_that_was_refused_at_its_moment_does_not_wait_for_the_next(
    world: World,
) -> None:
    await followed(world)
    await rule(world, digest="at 13:00")
    await walk(world, 205, 8, 9)
    await world.pass_time(HOUR)
    [group] = here(list(await world.claim()))
    assert await world.store.outbox.intend(group)
    assert await world.store.outbox.give_back(group, due_in=timedelta(minutes=5))

    await world.pass_time(timedelta(minutes=5))

    assert await told(world) == [[(7, 8), (8, 9)]]


@by_the_clock
async def test_a_digest_that_is_switched_off_lets_go_what_it_held(world: World) -> None:
    await followed(world)
    await rule(world, digest="at 13:00")
    await walk(world, 205, 8)

    await rule(world)

    assert await told(world) == [[(7, 8)]]
    assert await world.store.snoozes.holds_of("T1", place=HERE) == ()


@by_the_clock
async def test_a_digest_within_quiet_hours_comes_when_they_end(world: World) -> None:
    await followed(world)
    await rule(world, "11:00-15:00", "at 13:00")
    await walk(world, 205, 8, 9)
    await world.pass_time(2 * HOUR)
    assert await told(world) == []

    await world.pass_time(HOUR)
    assert await told(world) == [[(7, 8), (8, 9)]]


@by_the_clock
async def test_a_receipt_and_a_place_say_what_holds_until_when(world: World) -> None:
    await followed(world)
    await rule(world, "11:00-15:00", "at 13:00")
    await walk(world, 205, 8)

    [change, card] = await world.store.history.deliveries_of(P1, HERE, JobId(205))

    assert card.state is DeliveryState.SENT
    assert change.state is DeliveryState.HELD
    assert change.hold is not None
    assert (change.hold.reason, change.hold.until) == (HoldReason.QUIET, NOON + 3 * HOUR)
    assert [
        (one.reason, one.until, one.words)
        for one in await world.store.snoozes.holds_of("T1", place=HERE)
    ] == [
        (HoldReason.DIGEST, NOON + HOUR, ANA),
        (HoldReason.QUIET, NOON + 3 * HOUR, ANA),
    ]


async def test_the_rules_of_a_place_move_with_it(world: World) -> None:
    await world.store.place_rules.set_rules(SETTLED)

    await world.store.subscriptions.move_place(HERE, to_channel_id="C9")

    moved = replace(HERE, channel_id="C9")
    assert (await world.store.place_rules.rules_of(moved)).digest == SETTLED.digest
    assert (await world.store.place_rules.rules_of(HERE)).digest is None


async def test_a_rule_in_a_zone_that_nobody_knows_any_more_is_one_of_utc(world: World) -> None:
    await rule(world, "11:00-15:00", zone="Mars/Olympus")

    await world.store.outbox.claim(P1, limit=1)


async def test_a_hold_begins_once_for_a_digest_that_several_replicas_find_due(
    world: World,
) -> None:
    await followed(world)
    await rule(world, digest="at 13:00")
    with world.store._database.begin() as transaction:
        hold(transaction, ALL_HERE, HoldReason.ASKED_TO_WAIT, until=transaction.now)
    await world.pass_time(timedelta(days=2))
    await world.claim()

    with connected(world.store) as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM hold WHERE reason = 'digest'")
        assert rows.scalar() == 1
