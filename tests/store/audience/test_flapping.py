"""A job that changes all the time: one offer, once for each place, to be told more quietly."""

from datetime import timedelta

from bot.core.delivery import ChangeDelivery, ChangesDelivery, Delivery, Notice
from bot.core.subscription import DeliveryMode
from tests.store.world import HERE, THERE, World, a_subscription, job


async def flap(world: World, times: int, *, start: int, apart: float = 60) -> list[Notice]:
    """Let job 205 change so often; what was sent of it."""
    sent: list[Delivery] = []
    for turn in range(start, start + times):
        await world.pass_time(timedelta(seconds=apart))
        await world.observe(job(205, 7 if turn % 2 else 8, at=apart * (turn + 1)))
        sent += await world.send_all()
    return [one for one in sent if isinstance(one, Notice)]


async def test_the_seventh_change_within_ten_minutes_makes_the_offer_once(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))

    told = await flap(world, 12, start=0)

    assert [one.offers_quiet for one in told] == [False] * 6 + [True] + [False] * 5
    assert [one.again for one in told if one.offers_quiet] == ["subscribe 205 for all"]


async def test_changes_further_apart_make_none(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))

    told = await flap(world, 12, start=0, apart=101)

    assert not any(one.offers_quiet for one in told)


async def test_each_place_is_asked_for_itself(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await flap(world, 3, start=0)
    await world.subscribe(a_subscription(place=THERE), job(205, 8, at=190))

    told = await flap(world, 7, start=3)

    offers = [(one.place, one.changes[0].sequence) for one in told if one.offers_quiet]
    assert offers == [(HERE, 7), (THERE, 10)]


async def test_who_is_told_by_the_card_alone_is_asked_nothing(world: World) -> None:
    await world.subscribe(a_subscription(telling=DeliveryMode.CARD), job(205, 7))
    await world.subscribe(a_subscription(place=THERE, wanted="failures"), job(205, 7))
    await flap(world, 9, start=0)
    await world.observe(job(205, 11, at=900))

    [told] = await world.send_all()

    assert isinstance(told, ChangeDelivery)
    assert (told.place, told.offers_quiet) == (THERE, False)


async def test_the_offer_is_kept_by_a_group(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.store.outbox.close_gate("T1", "C1", opens_in=timedelta(minutes=5))
    for turn in range(8):
        await world.observe(job(205, 7 if turn % 2 else 8, at=turn + 1))
    await world.pass_time(timedelta(minutes=6))

    [told] = await world.send_all()

    assert isinstance(told, ChangesDelivery)
    assert told.offers_quiet
