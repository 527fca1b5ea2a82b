"""What `migrate --reconcile` marks after a restore; tests/proof/test_restore.py tries it."""

from datetime import timedelta

import pytest

from bot.core.delivery import ChangeDelivery
from bot.core.errors import StoreUnavailable
from bot.serve.clock import utc_now
from bot.store import reconcile
from tests.store.conftest import OpenStore
from tests.store.world import NOON, P1, World, a_subscription, job


async def test_what_is_open_is_looked_for_and_what_was_sent_is_rescanned(
    world: World, url: str
) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    [held] = await world.claim()
    now = await world.now()

    found = await reconcile(url, clock=lambda: now)

    assert (found.open, found.sent) == (1, 1)
    assert not await world.store.outbox.intend(held)
    [change] = await world.claim()
    assert change.intent_at is not None
    assert change.look_from is not None
    assert change.look_from <= change.intent_at
    await world.send(change)
    assert len(await world.store.outbox.claim_rescans(P1, limit=9)) == 1
    assert await world.store.outbox.claim_edits(P1, limit=9) != ()


async def test_only_what_the_first_read_after_a_restore_tells_may_be_known_to_slack(
    world: World, url: str
) -> None:
    now = await world.now()
    since_noon = (now - NOON).total_seconds()
    await world.subscribe(a_subscription(), job(205, 7, at=since_noon - 60))
    await world.send_all()
    await reconcile(url, clock=lambda: now)
    await world.pass_time(timedelta(seconds=1))

    await world.observe(job(205, 8, at=since_noon + 5))
    [first] = await world.claim()
    await world.send(first)
    await world.observe(job(205, 9, at=since_noon + 60))
    [second] = await world.claim()

    assert first.look_from is not None
    assert timedelta(hours=23) < now - first.look_from < timedelta(hours=25)
    assert second.intent_at is None


async def test_what_is_sure_again_is_looked_for_no_more(world: World, url: str) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    now = await world.now()
    await reconcile(url, clock=lambda: now)
    [card] = await world.claim()
    await world.store.outbox.intend(card)
    await world.store.outbox.record_unsure(card, due_in=timedelta(0))

    [again] = await world.claim()

    assert again.intent_at is not None
    assert again.look_from is None


async def test_two_days_after_a_restore_all_is_as_ever(world: World, url: str) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    now = await world.now()
    await reconcile(url, clock=lambda: now)
    await world.pass_time(timedelta(days=2, seconds=1))

    await world.observe(job(205, 8, at=30))
    [change] = await world.claim()

    assert (type(change), change.intent_at) == (ChangeDelivery, None)


async def test_a_file_that_is_served_is_not_reconciled(
    sqlite_url: str, open_one: OpenStore
) -> None:
    await open_one(sqlite_url).prepare()

    with pytest.raises(StoreUnavailable, match="another process"):
        await reconcile(sqlite_url, clock=utc_now)
