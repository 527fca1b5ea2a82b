"""The end of a snooze of a job is noted once, by the first claim after it, and costs no other one
anything."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.core.delivery import MorningDelivery
from bot.core.delivery_ids import morning_id
from bot.core.hold import HoldScope
from bot.core.subscription import ProjectTarget
from bot.store.database import tables
from tests.make import ANA
from tests.store.delivering.test_mornings import lines, read
from tests.store.delivering.test_rule_holds import ALL_HERE, HOUR, JOB_HERE, by_the_clock, rule
from tests.store.world import HERE, NOON, P1, World, a_subscription, connected, job

MOVED = replace(HERE, channel_id="C9")
OTHER_HERE = HoldScope(team_id="T1", channel_id="C1", project_id="p1", job_id=206)


async def awaits(world: World) -> datetime | None:
    """When a claim has to look at the place."""
    c = tables.place_rules.c
    with connected(world.store) as connection:
        query = select(c.holds_at).where(c.channel_id == HERE.channel_id)
        return connection.execute(query).scalar_one_or_none()


async def edits(world: World) -> list[int]:
    """The jobs whose cards are edited now."""
    claimed = await world.store.outbox.claim_edits(P1, limit=10)
    for edit in claimed:
        await world.store.outbox.record_edited(edit)
    return sorted(edit.shown.job.id for edit in claimed)


async def followed(world: World) -> None:
    for number in (205, 206):
        await world.subscribe(a_subscription(number), job(number))
    await world.send_all()


async def test_each_card_is_edited_when_its_own_snooze_ends(world: World) -> None:
    await followed(world)
    now = await world.now()
    await world.store.snoozes.snooze(JOB_HERE, until=now + 2 * HOUR, by=ANA)
    await world.store.snoozes.snooze(OTHER_HERE, until=now + HOUR, by=ANA)
    assert await edits(world) == [205, 206]

    await world.pass_time(HOUR + timedelta(minutes=1))
    await world.claim()
    assert await edits(world) == [206]
    await world.pass_time(HOUR)
    await world.claim()
    assert await edits(world) == [205]
    await world.pass_time(HOUR)
    await world.claim()
    assert (await edits(world), await awaits(world)) == ([], None)


async def test_a_snooze_that_was_woken_is_not_noted_again_when_it_would_have_ended(
    world: World,
) -> None:
    await followed(world)
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + HOUR, by=ANA)
    await world.store.snoozes.wake(JOB_HERE)
    assert await edits(world) == [205]

    await world.pass_time(2 * HOUR)
    await world.claim()

    assert await edits(world) == []


async def test_a_snooze_of_a_whole_place_awaits_nothing(world: World) -> None:
    await followed(world)
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + HOUR, by=ANA)

    assert await awaits(world) is None


async def test_a_place_that_settles_a_language_goes_on_awaiting_the_end(world: World) -> None:
    await followed(world)
    until = await world.now() + HOUR
    await world.store.snoozes.snooze(JOB_HERE, until=until, by=ANA)
    await rule(world)

    assert await awaits(world) == until


async def test_the_end_of_a_snooze_is_found_where_its_place_has_moved(world: World) -> None:
    await followed(world)
    await world.store.snoozes.snooze(JOB_HERE, until=await world.now() + HOUR, by=ANA)
    await edits(world)
    await world.store.place_rules.greet(MOVED)
    await world.store.subscriptions.move_place(HERE, to_channel_id=MOVED.channel_id)

    await world.claim()
    await world.pass_time(2 * HOUR)
    await world.claim()

    assert await edits(world) == [205]


@by_the_clock
@pytest.mark.parametrize("ends", [timedelta(minutes=30), HOUR, timedelta(minutes=90)])
async def test_the_end_of_a_snooze_neither_loses_nor_repeats_the_line_of_a_digest(
    ends: timedelta, world: World
) -> None:
    await world.subscribe(a_subscription(ProjectTarget(), wanted="all"))
    await read(world, (205, 8))
    await rule(world, digest="at 13:00")
    await world.store.snoozes.snooze(JOB_HERE, until=NOON + ends, by=ANA)
    shown: list[MorningDelivery] = []
    for _ in range(8):
        await world.pass_time(timedelta(minutes=30))
        await read(world, (205, 8))
        shown += lines(await world.send_all())

    assert [one.id for one in shown] == [morning_id(HERE, "p1", NOON + HOUR)]
