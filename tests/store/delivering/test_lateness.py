"""From when a delivery is late: since its change was seen, or since what people hold let it go."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.core.delivery import ChangesDelivery
from bot.core.hold import HoldReason
from tests.make import ANA
from tests.store.delivering.test_rule_holds import (
    ALL_HERE,
    HOUR,
    JOB_HERE,
    by_the_clock,
    followed,
    here,
    rule,
    walk,
)
from tests.store.world import HERE, NOON, P1, World

#: What had held each, as its receipt says.
HELD_BY = {
    "quiet_hours_ended": HoldReason.QUIET,
    "a_digest_had_its_moment": HoldReason.DIGEST,
    "a_digest_comes_after_quiet_hours": HoldReason.QUIET,
    "an_outage_came_before_an_invitation_was_missing": HoldReason.REFUSED,
    "an_outage_came_before_a_snooze": HoldReason.SNOOZED,
    "a_snooze_was_within_the_hours_without_an_invitation": HoldReason.REFUSED,
    "the_workspace_did_not_accept_us": HoldReason.FROZEN,
    "the_job_was_snoozed": HoldReason.SNOOZED,
    "its_place_was_snoozed_for_longer": HoldReason.SNOOZED,
    "a_group_was_sent_again": HoldReason.SNOOZED,
}
#: From when the change is late, as hours after noon; 0 stands for when it was seen.
Story = Callable[[World], Awaitable[float]]


async def nothing_held_it(world: World) -> float:
    await walk(world, 205, 8)
    await world.pass_time(3 * HOUR)
    return 0


async def quiet_hours_ended(world: World) -> float:
    await rule(world, "11:00-15:00")
    await walk(world, 205, 8)
    await world.pass_time(4 * HOUR)
    return 3


async def quiet_hours_were_over_before(world: World) -> float:
    await rule(world, "11:00-13:00")
    await world.pass_time(2 * HOUR)
    await walk(world, 205, 8)
    await world.pass_time(HOUR)
    return 0


async def a_failure_passes_quiet_hours(world: World) -> float:
    await rule(world, "11:00-15:00 except failures")
    await walk(world, 205, 11)
    await world.pass_time(4 * HOUR)
    return 0


async def a_digest_had_its_moment(world: World) -> float:
    await rule(world, digest="at 13:00")
    await walk(world, 205, 8)
    await world.pass_time(2 * HOUR)
    return 1


async def a_digest_comes_after_quiet_hours(world: World) -> float:
    await rule(world, "11:00-15:00", "at 13:00")
    await walk(world, 205, 8)
    await world.pass_time(4 * HOUR)
    return 3


async def slack_asked_to_wait(world: World) -> float:
    await walk(world, 205, 8)
    await world.store.outbox.close_gate("T1", HERE.channel_id, opens_in=2 * HOUR)
    await world.pass_time(3 * HOUR)
    return 0


async def an_outage_came_before_an_invitation_was_missing(world: World) -> float:
    """Slack refuses nothing for two hours: it says that it is not well. Then we are not let in."""
    await walk(world, 205, 8)
    [change] = here(list(await world.claim()))
    await world.store.outbox.intend(change)
    await world.store.outbox.give_back(change, due_in=HOUR)
    await world.pass_time(2 * HOUR)
    await world.store.outbox.pause_place(HERE, reason="channel_not_found")
    await world.pass_time(HOUR)
    await world.store.outbox.resume_place(HERE)
    await world.pass_time(HOUR)
    return 1


async def an_outage_came_before_a_snooze(world: World) -> float:
    await walk(world, 205, 8)
    await world.store.outbox.close_gate("T1", HERE.channel_id, opens_in=2 * HOUR)
    await world.pass_time(2 * HOUR)
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + 3 * HOUR, by=ANA)
    await world.pass_time(4 * HOUR)
    return 3


async def a_snooze_was_within_the_hours_without_an_invitation(world: World) -> float:
    await walk(world, 205, 8)
    await world.pass_time(HOUR)
    await world.store.outbox.pause_place(HERE, reason="not_in_channel")
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + HOUR, by=ANA)
    await world.pass_time(3 * HOUR)
    await world.store.outbox.resume_place(HERE)
    return 3


async def the_workspace_did_not_accept_us(world: World) -> float:
    await walk(world, 205, 8)
    await world.store.workspaces.pause("T1", reason="invalid_auth")
    await world.pass_time(3 * HOUR)
    assert await world.store.workspaces.thaw("T1", was_accepted=False) is not None
    return 0


async def another_job_was_snoozed(world: World) -> float:
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + HOUR, by=ANA)
    await walk(world, 206, 8)
    await world.pass_time(2 * HOUR)
    return 0


async def the_job_was_snoozed(world: World) -> float:
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + HOUR, by=ANA)
    await walk(world, 205, 8)
    await world.pass_time(2 * HOUR)
    return 1


async def its_place_was_snoozed_for_longer(world: World) -> float:
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + HOUR, by=ANA)
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + 2 * HOUR, by=ANA)
    await walk(world, 205, 8)
    await world.pass_time(3 * HOUR)
    return 2


async def a_person_had_it_sent_again(world: World) -> float:
    await walk(world, 205, 8)
    [change] = here(list(await world.claim()))
    await world.store.outbox.record_dead(change, reason="invalid_blocks")
    await world.pass_time(5 * HOUR - (await world.now() - NOON))
    assert await world.store.history.redrive(P1, [change.id]) == 1
    await world.pass_time(HOUR)
    return 5


async def a_group_was_sent_again(world: World) -> float:
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + HOUR, by=ANA)
    await walk(world, 205, 8, 9, 12, 1)
    await world.pass_time(2 * HOUR)
    [group] = here(list(await world.claim()))
    await world.store.outbox.record_dead(group, reason="invalid_blocks")
    await world.pass_time(5 * HOUR - (await world.now() - NOON))
    assert await world.store.history.redrive(P1, [group.id]) == 1
    await world.pass_time(HOUR)
    return 5


STORIES = [
    nothing_held_it,
    quiet_hours_ended,
    quiet_hours_were_over_before,
    a_failure_passes_quiet_hours,
    a_digest_had_its_moment,
    a_digest_comes_after_quiet_hours,
    slack_asked_to_wait,
    an_outage_came_before_an_invitation_was_missing,
    an_outage_came_before_a_snooze,
    a_snooze_was_within_the_hours_without_an_invitation,
    the_workspace_did_not_accept_us,
    another_job_was_snoozed,
    the_job_was_snoozed,
    its_place_was_snoozed_for_longer,
    a_person_had_it_sent_again,
    a_group_was_sent_again,
]


@by_the_clock
@pytest.mark.parametrize("story", STORIES)
async def test_a_change_is_late_from_when_people_let_it_go(world: World, story: Story) -> None:
    await followed(world)
    noon = await world.now()

    hours = await story(world)

    [delivery] = [one for one in here(await world.send_all()) if one.due_since]
    for change, due in zip(delivery.changes, delivery.due_since, strict=True):
        expected = noon + hours * HOUR if hours else change.seen_at
        # It was seen a second after noon.
        assert abs(due - expected) <= timedelta(seconds=1)
    receipts = await world.store.history.deliveries_of(P1, HERE, delivery.job_id)
    assert {one.held_by for one in receipts if one.change} == {HELD_BY.get(story.__name__)}


async def _let_go(world: World, ends: Callable[[], Awaitable[object]]) -> tuple[datetime, datetime]:
    """When something ended the hold, and from when the change counts as late two hours later."""
    await world.pass_time(HOUR)
    before = await world.now()
    await ends()
    [delivery] = [one for one in here(list(await world.claim())) if one.due_since]
    return before, delivery.due_since[0]


async def test_a_job_that_was_woken_is_late_from_then(world: World) -> None:
    await followed(world)
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + 9 * HOUR, by=ANA)
    await walk(world, 205, 8)

    woken, due = await _let_go(world, lambda: world.store.snoozes.wake(JOB_HERE))

    assert timedelta(0) <= due - woken < timedelta(minutes=1)


async def test_a_channel_that_we_were_not_in_is_late_from_the_invitation(world: World) -> None:
    await followed(world)
    await walk(world, 205, 8)
    await world.store.outbox.pause_place(HERE, reason="not_in_channel")

    invited, due = await _let_go(world, lambda: world.store.outbox.resume_place(HERE))

    # What went by before we noticed counts.
    assert abs(due - invited) < timedelta(minutes=1)


@by_the_clock
@pytest.mark.slow
async def test_each_change_of_a_group_counts_for_itself(world: World) -> None:
    await followed(world)
    noon = await world.now()
    await world.store.snoozes.snooze(JOB_HERE, until=noon + HOUR, by=ANA)
    await walk(world, 205, 8, 9, 12, 1)
    await world.pass_time(2 * HOUR)
    await walk(world, 205, 4)

    sent = [one for one in here(await world.send_all()) if one.due_since]

    [group] = [one for one in sent if isinstance(one, ChangesDelivery)]
    assert group.due_since == (noon + HOUR,) * 4
    [single] = [one for one in sent if one is not group]
    assert single.due_since == (single.changes[0].seen_at,)
