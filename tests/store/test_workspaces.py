"""A workspace that refuses our token is frozen in every replica, and begins anew after a
removal."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.core.delivery import DeliveryKind, SourceNote
from bot.core.job import JobId
from bot.core.ports.store import Observation, Sweep
from bot.core.subscription import ProjectTarget, SubscriptionState
from bot.store.database import tables
from bot.store.workspaces import REMOVED
from tests.databases import NewUrl
from tests.store.conftest import OpenStore
from tests.store.world import HERE, P1, World, a_subscription, connected, job, steps

GONE = "account_inactive"


async def freeze(world: World) -> None:
    """Freeze the workspace, as when Slack reports the removal of the app and then refuses the
    token."""
    await world.store.workspaces.freeze("T1")
    await refuse(world)


async def refuse(world: World, code: str = GONE) -> None:
    """Pause the workspace, as when Slack refuses the token."""
    await world.store.workspaces.pause("T1", reason=code, is_refused=True)


async def thaw(world: World, *, was_accepted: bool = False) -> tuple[str, ...] | None:
    return await world.store.workspaces.thaw("T1", was_accepted=was_accepted)


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
    await world.store.workspaces.freeze("T2")

    assert len(await world.observe(job(205, 8, at=30))) == 1
    assert steps(await world.send_all()) == [(7, 8)]


async def test_after_a_removal_it_begins_anew_with_no_burst_of_old_news(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    await freeze(world)
    await world.pass_time(timedelta(days=1))

    assert await thaw(world) is not None
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

    given_up = await thaw(world)

    [letter] = await world.store.history.dead_letters(P1, limit=9)
    assert (letter.kind, letter.reason) == (DeliveryKind.CHANGE, REMOVED)
    assert given_up == (letter.delivery_id,)


async def test_a_note_of_no_job_waits_through_a_removal(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    for is_good, minutes in ((True, 0), (False, 1), (False, 11)):
        await world.pass_time(timedelta(minutes=minutes))
        await world.store.watchlist.note_source(
            P1, is_good=is_good, lost_after=timedelta(minutes=10)
        )
    await freeze(world)
    await world.pass_time(timedelta(hours=1))

    assert await thaw(world) == ()
    assert await world.store.history.dead_letters(P1, limit=9) == ()
    assert [type(one) for one in await world.send_all()] == [SourceNote]


async def test_what_waits_for_an_invitation_is_tried_at_once_where_a_person_says_so(
    world: World,
) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.store.outbox.pause_place(HERE, reason="channel_not_found")
    held = await world.send_all()

    tried = await world.store.history.reopen(P1, limit=9)

    assert (held, tried) == ([], (HERE.channel_id,))
    assert len(await world.send_all()) == 1
    assert await world.store.history.reopen(P1, limit=9) == ()


async def test_a_list_begins_anew_as_well(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(1, 8))
    await freeze(world)
    await thaw(world)

    await world.sweep(job(1, 11, at=60), job(2, 8, at=60))
    assert await world.send_all() == []

    [change] = await world.sweep(job(1, 11, at=90), job(2, 11, at=90))
    assert (change.job.id, steps(await world.send_all())) == (2, [(8, 11)])


async def test_a_job_deleted_meanwhile_is_no_news_and_its_watch_ends(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await freeze(world)
    await thaw(world)

    await world.observe(gone=[205])
    await world.pass_time(timedelta(seconds=30))
    await world.observe(gone=[205])

    assert await world.send_all() == []
    [kept] = await world.store.subscriptions.list_subscriptions(P1)
    assert kept.state is SubscriptionState.ENDED


async def test_old_news_of_a_removal_costs_nothing(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    await world.store.workspaces.freeze("T1")

    assert await thaw(world, was_accepted=True) == ()

    await world.observe(job(205, 11, at=60))
    assert steps(await world.send_all()) == [(7, 8), (8, 11)]


async def test_a_removal_that_is_told_before_the_token_ends_is_remembered(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.observe(job(205, 8, at=30))
    await world.store.workspaces.freeze("T1")
    await thaw(world, was_accepted=True)

    await refuse(world)

    assert len(await thaw(world) or ()) == 1


async def test_a_removal_of_old_is_forgotten_with_the_next_good_answer(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.observe(job(205, 8, at=30))
    await world.store.workspaces.freeze("T1")
    await thaw(world, was_accepted=True)
    await thaw(world, was_accepted=True)

    await refuse(world)

    assert await thaw(world) == ()
    assert await world.store.history.dead_letters(P1, limit=9) == ()


#: The events and Slack's answers in order; each order is a removal.
REMOVALS = {
    "the removal alone, before Slack could be asked, and a restart": ["removal"],
    "first the removal": ["removal", "tokens", "refusal"],
    "first the tokens": ["tokens", "removal", "refusal"],
    "the answer before the event": ["refusal", "removal"],
    "everything twice": ["tokens", "removal", "refusal", "tokens", "removal", "refusal"],
    "a token of another kind last": ["removal", "refusal", "tokens"],
}


@pytest.mark.parametrize("what", REMOVALS)
async def test_a_removal_is_one_whichever_sign_comes_first(world: World, what: str) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.observe(job(205, 8, at=30))
    for sign in REMOVALS[what]:
        if sign == "removal":
            await world.store.workspaces.freeze("T1")
        elif sign == "tokens":
            await world.store.workspaces.pause("T1", reason="tokens_revoked")
        else:
            await refuse(world)
    receipts = await world.store.history.deliveries_of(P1, HERE, JobId(205))

    assert {str(one.reason) for one in receipts} == {"the app was removed from the workspace"}
    assert len(await thaw(world) or ()) == 1
    assert await thaw(world) is None
    [letter] = await world.store.history.dead_letters(P1, limit=9)
    assert letter.reason == REMOVED


async def test_a_token_that_is_refused_loses_nothing_and_reading_goes_on(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    await refuse(world, "token_revoked")
    await world.observe(job(205, 11, at=60))
    held = await world.send_all()
    counts = await world.store.history.counts(P1)

    assert await thaw(world) == ()

    assert (held, counts.held) == ([], 2)
    assert str(counts.refusal) == "Slack refuses my token: token_revoked"
    assert steps(await world.send_all()) == [(7, 8), (8, 11)]
    assert (await world.store.history.counts(P1)).refusal == ""


async def test_a_pause_of_refused_posts_goes_on_while_the_token_is_good(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.store.outbox.pause_workspace(
        "T1", reason="access_denied", opens_in=timedelta(hours=1)
    )

    assert await thaw(world, was_accepted=True) is None
    held = await world.send_all()
    [card] = await world.store.history.deliveries_of(P1, HERE, JobId(205))
    assert (held, str(card.reason)) == ([], "Slack refuses my token: access_denied")

    assert await thaw(world) == (), "it is another token, or was bad"
    assert len(await world.send_all()) == 1


@pytest.mark.parametrize(("is_removed", "dead"), [(True, 1), (False, 0)])
async def test_what_an_earlier_version_froze_is_thawed_as_it_meant(
    world: World, is_removed: bool, dead: int
) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.observe(job(205, 8, at=30))
    await refuse(world)
    frozen = insert(tables.workspace).values(
        team_id="T1", frozen_at=await world.now(), is_removed=is_removed, reason=GONE
    )
    with connected(world.store) as connection:
        connection.execute(frozen)

    assert len(await thaw(world) or ()) == dead
    assert len(await world.store.history.dead_letters(P1, limit=9)) == dead


async def test_what_is_not_frozen_needs_no_thaw(world: World) -> None:
    assert await thaw(world) is None


async def test_other_replicas_obey(postgresql_tables: NewUrl, open_one: OpenStore) -> None:
    url = postgresql_tables()
    here, there = open_one(url), open_one(url)
    await here.subscriptions.subscribe(a_subscription(), baseline=job(205, 7))
    await there.workspaces.freeze("T1")

    assert (await here.watchlist.claim_due(P1, limit=9)).leases == ()
    await here.workspaces.thaw("T1", was_accepted=False)
    assert len((await there.watchlist.claim_due(P1, limit=9)).leases) == 1
