"""A workspace that does not accept us: frozen in every replica, and begun anew when it does."""

from datetime import timedelta

import pytest

from bot.core.delivery import DeliveryKind
from bot.core.ports.store import Observation, Sweep
from bot.core.subscription import ProjectTarget, SubscriptionState
from bot.store.workspaces import REMOVED
from tests.databases import NewUrl
from tests.store.conftest import OpenStore
from tests.store.world import P1, World, a_subscription, job, steps

GONE = "account_inactive"


async def freeze(world: World, *, is_removed: bool = True) -> None:
    await world.store.workspaces.freeze("T1", reason=GONE, is_removed=is_removed)


async def test_a_frozen_workspace_is_neither_polled_nor_posted_to(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.observe(job(205, 8, at=30))
    await freeze(world)
    await world.make_due()

    due = await world.store.watchlist.claim_due(P1, limit=9)

    assert (due.leases, due.sweep_epoch) == ((), None)
    await world.pass_time(timedelta(days=30))
    assert await world.claim() == ()
    assert await world.store.outbox.claim_edits(P1, limit=9) == ()


async def test_what_is_being_read_when_it_is_frozen_is_recorded_no_more(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.make_due()
    due = await world.store.watchlist.claim_due(P1, limit=9)
    assert due.sweep_epoch is not None
    await freeze(world)

    seen = [Observation(lease=due.leases[0], job=job(205, 8, at=30))]
    sweep = Sweep(due.sweep_epoch, [job(205, 8, at=30), job(206, 8, at=30)])
    assert await world.store.watchlist.record(seen, next_in={}, sweep=sweep) == ()


async def test_another_workspace_goes_on(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.store.workspaces.freeze("T2", reason=GONE, is_removed=True)

    assert len(await world.observe(job(205, 8, at=30))) == 1
    assert steps(await world.send_all()) == [(7, 8)]


async def test_after_a_removal_it_begins_anew_with_no_burst_of_old_news(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    await freeze(world)
    await world.pass_time(timedelta(days=1))

    assert await world.store.workspaces.thaw("T1")
    [change] = await world.observe(job(205, 11, at=86_400))
    assert (change.sequence, await world.send_all()) == (2, [])
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.shown.job.status == 11, "the card shows it"
    [kept] = await world.store.subscriptions.list_subscriptions(P1)
    assert kept.state is SubscriptionState.ENDED

    await world.observe(job(205, 1, at=86_430))
    assert steps(await world.send_all()) == [(11, 1)]


async def test_what_waited_through_a_removal_is_visibly_given_up(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    await freeze(world)

    await world.store.workspaces.thaw("T1")

    [letter] = await world.store.history.dead_letters(P1, limit=9)
    assert (letter.kind, letter.reason) == (DeliveryKind.CHANGE, REMOVED)


async def test_a_list_begins_anew_as_well(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(1, 8))
    await freeze(world)
    await world.store.workspaces.thaw("T1")

    await world.sweep(job(1, 11, at=60), job(2, 8, at=60))
    assert await world.send_all() == []

    [change] = await world.sweep(job(1, 11, at=90), job(2, 11, at=90))
    assert (change.job.id, steps(await world.send_all())) == (2, [(8, 11)])


async def test_a_job_deleted_meanwhile_is_no_news_and_its_watch_ends(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await freeze(world)
    await world.store.workspaces.thaw("T1")

    await world.observe(gone=[205])
    await world.pass_time(timedelta(seconds=30))
    await world.observe(gone=[205])

    assert await world.send_all() == []
    [kept] = await world.store.subscriptions.list_subscriptions(P1)
    assert kept.state is SubscriptionState.ENDED


async def test_a_false_alarm_costs_nothing(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    await freeze(world, is_removed=False)

    assert await world.store.workspaces.thaw("T1")

    await world.observe(job(205, 11, at=60))
    assert steps(await world.send_all()) == [(7, 8), (8, 11)]


@pytest.mark.parametrize("first", [True, False])
async def test_once_removed_always_removed_until_it_is_thawed(world: World, first: bool) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.observe(job(205, 8, at=30))
    await freeze(world, is_removed=first)
    await freeze(world, is_removed=not first)

    assert await world.store.workspaces.thaw("T1")
    assert not await world.store.workspaces.thaw("T1")
    assert len(await world.store.history.dead_letters(P1, limit=9)) == 1


async def test_what_is_not_frozen_needs_no_thaw(world: World) -> None:
    assert not await world.store.workspaces.thaw("T1")


async def test_other_replicas_obey(postgresql_tables: NewUrl, open_one: OpenStore) -> None:
    url = postgresql_tables()
    here, there = open_one(url), open_one(url)
    await here.subscriptions.subscribe(a_subscription(), baseline=job(205, 7))
    await there.workspaces.freeze("T1", reason=GONE, is_removed=True)

    assert (await here.watchlist.claim_due(P1, limit=9)).leases == ()
    await here.workspaces.thaw("T1")
    assert len((await there.watchlist.claim_due(P1, limit=9)).leases) == 1
