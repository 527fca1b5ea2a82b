"""Morning lines: one for each moment of a digest, told as things are when it is sent."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.core.delivery import CardDelivery, Delivery, MorningDelivery
from bot.core.delivery_ids import morning_id
from bot.core.place_rules import Digest, PlaceRules
from bot.core.subscription import PatternTarget, ProjectTarget
from bot.store.database import tables
from tests.make import ANA
from tests.store.delivering.test_rule_holds import ALL_HERE, by_the_clock, here, rule
from tests.store.world import (
    HERE,
    LEASE,
    NOON,
    P1,
    SETTLE,
    THERE,
    World,
    a_subscription,
    connected,
    job,
    steps,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def read(world: World, *states: tuple[int, int]) -> None:
    """A complete list is read now, and each job, by its number and its status."""
    at = (await world.now() - NOON).total_seconds()
    jobs = [job(number, status, at=at) for number, status in states]
    await world.sweep(*jobs)
    await world.observe(*jobs)


async def digested(world: World, *states: tuple[int, int], before: timedelta = HOUR) -> None:
    """The place follows the project, and its digest comes so long before this time of day."""
    await world.subscribe(a_subscription(ProjectTarget(), wanted="all"))
    await read(world, *states)
    await world.send_all()
    moment = await world.now() - before
    digest = Digest(at=moment.hour * 60 + moment.minute)
    await world.store.place_rules.set_rules(PlaceRules(place=HERE, digest=digest, set_by=ANA))


def lines(sent: list[Delivery]) -> list[MorningDelivery]:
    """The morning lines among these."""
    return [one for one in sent if isinstance(one, MorningDelivery)]


@by_the_clock
async def test_each_moment_of_a_digest_has_one_line(world: World) -> None:
    await digested(world, (205, 8), (206, 11))
    assert await world.send_all() == []  # the moment before the rule has none

    for _ in range(2):
        await world.pass_time(DAY)
        await read(world, (205, 8), (206, 11))
        [line] = await world.send_all()
        assert isinstance(line, MorningDelivery)
        assert (line.place, line.project_id, line.changes) == (HERE, "p1", ())
        assert (line.morning.running, line.morning.failed) == (1, 0)
        assert await world.send_all() == []


async def test_after_days_without_us_the_latest_moment_alone_has_its_line(world: World) -> None:
    await digested(world, (205, 8))
    await world.pass_time(4 * DAY)
    await read(world, (205, 8))

    assert len(lines(await world.send_all())) == 1


@pytest.mark.slow
async def test_it_is_found_again_by_whoever_comes_after_a_crash(world: World) -> None:
    await digested(world, (205, 8))
    await world.pass_time(DAY)
    await read(world, (205, 8))
    [begun] = await world.claim()
    assert await world.store.outbox.intend(begun)

    await world.pass_time(LEASE + SETTLE + timedelta(seconds=1))

    [again] = await world.claim()
    assert (again.id, again.intent_at is not None) == (begun.id, True)
    assert await world.store.outbox.record_absent(again)
    [again] = await world.send_all()
    assert again.id == begun.id


@pytest.mark.usefixtures("at_once")
async def test_of_many_who_meet_the_moment_at_once_one_has_the_line(world: World) -> None:
    await digested(world, (205, 8))
    await world.pass_time(DAY)
    await read(world, (205, 8))

    claims = await asyncio.gather(*(world.claim() for _ in range(4)))

    assert sum(map(len, claims)) == 1


async def test_only_who_follows_the_project_and_has_a_digest_hears_it(world: World) -> None:
    await digested(world, (205, 8))
    await world.subscribe(a_subscription(ProjectTarget(), THERE))
    await world.subscribe(a_subscription(PatternTarget("job-*")))
    await world.store.subscriptions.unsubscribe(P1, HERE, ProjectTarget(), by="U1")
    await world.pass_time(DAY)
    await read(world, (205, 8))

    assert lines(await world.send_all()) == []


@by_the_clock
async def test_a_quiet_day_has_none_and_the_next_one_has_its_own(world: World) -> None:
    await digested(world, (206, 11))
    await world.pass_time(DAY)
    await read(world, (206, 11))
    assert await world.send_all() == []
    assert _states(world) == ["withdrawn"]

    await read(world, (206, 11), (207, 8))
    await world.pass_time(DAY)

    assert len(lines(await world.send_all())) == 1
    assert _states(world) == ["sent", "withdrawn"]


@by_the_clock
async def test_what_was_snoozed_over_two_moments_tells_the_later_one(world: World) -> None:
    await digested(world, (205, 8))
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + 2 * DAY + HOUR, by=ANA)
    await world.pass_time(DAY)
    assert await world.send_all() == []
    await world.pass_time(DAY)
    assert await world.send_all() == []
    await world.pass_time(2 * HOUR)
    await read(world, (205, 8))

    assert await world.claim() == ()  # the earlier line goes unsent
    [line] = await world.send_all()

    moment = (await world.now() - 3 * HOUR).replace(second=0, microsecond=0)
    assert line.id == morning_id(HERE, "p1", moment)
    assert _states(world) == ["sent", "withdrawn"]


async def test_who_ends_the_digest_hears_no_line_of_it(world: World) -> None:
    await digested(world, (205, 8))
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + 2 * DAY, by=ANA)
    await world.pass_time(DAY)
    assert await world.send_all() == []

    await world.store.place_rules.set_rules(PlaceRules(place=HERE))
    await world.store.snoozes.wake(ALL_HERE)

    assert await world.send_all() == []


async def test_it_comes_after_the_changes_of_its_digest(world: World) -> None:
    await digested(world, (205, 7), (206, 8))
    await read(world, (205, 8), (206, 11))
    await world.pass_time(DAY)

    _, group, other_card, line = await world.send_all()

    assert sorted(steps([group])) == [(7, 8), (8, 11)]
    assert isinstance(other_card, CardDelivery)
    assert isinstance(line, MorningDelivery)
    assert line.morning.failed == 1


@by_the_clock
async def test_quiet_hours_hold_it(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget(), wanted="all"))
    await rule(world, quiet="22-8 except failures", digest="7:00")
    await world.pass_time(19 * HOUR)  # 07:00
    await read(world, (205, 8))
    assert await world.send_all() == []

    await world.pass_time(HOUR)

    assert len(lines(here(await world.send_all()))) == 1
    await world.pass_time(14 * HOUR)  # the night begins, which is no moment of the digest
    assert await world.send_all() == []


async def test_what_a_later_version_enqueues_is_left_to_it(world: World) -> None:
    await digested(world, (205, 8))
    await world.pass_time(DAY)
    await world.claim()
    with connected(world.store) as connection:
        connection.execute(
            update(tables.delivery)
            .where(tables.delivery.c.kind == "morning")
            .values(kind="evening", lease_until=None)
        )

    assert await world.claim() == ()


def _states(world: World) -> list[str]:
    query = tables.delivery.select().where(tables.delivery.c.kind == "morning")
    with connected(world.store) as connection:
        return sorted(row.state for row in connection.execute(query))


@by_the_clock
async def test_numbers_of_an_outage_say_as_of_when_they_are(world: World) -> None:
    await digested(world, (205, 8))
    last = await world.now()
    await world.pass_time(DAY)

    [line] = lines(await world.send_all())

    assert line.morning.running == 1
    assert line.morning.as_of is not None
    assert abs(line.morning.as_of - last) < timedelta(minutes=1)

    await read(world, (205, 8))
    await world.pass_time(DAY)
    await read(world, (205, 8))
    [line] = lines(await world.send_all())
    assert line.morning.as_of is None
