"""A job that changes all the time: one offer, once for each place, to be told more quietly."""

from datetime import timedelta

import pytest

from bot.core.cards.changes.changes import delivery_card
from bot.core.delivery import ChangeDelivery, ChangesDelivery, Delivery, Notice
from bot.core.subscription import DeliveryMode, ProjectTarget
from tests.store.world import HERE, THERE, World, a_subscription, job


async def flap(world: World, times: int, *, start: int, apart: float = 60) -> list[Notice]:
    """Let job 205 change so often; what was sent of it."""
    sent: list[Delivery] = []
    for turn in range(start, start + times):
        await world.pass_time(timedelta(seconds=apart))
        await world.observe(job(205, 7 if turn % 2 else 8, at=apart * (turn + 1)))
        sent += await world.send_all()
    return [one for one in sent if isinstance(one, Notice)]


@pytest.mark.slow
async def test_the_seventh_change_within_ten_minutes_makes_the_offer_once(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))

    told = await flap(world, 12, start=0)

    assert [one.offers_quiet for one in told] == [False] * 6 + [True] + [False] * 5
    assert [one.resubscribe_sentence for one in told if one.offers_quiet] == [
        "subscribe 205 for all"
    ]


@pytest.mark.slow
async def test_changes_further_apart_make_none(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))

    told = await flap(world, 12, start=0, apart=101)

    assert not any(one.offers_quiet for one in told)


@pytest.mark.slow
async def test_each_place_is_asked_for_itself(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await flap(world, 3, start=0)
    await world.subscribe(a_subscription(place=THERE), job(205, 8, at=190))

    told = await flap(world, 7, start=3)

    offers = [(one.place, one.changes[0].sequence) for one in told if one.offers_quiet]
    assert offers == [(HERE, 7), (THERE, 10)]


async def test_who_is_told_by_the_card_alone_is_asked_nothing(world: World) -> None:
    await world.subscribe(a_subscription(delivery_mode=DeliveryMode.CARD), job(205, 7))
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


async def test_a_group_of_several_jobs_offers_less_of_the_one_that_flaps(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.subscribe(a_subscription(205, wanted="failed,running"), job(205, 7))
    others = (231, 244, 250, 266)
    await world.sweep(job(205, 7), *(job(number, 7) for number in others))
    await world.send_all()
    await world.store.outbox.close_gate("T1", "C1", opens_in=timedelta(minutes=5))
    for turn in range(8):
        await world.observe(job(205, 7 if turn % 2 else 8, at=turn + 1))
    await world.observe(*(job(number, 8, at=20) for number in others))
    await world.pass_time(timedelta(minutes=6))

    sent = await world.send_all()

    [told] = [one for one in sent if isinstance(one, ChangesDelivery)]
    assert [one.change.job.id for one in told.members][-4:] == list(others)
    assert {one.change.job.id for one in told.members if one.offers_quiet} == {205}
    assert told.resubscribe_sentence == "subscribe 205 for failed,running"
    offer = delivery_card(told, link_hosts=(), invitation="")
    assert "job-205 changes often." in str(offer.summary)
