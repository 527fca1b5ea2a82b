"""Leases are stretches of what is due: no two overlap, and whatever they leave out is free."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.core.ports.store import Lease, Observation
from bot.store.database.tables import watch_lease, watched_job
from tests.store.world import LEASE, P1, World, a_subscription, connected, job

TICK = timedelta(seconds=1)
NOW = timedelta(0)


@pytest.fixture
async def six(world: World) -> World:
    """A world that watches jobs 1 to 6, due one second after the other, long ago."""
    for number in range(1, 7):
        await world.subscribe(a_subscription(number), job(number, 8))
    await world.make_due()
    with connected(world.store) as connection:
        for number in range(1, 7):
            due_at = await world.now() - timedelta(hours=1) + number * TICK
            connection.execute(
                update(watched_job).where(watched_job.c.job_id == number).values(next_at=due_at)
            )
    return world


async def claim(world: World, limit: int) -> list[Lease]:
    return list((await world.store.watchlist.claim_due(P1, limit=limit)).leases)


async def stretches(world: World) -> int:
    with connected(world.store) as connection:
        return connection.scalar(select(func.count()).select_from(watch_lease)) or 0


def numbers(leases: list[Lease]) -> list[int]:
    return [lease.job_id for lease in leases]


async def record(world: World, *leases: Lease) -> None:
    seen = [Observation(lease=one, job=job(one.job_id, 8, at=60)) for one in leases]
    await world.store.watchlist.record(seen, next_in={})


async def test_the_longest_due_comes_first_and_nothing_twice(six: World) -> None:
    assert numbers(await claim(six, 2)) == [1, 2]
    assert numbers(await claim(six, 3)) == [3, 4, 5]
    assert numbers(await claim(six, 9)) == [6]
    assert await claim(six, 9) == []


async def test_jobs_that_are_due_at_the_same_moment_are_told_apart(six: World) -> None:
    await six.make_due()

    claimed = [numbers(await claim(six, 2)) for _ in range(4)]

    assert claimed == [[1, 2], [3, 4], [5, 6], []]


async def test_a_stretch_is_over_when_each_of_its_jobs_is_recorded_or_released(six: World) -> None:
    one, two, three = await claim(six, 3)
    await record(six, one)
    await six.store.watchlist.release([two], due_in=TICK)
    assert await stretches(six) == 1

    await record(six, three)

    assert await stretches(six) == 0
    assert numbers(await claim(six, 9)) == [4, 5, 6]


async def test_what_lies_between_two_stretches_is_free_when_its_own_has_ended(six: World) -> None:
    await claim(six, 2)
    await six.pass_time(LEASE / 2)
    await claim(six, 2)
    await six.pass_time(LEASE / 2 + TICK)
    assert numbers(await claim(six, 1)) == [1], "the first has ended, the second has not"

    assert numbers(await claim(six, 9)) == [2, 5, 6]
    await six.pass_time(LEASE / 2)
    assert numbers(await claim(six, 9)) == [3, 4]


async def test_a_batch_may_take_from_both_sides_of_a_stretch(six: World) -> None:
    await claim(six, 1)
    await six.pass_time(LEASE / 2)
    await claim(six, 1)
    await six.pass_time(LEASE / 2 + TICK)

    both = await claim(six, 9)

    assert numbers(both) == [1, 3, 4, 5, 6]
    assert len({lease.range_id for lease in both}) == 2
    await record(six, *both)
    assert await stretches(six) == 1


async def test_what_comes_due_meanwhile_is_free(six: World) -> None:
    await claim(six, 9)
    await six.pass_time(TICK)
    await six.subscribe(a_subscription(7), job(7, 8))

    assert numbers(await claim(six, 9)) == [7]


async def test_who_lost_a_stretch_gives_nothing_back(six: World) -> None:
    late = await claim(six, 2)
    await six.pass_time(LEASE + TICK)
    held = await claim(six, 2)

    await six.store.watchlist.release(late, due_in=NOW)
    await record(six, *late)

    assert numbers(await claim(six, 2)) == [3, 4]
    await record(six, *held)
    assert await stretches(six) == 1


async def test_a_stretch_that_ended_is_still_recorded_while_nobody_else_has_it(six: World) -> None:
    late = await claim(six, 2)
    await six.pass_time(LEASE + TICK)

    await record(six, *late)

    assert numbers(await claim(six, 2)) == [3, 4]


@pytest.mark.usefixtures("at_once")
async def test_of_many_who_claim_at_once_each_gets_its_own(six: World) -> None:
    claimed = await asyncio.gather(*(claim(six, 1) for _ in range(8)))

    assert sorted(number for leases in claimed for number in numbers(leases)) == [1, 2, 3, 4, 5, 6]
