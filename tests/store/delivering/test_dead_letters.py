"""Dead letters: what they were, and what the card of their job says meanwhile."""

from datetime import timedelta

from bot.core.delivery import ChangesDelivery, DeliveryKind
from bot.core.delivery_report import DeliveryState
from tests.store.world import HERE, P1, World, a_subscription, job, steps

MINUTE = timedelta(minutes=1)


async def test_a_letter_says_what_it_was(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    [change] = await world.claim()
    await world.store.outbox.record_dead(change, reason="invalid_blocks")

    [letter] = await world.store.history.dead_letters(P1, limit=9)

    assert (letter.kind, letter.changes) == (DeliveryKind.CHANGE, change.changes)
    [receipt, _] = await world.store.history.deliveries_of(P1, HERE, job(205).id)
    assert (receipt.state, receipt.delivery_id) == (DeliveryState.DEAD, change.id)
    assert await world.store.history.count_dead_letters() == 1
    assert await world.store.outbox.claim_edits(P1, limit=9) != ()


async def test_a_card_that_died_is_a_letter_too(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    [card] = await world.claim()
    await world.store.outbox.record_dead(card, reason="invalid_blocks")

    [letter] = await world.store.history.dead_letters(P1, limit=9)

    assert (letter.kind, letter.changes) == (DeliveryKind.CARD, ())


async def test_the_card_says_what_cannot_be_confirmed_until_it_is_sent_again(world: World) -> None:
    outbox = world.store.outbox
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    [edit] = await outbox.claim_edits(P1, limit=9)
    assert edit.shown.unconfirmed == 0
    await outbox.record_edited(edit)
    [change] = await world.claim()
    await outbox.intend(change)

    await outbox.record_dead(change, reason="unconfirmed: missing_scope")
    [edit] = await outbox.claim_edits(P1, limit=9)
    assert edit.shown.unconfirmed == 1
    await outbox.record_edited(edit)
    assert await outbox.claim_edits(P1, limit=9) == ()

    await world.pass_time(MINUTE)
    await world.store.history.redrive(P1, [change.id])
    [edit] = await outbox.claim_edits(P1, limit=9)
    assert edit.shown.unconfirmed == 0
    [again] = await world.claim()
    assert again.intent_at is not None
    assert again.look_from is not None
    assert again.look_from < again.intent_at
    await world.send(again)


async def test_each_member_of_a_group_counts_where_its_job_is_shown(world: World) -> None:
    outbox = world.store.outbox
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    for turn in range(4):
        await world.observe(job(205, 7 if turn % 2 else 8, at=30 + turn))
    [first] = await world.claim()
    await outbox.intend(first)
    await outbox.give_back(first, due_in=MINUTE)
    await world.pass_time(MINUTE)
    [group] = await world.claim()
    assert isinstance(group, ChangesDelivery)
    await outbox.record_dead(group, reason="unconfirmed: missing_scope")

    [edit] = await outbox.claim_edits(P1, limit=9)

    assert edit.shown.unconfirmed == 4
    assert (await world.store.history.counts(P1)).dead == 1
    await world.store.history.redrive(P1, [group.id])
    assert len(steps(await world.send_all())) == 4
