"""Who follows a job again does so in the terms of before."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.delivery import CardDelivery, ChangeDelivery
from bot.core.subscription import DeliveryMode, PatternTarget, ProjectTarget, Target
from tests.store.world import HERE, P1, THERE, World, a_subscription, job

# The terms of a subscription to the job itself, and the sentence that repeats them.
TERMS: dict[str, tuple[dict[str, Any], str]] = {
    "what is usual is not said": ({"wanted": "changes"}, "subscribe 205"),
    "a preset": ({"wanted": "failures"}, "subscribe 205 for failures"),
    "events": ({"wanted": "running,failed"}, "subscribe 205 for running,failed"),
    "a delivery mode": (
        {"wanted": "changes", "delivery_mode": DeliveryMode.CHANNEL},
        "subscribe 205 as channel",
    ),
    "all of it": (
        {"wanted": "all", "delivery_mode": DeliveryMode.CARD},
        "subscribe 205 for all as card",
    ),
}


@pytest.mark.parametrize(("terms", "sentence"), TERMS.values(), ids=TERMS)
async def test_the_closed_card_and_the_end_repeat_the_terms(
    world: World, terms: dict[str, Any], sentence: str
) -> None:
    await world.subscribe(a_subscription(**terms), job(205, 8))
    await world.send_all()
    await world.observe(job(205, 12, at=30))

    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    ends = [one for one in await world.claim() if isinstance(one, ChangeDelivery)]
    assert [edit.shown.resubscribe_sentence, *(one.resubscribe_sentence for one in ends)] == [
        sentence
    ] * (1 + len(ends))
    assert await world.store.outbox.record_edited(edit)

    await world.store.subscriptions.unsubscribe(P1, HERE, None, by="U7")
    [closed] = await world.store.outbox.claim_edits(P1, limit=9)
    assert closed.unfollowed is not None
    assert closed.unfollowed.resubscribe_sentence == sentence


async def test_an_end_that_is_ahead_is_repeated_and_one_that_is_over_is_not(world: World) -> None:
    until = (await world.now()).replace(microsecond=0) + timedelta(hours=2)
    for place in (HERE, THERE):
        await world.subscribe(a_subscription(place=place, until=until), job(205, 8))
    await world.send_all()

    await world.store.subscriptions.unsubscribe(P1, HERE, None, by="U7")
    [early] = await world.store.outbox.claim_edits(P1, limit=9)
    await world.pass_time(timedelta(hours=3))
    await world.store.subscriptions.unsubscribe(P1, THERE, None, by="U7")
    edits = await world.store.outbox.claim_edits(P1, limit=9)

    assert early.unfollowed is not None
    assert early.unfollowed.resubscribe_sentence.startswith("subscribe 205 for all until 20")
    assert [
        one.unfollowed.resubscribe_sentence
        for one in edits
        if one.unfollowed and one.place == THERE
    ] == ["subscribe 205 for all"]


# What covered the job in a place, each with its event filter and delivery mode, all ended at once.
COVERING: dict[str, tuple[list[tuple[Target | int, str, DeliveryMode]], str]] = {
    "a pattern": (
        [(PatternTarget("job-*"), "failures", DeliveryMode.THREAD)],
        "subscribe 205 for failures",
    ),
    "the project": ([(ProjectTarget(), "all", DeliveryMode.CARD)], "subscribe 205 for all as card"),
    "the job itself before others": (
        [
            (ProjectTarget(), "all", DeliveryMode.CHANNEL),
            (205, "failed", DeliveryMode.THREAD),
        ],
        "subscribe 205 for failed",
    ),
    "the loudest, of a pattern and the project": (
        [
            (ProjectTarget(), "failures", DeliveryMode.CARD),
            (PatternTarget("job-*"), "all", DeliveryMode.CHANNEL),
        ],
        "subscribe 205 for all as channel",
    ),
}


@pytest.mark.parametrize(("covering", "sentence"), COVERING.values(), ids=COVERING)
async def test_the_subscription_that_counted_gives_the_terms(
    world: World, covering: list[tuple[Target | int, str, DeliveryMode]], sentence: str
) -> None:
    for target, wanted, mode in covering:
        one = a_subscription(target, wanted=wanted, delivery_mode=mode)
        await world.subscribe(one, job(205, 8) if target == 205 else None)
    await world.sweep(job(205, 8))
    await world.sweep(job(205, 11, at=30))
    await world.send_all()

    await world.store.subscriptions.unsubscribe(P1, HERE, None, by="U7")

    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.unfollowed is not None
    assert edit.unfollowed.resubscribe_sentence == sentence


async def test_what_is_followed_on_says_nothing_of_it(world: World) -> None:
    await world.subscribe(a_subscription(wanted="failures"), job(205, 8))

    [card] = await world.claim()

    assert isinstance(card, CardDelivery)
    assert card.shown.resubscribe_sentence == ""
