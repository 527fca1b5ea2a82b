"""A card shown anew because somebody asked: what was read for it counts like any read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.delivery import MessageRef
from bot.core.ports.store import Observation
from tests.store.world import HERE, P1, P2, THERE, World, a_subscription, job, steps

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def card(world: World) -> MessageRef:
    """The card of job 205, as posted."""
    await world.subscribe(a_subscription(), job(205, 7))
    [delivery] = await world.claim()
    return await world.send(delivery)


async def test_a_change_seen_by_a_click_is_told_once_and_everywhere(
    world: World, card: MessageRef
) -> None:
    await world.subscribe(a_subscription(place=THERE), job(205, 7))
    await world.send_all()

    clicked = await world.store.outbox.refresh_card(P1, card, job(205, 8, at=30))
    assert clicked is not None
    [edit] = clicked
    assert (edit.shown.job, edit.card) == (job(205, 8, at=30), card)
    assert edit.shown.change
    assert (edit.shown.change.step.before, edit.shown.change.step.after) == (7, 8)
    assert await world.observe(job(205, 8, at=60)) == ()

    sent = await world.send_all()
    assert {one.place for one in sent} == {HERE, THERE}
    assert steps(sent) == [(7, 8), (7, 8)]


async def test_a_click_that_shows_nothing_new_brings_the_time_up_to_date(
    world: World, card: MessageRef
) -> None:
    clicked = await world.store.outbox.refresh_card(P1, card, job(205, 7, at=30))

    assert clicked is not None
    [edit] = clicked
    assert edit.shown.job.read_at == job(205, 7, at=30).read_at
    assert await world.store.outbox.claim_edits(P1, limit=9) == ()
    assert await world.store.outbox.record_edited(edit)
    await world.pass_time(MINUTE)
    assert await world.store.outbox.claim_edits(P1, limit=9) == ()
    assert await world.send_all() == []


async def test_a_read_older_than_what_is_known_takes_nothing_back(
    world: World, card: MessageRef
) -> None:
    await world.observe(job(205, 8, at=30))

    clicked = await world.store.outbox.refresh_card(P1, card, job(205, 7, at=25))

    assert clicked is not None
    assert [edit.shown.job for edit in clicked] == [job(205, 8, at=30)]
    assert steps(await world.send_all()) == [(7, 8)]


async def test_a_poll_under_way_is_overtaken_by_a_click(world: World, card: MessageRef) -> None:
    await world.make_due()
    due = await world.store.watchlist.claim_due(P1, limit=9)

    await world.store.outbox.refresh_card(P1, card, job(205, 8, at=30))
    late = [Observation(lease=one, job=job(205, 8, at=31)) for one in due.leases]
    assert await world.store.watchlist.record(late, next_in={}) == ()

    assert steps(await world.send_all()) == [(7, 8)]


async def test_only_a_followed_card_of_that_job_is_shown_anew(
    world: World, card: MessageRef
) -> None:
    outbox = world.store.outbox
    other = replace(card, ts="1772366499.000001")
    assert await outbox.is_followed(P1, card)
    assert not await outbox.is_followed(P1, other)
    assert await outbox.refresh_card(P1, other, job(205, 8, at=30)) is None
    assert await outbox.refresh_card(P2, card, job(205, 8, at=30)) is None
    assert await outbox.refresh_card(P1, card, job(206, 8, at=30)) is None

    await world.store.subscriptions.unsubscribe(P1, HERE, None, by="U1")

    assert not await outbox.is_followed(P1, card)
    assert await outbox.refresh_card(P1, card, job(205, 8, at=30)) is None


async def test_a_followed_card_names_its_job_and_no_other_message_does(
    world: World, card: MessageRef
) -> None:
    outbox = world.store.outbox
    assert await outbox.job_of_card(P1, card) == 205
    assert await outbox.job_of_card(P2, card) is None
    assert await outbox.job_of_card(P1, replace(card, ts="1772366499.000001")) is None
    assert await outbox.job_of_card(P1, replace(card, channel_id="C0OTHER001")) is None

    await world.store.subscriptions.unsubscribe(P1, HERE, None, by="U0ANA00001")

    assert await outbox.job_of_card(P1, card) is None


async def test_a_card_that_nobody_has_recorded_yet_is_not_taken_for_another_message(
    world: World,
) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    shown = MessageRef(channel_id="C1", ts="1772366499.000001")

    assert await world.store.outbox.refresh_card(P1, shown, job(205, 8, at=30)) == ()
    assert await world.store.outbox.refresh_card(P1, shown, job(206, 8, at=30)) is None


async def test_what_somebody_edits_already_or_slack_would_refuse_waits(
    world: World, card: MessageRef
) -> None:
    outbox = world.store.outbox
    assert len(await outbox.refresh_card(P1, card, job(205, 7, at=30)) or ()) == 1
    assert await outbox.refresh_card(P1, card, job(205, 8, at=60)) == ()
    await world.pass_time(2 * MINUTE)
    await outbox.close_gate("T1", "C1", opens_in=MINUTE)
    assert await outbox.refresh_card(P1, card, job(205, 8, at=90)) == ()
    await world.pass_time(2 * MINUTE)

    [edit] = await outbox.claim_edits(P1, limit=9)
    assert edit.shown.job.read_at == job(205, 8, at=90).read_at


async def test_a_click_does_not_make_a_job_watched_that_nobody_wants(
    world: World, card: MessageRef
) -> None:
    await world.store.subscriptions.subscribe(
        replace(a_subscription(), until=await world.now()), baseline=job(205, 7, at=1)
    )
    await world.pass_time(MINUTE)
    await world.store.watchlist.claim_due(P1, limit=9)

    assert await world.store.outbox.refresh_card(P1, card, job(205, 8, at=30))
    await world.make_due()

    assert (await world.store.watchlist.claim_due(P1, limit=9)).leases == ()
