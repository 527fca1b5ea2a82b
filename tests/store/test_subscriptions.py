"""Wishes: kept once, changed, ended, revived and forgotten."""

from datetime import timedelta

from bot.core.job import JobId
from bot.core.outbox import DeliveryKind
from bot.core.watch import JobTarget, SubscriptionState, Telling
from tests.store.world import HERE, THERE, World, job, steps, wish


async def test_a_wish_with_a_baseline_is_active_and_orders_the_card(world: World) -> None:
    subscribed = await world.subscribe(wish(), job(205, 7))

    assert subscribed.is_new
    assert subscribed.subscription.state is SubscriptionState.ACTIVE
    [card] = await world.claim()
    assert (card.kind, card.job, card.changes) == (DeliveryKind.CARD, job(205, 7), ())


async def test_the_same_wish_again_changes_its_terms_and_orders_nothing(world: World) -> None:
    first = await world.subscribe(wish(), job(205, 7))
    again = await world.subscribe(wish(wanted="failures", telling=Telling.CARD), job(205, 7))

    assert not again.is_new
    assert again.subscription.id == first.subscription.id
    [kept] = await world.store.subscriptions.list_subscriptions("T1")
    assert (kept.wanted.text, kept.telling) == ("failures", Telling.CARD)
    assert len(await world.claim()) == 1


async def test_a_change_is_told_behind_the_card(world: World) -> None:
    await world.subscribe(wish(), job(205, 7))
    [change] = await world.observe(job(205, 8, at=30))

    assert (change.sequence, change.step.before, change.step.after) == (1, 7, 8)
    sent = await world.send_all()
    assert [one.kind for one in sent] == [DeliveryKind.CARD, DeliveryKind.CHANGE]
    assert sent[1].card is not None
    assert steps(sent[1:]) == [(7, 8)]


async def test_unsubscribing_withdraws_the_card_and_stops_the_polls(world: World) -> None:
    await world.subscribe(wish(), job(205, 7))
    await world.subscribe(wish(), job(205, 7))

    [gone] = await world.store.subscriptions.unsubscribe(HERE, JobTarget(JobId(205)))

    assert gone.target == JobTarget(JobId(205))
    assert await world.store.subscriptions.unsubscribe(HERE, None) == ()
    assert await world.claim() == ()
    await world.pass_time(timedelta(hours=1))
    assert (await world.store.watchlist.claim_due("T1", limit=9)).jobs == ()


async def test_others_hear_of_the_change_that_a_baseline_shows(world: World) -> None:
    await world.subscribe(wish(), job(205, 7))
    await world.send_all()

    await world.subscribe(wish(place=THERE), job(205, 8, at=10))

    sent = await world.send_all()
    assert {(one.place, one.kind) for one in sent} == {
        (HERE, DeliveryKind.CHANGE),
        (THERE, DeliveryKind.CARD),
    }
