"""Subscriptions: stored once, changed, ended, revived and deleted."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.core.change import NO_JOB
from bot.core.delivery import CardDelivery, ChangeDelivery, MessageRef
from bot.core.errors import RequestRepeated
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import (
    DeliveryMode,
    JobTarget,
    PatternTarget,
    Place,
    ProjectTarget,
    SubscriptionState,
)
from tests.store.world import (
    HERE,
    INTERVAL,
    NOON,
    P1,
    P2,
    THERE,
    World,
    a_subscription,
    card_above,
    connected,
    job,
    steps,
)


async def test_a_wish_with_a_baseline_is_active_and_orders_the_card(world: World) -> None:
    subscribed = await world.subscribe(a_subscription(), job(205, 7))

    assert subscribed.is_new
    assert subscribed.subscription.state is SubscriptionState.ACTIVE
    [card] = await world.claim()
    assert isinstance(card, CardDelivery)
    assert (card.shown.job, card.shown.change) == (job(205, 7), None)


async def test_the_same_wish_again_changes_its_terms_and_orders_nothing(world: World) -> None:
    first = await world.subscribe(a_subscription(), job(205, 7))
    again = await world.subscribe(
        a_subscription(wanted="failures", delivery_mode=DeliveryMode.CARD), job(205, 7)
    )

    assert not again.is_new
    assert again.subscription.id == first.subscription.id
    [kept] = await world.store.subscriptions.list_subscriptions(P1)
    assert (kept.event_filter.text, kept.delivery_mode) == ("failures", DeliveryMode.CARD)
    assert len(await world.claim()) == 1


async def test_a_card_is_edited_a_last_time_and_says_who_unsubscribed(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await world.store.subscriptions.unsubscribe(P1, HERE, JobTarget(JobId(205)), by="U7")

    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.unfollowed is not None
    assert edit.unfollowed.by == "U7"
    assert await world.now() - edit.unfollowed.at < timedelta(minutes=1)
    assert await world.store.outbox.record_edited(edit)

    await world.subscribe(a_subscription(place=THERE), job(205, 8, at=30))
    await world.observe(job(205, 9, at=60))
    places = [one.place for one in await world.store.outbox.claim_edits(P1, limit=9)]
    assert HERE not in places, "it is not kept any more"


async def test_what_another_subscription_of_the_place_covers_stays_followed(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(205, 8))
    await world.send_all()
    unsubscribe = world.store.subscriptions.unsubscribe

    await unsubscribe(P1, HERE, JobTarget(JobId(205)), by="U7")
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.unfollowed is None
    assert edit.shown.is_with_others, "it offers no end of the job alone any more"
    assert await world.store.outbox.record_edited(edit)

    await unsubscribe(P1, HERE, ProjectTarget(), by="U8")
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.unfollowed is not None
    assert edit.unfollowed.by == "U8"


async def test_who_subscribes_again_gets_the_same_card_back(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await world.store.subscriptions.unsubscribe(P1, HERE, None, by="U7")

    await world.subscribe(a_subscription(), job(205, 8, at=30))

    assert await world.claim() == ()
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.unfollowed is None


async def test_a_card_under_way_when_its_place_unsubscribes_says_so_later(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    [card] = await world.claim()
    assert await world.store.outbox.intend(card)
    await world.store.subscriptions.unsubscribe(P1, HERE, None, by="U7")

    message = MessageRef(channel_id=HERE.channel_id, ts="1772366400.000001")
    assert await world.store.outbox.record_sent(card, message)

    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.unfollowed is not None


@pytest.mark.slow
async def test_a_card_that_is_deleted_meanwhile_comes_back_only_with_a_subscription(
    world: World,
) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await world.store.subscriptions.unsubscribe(P1, HERE, None, by="U7")
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)

    assert await world.store.outbox.forget_card(edit)
    assert await world.send_all() == []

    await world.subscribe(a_subscription(), job(205, 8, at=30))
    assert [type(one) for one in await world.send_all()] == [CardDelivery]


FILTERS = ("all", "changes", "failures", "running,failed", "stuck,cost,link")


@pytest.mark.parametrize("wanted", FILTERS)
async def test_a_filter_is_kept_as_it_was_said(world: World, wanted: str) -> None:
    subscribed = await world.subscribe(a_subscription(wanted=wanted), job(205, 7))

    assert subscribed.subscription.event_filter.text == wanted
    for other in FILTERS:
        changed = await world.subscribe(a_subscription(wanted=other), job(205, 7))
        assert changed.subscription.event_filter.text == other


async def test_a_version_that_knows_no_changes_sends_them_all(world: World) -> None:
    """Versions before 0012 read and write `wanted` alone."""
    await world.subscribe(a_subscription(wanted="changes"), job(205, 7))
    read, write = "SELECT wanted FROM subscription", "UPDATE subscription SET wanted = :wanted"

    with connected(world.store) as connection:
        assert connection.execute(text(read)).scalars().all() == ["all"]
        connection.execute(text(write), {"wanted": "failures"})

    [kept] = await world.store.subscriptions.list_subscriptions(P1)
    assert kept.event_filter.text == "failures"


async def test_what_is_not_wanted_is_on_the_card_alone(world: World) -> None:
    await world.subscribe(a_subscription(wanted="changes"), job(205, 1))
    await world.send_all()

    await world.observe(job(205, 7, at=30))

    assert await world.claim() == ()
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.shown.change is not None
    assert (edit.shown.job.status, edit.shown.change.sequence) == (7, 1)


async def test_a_change_is_told_behind_the_card(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    [change] = await world.observe(job(205, 8, at=30))

    assert (change.sequence, change.step.before, change.step.after) == (1, 7, 8)
    sent = await world.send_all()
    assert [type(one) for one in sent] == [CardDelivery, ChangeDelivery]
    assert card_above(sent[1]) is not None
    assert steps(sent[1:]) == [(7, 8)]


async def test_unsubscribing_withdraws_the_card_and_stops_the_polls(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.subscribe(a_subscription(), job(205, 7))

    [gone] = await world.store.subscriptions.unsubscribe(P1, HERE, JobTarget(JobId(205)), by="U1")

    assert gone.target == JobTarget(JobId(205))
    assert await world.store.subscriptions.unsubscribe(P1, HERE, None, by="U1") == ()
    assert await world.claim() == ()
    await world.pass_time(timedelta(hours=1))
    assert (await world.store.watchlist.claim_due(P1, limit=9)).leases == ()


@pytest.mark.slow
async def test_others_hear_of_the_change_that_a_baseline_shows(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()

    await world.subscribe(a_subscription(place=THERE), job(205, 8, at=10))

    sent = await world.send_all()
    assert {(one.place, type(one)) for one in sent} == {
        (HERE, ChangeDelivery),
        (THERE, CardDelivery),
    }


async def test_a_replayed_request_changes_nothing(world: World) -> None:
    subscriptions = world.store.subscriptions
    await subscriptions.subscribe(a_subscription(), baseline=job(205), request_key="trigger-1")
    await subscriptions.subscribe(
        a_subscription(wanted="failures"), baseline=job(205), request_key="t-2"
    )

    with pytest.raises(RequestRepeated):
        await subscriptions.subscribe(a_subscription(), baseline=job(205), request_key="trigger-1")

    [existing] = await subscriptions.list_subscriptions(P1)
    assert existing.event_filter.text == "failures"


async def test_a_replayed_unsubscribe_forgets_nothing(world: World) -> None:
    subscriptions = world.store.subscriptions
    await world.subscribe(a_subscription(), job(205))
    assert (
        len(await subscriptions.unsubscribe(P1, HERE, None, by="U1", request_key="trigger-1")) == 1
    )
    await world.subscribe(a_subscription(), job(205))

    with pytest.raises(RequestRepeated):
        await subscriptions.unsubscribe(P1, HERE, None, by="U1", request_key="trigger-1")
    assert len(await subscriptions.list_subscriptions(P1)) == 1


@pytest.mark.usefixtures("at_once")
async def test_of_many_equal_wishes_at_once_one_is_new(world: World) -> None:
    done = await asyncio.gather(*(world.subscribe(a_subscription(), job(205)) for _ in range(8)))

    assert [one.is_new for one in done].count(True) == 1
    assert len(await world.store.subscriptions.list_subscriptions(P1)) == 1
    assert len(await world.claim()) == 1


async def test_without_a_baseline_a_wish_waits_for_its_first_read(world: World) -> None:
    waiting = await world.subscribe(a_subscription())
    assert waiting.subscription.state is SubscriptionState.PENDING
    assert await world.claim() == ()

    assert await world.observe(job(205, 8)) == ()

    [kept] = await world.store.subscriptions.list_subscriptions(P1)
    assert kept.state is SubscriptionState.ACTIVE
    assert [type(one) for one in await world.send_all()] == [CardDelivery]


async def test_who_waits_does_not_hear_the_change_that_its_first_read_shows(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.subscribe(a_subscription(place=THERE))
    await world.observe(job(205, 8, at=30))

    sent = await world.send_all()

    assert [one.place for one in sent if isinstance(one, ChangeDelivery)] == [HERE]
    assert len([one for one in sent if isinstance(one, CardDelivery)]) == 2


async def test_a_wish_for_a_job_that_is_not_there_is_withdrawn_when_that_is_sure(
    world: World,
) -> None:
    await world.subscribe(a_subscription())
    assert await world.observe(gone=[205]) == ()
    assert len(await world.store.subscriptions.list_subscriptions(P1)) == 1

    await world.pass_time(INTERVAL)

    assert await world.observe(gone=[205]) == ()
    assert await world.store.subscriptions.list_subscriptions(P1) == ()
    await world.make_due()
    assert (await world.store.watchlist.claim_due(P1, limit=9)).leases == ()


async def test_a_wish_for_a_job_that_is_known_to_be_gone_is_withdrawn_as_well(
    world: World,
) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(gone=[205])
    await world.subscribe(a_subscription(place=THERE))
    await world.pass_time(INTERVAL)

    [change] = await world.observe(gone=[205])
    assert change.step.after == NO_JOB
    await world.subscribe(a_subscription(place=THERE))
    await world.observe(gone=[205])

    [ended] = await world.store.subscriptions.list_subscriptions(P1)
    assert ended.place == HERE


@pytest.mark.parametrize("end", [10, 11, 12])
async def test_a_wish_ends_with_its_job_and_comes_back_with_it(world: World, end: int) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(job(205, end, at=30))
    [ended] = await world.store.subscriptions.list_subscriptions(P1)
    assert ended.state is SubscriptionState.ENDED

    await world.pass_time(timedelta(hours=23))
    [restart] = await world.observe(job(205, 1, at=60))

    [revived] = await world.store.subscriptions.list_subscriptions(P1)
    assert (revived.state, revived.ended_at) == (SubscriptionState.ACTIVE, None)
    assert steps(await world.send_all())[-2:] == [(8, end), (end, 1)]
    assert restart.sequence == 2


@pytest.mark.parametrize(("end", "other"), [(10, 11), (12, 11), (11, 12)])
@pytest.mark.slow
async def test_a_run_that_no_poll_saw_is_told_by_its_end(
    world: World, end: int, other: int
) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(job(205, end, at=30))
    await world.pass_time(timedelta(hours=23))

    await world.observe(job(205, other, at=60))

    assert steps(await world.send_all())[-2:] == [(8, end), (end, other)]
    [ended] = await world.store.subscriptions.list_subscriptions(P1)
    assert ended.state is SubscriptionState.ENDED
    await world.pass_time(timedelta(hours=23))
    await world.observe(job(205, 1, at=90))
    assert steps(await world.send_all()) == [(other, 1)], "its day began anew"


async def test_an_ended_job_is_polled_for_a_day_and_then_no_more(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(job(205, 10, at=30))
    await world.pass_time(timedelta(hours=24, seconds=1))
    await world.observe(job(205, 10, at=60))

    await world.make_due()

    assert (await world.store.watchlist.claim_due(P1, limit=9)).leases == ()


@pytest.mark.parametrize("place", [HERE, THERE])
async def test_what_ended_long_ago_is_polled_for_a_new_wish_and_its_restart_is_told(
    world: World, place: Place
) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(job(205, 11, at=30))
    await world.pass_time(timedelta(hours=25))
    await world.observe(job(205, 11, at=60))

    await world.subscribe(a_subscription(place=place), job(205, 11, at=90_030))
    await world.send_all()
    await world.observe(job(205, 8, at=90_060))

    assert (11, 8) in steps([one for one in await world.send_all() if one.place == place])


async def test_subscribing_again_to_what_ended_is_a_new_wish(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(job(205, 10, at=30))

    again = await world.subscribe(a_subscription(), job(205, 10, at=40))

    assert (again.is_new, again.subscription.state) == (True, SubscriptionState.ACTIVE)


async def test_a_wish_whose_time_is_over_hears_nothing_and_is_not_revived(world: World) -> None:
    await world.subscribe(
        a_subscription(until=await world.now() + timedelta(minutes=5)), job(205, 7)
    )
    await world.subscribe(a_subscription(place=THERE), job(205, 7))
    await world.send_all()
    await world.pass_time(timedelta(minutes=6))

    await world.observe(job(205, 10, at=30))
    await world.observe(job(205, 1, at=60))

    assert {one.place for one in await world.send_all()} == {THERE}
    [left] = await world.store.subscriptions.list_subscriptions(P1)
    assert left.place == THERE


async def test_a_wish_is_listed_as_long_as_its_job_may_bring_it_back(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(job(205, 10, at=30))

    [ended] = await world.store.subscriptions.list_subscriptions(P1)
    await world.pass_time(timedelta(hours=25))

    assert ended.state is SubscriptionState.ENDED
    assert await world.store.subscriptions.list_subscriptions(P1) == ()


@pytest.mark.slow
async def test_overlapping_wishes_of_a_place_tell_a_change_once_and_the_loudest_way(
    world: World,
) -> None:
    await world.subscribe(
        a_subscription(PatternTarget("job-2*"), delivery_mode=DeliveryMode.CARD), job(205, 8)
    )
    await world.subscribe(
        a_subscription(PatternTarget("job-*"), delivery_mode=DeliveryMode.CHANNEL)
    )
    await world.subscribe(a_subscription(ProjectTarget(), wanted="failed"))
    await world.sweep(job(205, 8))
    await world.send_all()

    await world.observe(job(205, 11, at=30))

    [_, told] = await world.send_all()
    assert isinstance(told, ChangeDelivery)
    assert (told.delivery_mode, steps([told])) == (DeliveryMode.CHANNEL, [(8, 11)])


async def test_the_wish_for_the_job_itself_says_how_it_is_told(world: World) -> None:
    await world.subscribe(
        a_subscription(wanted="failures", delivery_mode=DeliveryMode.CARD), job(205, 7)
    )
    await world.subscribe(a_subscription(ProjectTarget(), delivery_mode=DeliveryMode.CHANNEL))
    await world.sweep(job(205, 7))
    await world.send_all()

    await world.observe(job(205, 8, at=30))
    [told] = await world.send_all()
    assert isinstance(told, ChangeDelivery)
    assert told.delivery_mode is DeliveryMode.CHANNEL, "the job's own wish does not want it"

    await world.observe(job(205, 11, at=60))
    assert await world.send_all() == []
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.shown.job.status == 11


async def test_only_what_is_wanted_is_told_but_the_card_shows_all(world: World) -> None:
    await world.subscribe(a_subscription(wanted="failures"), job(205, 7))
    await world.send_all()

    await world.observe(job(205, 8, at=30))

    assert await world.claim() == ()
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.shown.job.status == 8


@pytest.mark.slow
async def test_workspaces_and_projects_never_see_each_other(
    world: World,
) -> None:
    stranger, other = replace(HERE, team_id="T2"), Project(team_id="T1", project_id="p2")
    store = world.store
    await world.subscribe(a_subscription(), job(205, 7))
    await world.subscribe(a_subscription(place=stranger), job(205, 7))
    await world.subscribe(replace(a_subscription(), project_id="p2"), job(205, 7))

    [mine] = await world.claim()
    [change] = await world.observe(job(205, 8, at=30))

    assert (mine.place, mine.project_id, change.team_id) == (HERE, "p1", "T1")
    assert len(await store.outbox.claim(other, limit=9)) == 1
    assert await store.outbox.claim(replace(other, team_id="T2"), limit=9) == ()
    assert await store.history.changes_since(other, since=NOON - timedelta(days=1)) == ()
    assert len(await store.subscriptions.list_subscriptions(P2)) == 1
    assert len(await store.subscriptions.unsubscribe(P1, HERE, None, by="U1")) == 1
    assert len(await store.subscriptions.list_subscriptions(P2)) == 1
    assert len(await store.subscriptions.list_subscriptions(other)) == 1


async def test_subscriptions_are_listed_by_place_and_by_person(world: World) -> None:
    await world.subscribe(a_subscription(1), job(1))
    await world.subscribe(a_subscription(2, THERE), job(2))
    listed = world.store.subscriptions.list_subscriptions

    assert [one.target.text for one in await listed(P1)] == ["1", "2"]
    assert [one.target.text for one in await listed(P1, place=THERE)] == ["2"]
    assert len(await listed(P1, created_by="U1")) == 2
    assert await listed(P1, created_by="U2") == ()


async def test_a_place_takes_everything_to_its_new_id(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.observe(job(205, 8, at=30))

    await world.store.subscriptions.move_place(HERE, to_channel_id="C9")

    assert {one.place.channel_id for one in await world.send_all()} == {"C9"}
    [kept] = await world.store.subscriptions.list_subscriptions(P1)
    assert kept.place.channel_id == "C9"


async def _spelled(world: World, old: str, new: str) -> None:
    with connected(world.store) as connection:
        connection.execute(
            text("UPDATE subscription SET target = :new WHERE target = :old"),
            {"old": old, "new": new},
        )


async def test_a_pattern_that_an_earlier_version_spelled_otherwise_is_the_same(
    world: World,
) -> None:
    pattern = PatternTarget("flowers*")
    first = await world.subscribe(a_subscription(target=pattern))
    await _spelled(world, "flowers*", "flowers***")

    [shown] = await world.store.subscriptions.list_subscriptions(P1)
    again = await world.subscribe(a_subscription(target=pattern, wanted="failures"))
    [kept] = await world.store.subscriptions.list_subscriptions(P1)

    assert shown.target == kept.target == pattern
    assert not again.is_new
    assert (kept.id, kept.event_filter.text) == (first.subscription.id, "failures")


async def test_patterns_that_were_spelled_in_two_ways_become_one_and_end_together(
    world: World,
) -> None:
    pattern = PatternTarget("flowers*")
    await world.subscribe(a_subscription(target=PatternTarget("flowersx*")))
    await _spelled(world, "flowersx*", "flowers**")
    await world.subscribe(a_subscription(target=PatternTarget("flowersy*")))
    await _spelled(world, "flowersy*", "flowers****")
    assert len(await world.store.subscriptions.list_subscriptions(P1)) == 2

    await world.subscribe(a_subscription(target=pattern))
    [kept] = await world.store.subscriptions.list_subscriptions(P1)
    await _spelled(world, "flowers*", "flowers**")
    [gone] = await world.store.subscriptions.unsubscribe(P1, HERE, pattern, by="U1")

    assert kept.target == gone.target == pattern
    assert not await world.store.subscriptions.list_subscriptions(P1)
