"""A place that hears twenty messages of a day without a press is offered a digest, once."""

from datetime import timedelta

import pytest

from bot.core.delivery import ChangesDelivery, Delivery, Notice
from bot.core.place_rules import PlaceRules
from bot.core.subscription import DeliveryMode
from tests.store.delivering.test_rule_holds import by_the_clock
from tests.store.world import HERE, LEASE, NOON, SETTLE, THERE, World, a_subscription, job

HOUR = timedelta(hours=1)
JOBS = range(205, 217)
# As many cards were posted before the first change.
CARDS = len(JOBS)


async def followed(world: World, *, delivery_mode: DeliveryMode = DeliveryMode.THREAD) -> None:
    """A place follows twelve jobs, and has got their cards."""
    for number in JOBS:
        await world.subscribe(a_subscription(number, delivery_mode=delivery_mode), job(number))
    assert len(await world.send_all()) == CARDS


async def change(world: World, number: int, status: int = 8) -> list[Delivery]:
    """A job changes: what is posted of it."""
    at = (await world.now() - NOON).total_seconds()
    await world.observe(job(number, status, at=at))
    return await world.send_all()


async def offers(world: World, *numbers: int, status: int = 8) -> list[bool]:
    """For each of these jobs that change: whether its message offers a digest."""
    found: list[bool] = []
    for number in numbers:
        found += [
            one.offers_digest
            for one in await change(world, number, status)
            if isinstance(one, Notice)
        ]
    return found


@pytest.mark.slow
async def test_the_twentieth_message_makes_the_offer_and_no_other_one(world: World) -> None:
    await followed(world)

    assert await offers(world, *JOBS) == [False] * 7 + [True] + [False] * 4
    assert await offers(world, *JOBS, status=10) == [False] * 12


@pytest.mark.slow
async def test_who_presses_a_button_is_asked_nothing(world: World) -> None:
    await followed(world)
    await world.store.place_rules.note_click(HERE)

    assert not any(await offers(world, *JOBS))


@pytest.mark.slow
async def test_who_declined_is_asked_nothing(world: World) -> None:
    await followed(world)
    await world.store.place_rules.decline_digest(HERE)

    assert not any(await offers(world, *JOBS))


@pytest.mark.slow
async def test_the_press_of_another_place_changes_nothing(world: World) -> None:
    await followed(world)
    await world.store.place_rules.note_click(THERE)
    await world.store.place_rules.decline_digest(THERE)

    assert any(await offers(world, *JOBS))


@pytest.mark.slow
async def test_what_the_card_alone_tells_is_no_message(world: World) -> None:
    await followed(world, delivery_mode=DeliveryMode.CARD)
    await offers(world, *JOBS)
    await world.subscribe(a_subscription(300), job(300))

    assert await offers(world, 300) == [False]


@pytest.mark.slow
async def test_the_offer_outlives_a_crash(world: World) -> None:
    await followed(world)
    await offers(world, *JOBS[:7])
    at = (await world.now() - NOON).total_seconds()
    await world.observe(job(JOBS[7], 8, at=at))
    [begun] = await world.claim()
    assert await world.store.outbox.intend(begun)

    await world.pass_time(LEASE + SETTLE + timedelta(seconds=1))

    [again] = await world.claim()
    assert (again.id, again.intent_at is not None) == (begun.id, True)
    assert isinstance(again, Notice)
    assert again.offers_digest


@pytest.mark.slow
async def test_the_offer_is_kept_by_a_group(world: World) -> None:
    await followed(world)
    await offers(world, *JOBS[:7])
    await world.store.outbox.close_gate("T1", "C1", opens_in=timedelta(minutes=5))
    for status in (8, 9, 12, 1):
        await change(world, JOBS[8], status)
    await world.pass_time(timedelta(minutes=6))

    [group] = await world.send_all()

    assert isinstance(group, ChangesDelivery)
    assert (len(group.changes), group.offers_digest) == (4, True)


async def test_the_rules_of_a_place_outlive_a_press(world: World) -> None:
    ruled = PlaceRules(place=HERE, language="zh-CN", set_by="U1")
    await world.store.place_rules.set_rules(ruled)

    await world.store.place_rules.note_click(HERE)
    await world.store.place_rules.decline_digest(HERE)

    assert await world.store.place_rules.rules_of(HERE) == ruled


@by_the_clock
@pytest.mark.parametrize(
    ("zone", "is_offered"),
    [
        # The twelve cards came at noon. Eight hours later it is the same day,
        ("UTC", True),
        # but not in Shanghai, where it is 4 in the morning of the next one.
        ("Asia/Shanghai", False),
    ],
)
@pytest.mark.slow
async def test_a_day_is_one_of_the_place(world: World, zone: str, is_offered: bool) -> None:
    await world.store.place_rules.set_rules(PlaceRules(place=HERE, time_zone=zone))
    await followed(world)
    await world.pass_time(8 * HOUR)

    assert any(await offers(world, *JOBS)) is is_offered


@by_the_clock
@pytest.mark.slow
async def test_a_press_of_yesterday_says_nothing_of_today(world: World) -> None:
    await followed(world)
    await world.store.place_rules.note_click(HERE)
    await world.pass_time(24 * HOUR)

    assert await offers(world, *JOBS, status=8) == [False] * 12
    assert await offers(world, *JOBS, status=10) == [False] * 7 + [True] + [False] * 4
