"""Cards that no good read confirms: marked once, after three intervals, and freed by one."""

from datetime import timedelta

from bot.core.card_edit import CardEdit
from bot.core.delivery import CardDelivery
from bot.core.job import JobId
from bot.core.ports.store import Observation, Sweep
from bot.core.subscription import ProjectTarget
from tests.store.world import HERE, INTERVAL, NOON, P1, THERE, World, a_subscription, job

# PostgreSQL has its own clock, and a busy machine is slow.
TICK = timedelta(seconds=20)
LOST_AFTER = timedelta(minutes=10)


async def fail(world: World, *numbers: int, due_in: timedelta = timedelta(0)) -> None:
    """These jobs are due and cannot be read; the others that are due can wait."""
    await world.make_due()
    due = await world.store.watchlist.claim_due(P1, limit=9)
    failed = [one for one in due.leases if one.job_id in numbers]
    rest = [one for one in due.leases if one.job_id not in numbers]
    await world.store.watchlist.release(failed, due_in=due_in, has_failed=True)
    await world.store.watchlist.release(rest, due_in=timedelta(hours=1))


async def edited(world: World) -> list[CardEdit]:
    """Look what is due, and edit the cards that show less than is known."""
    due = await world.store.watchlist.claim_due(P1, limit=9)
    await world.store.watchlist.release(due.leases, due_in=timedelta(hours=1))
    edits = await world.store.outbox.claim_edits(P1, limit=9)
    for edit in edits:
        assert await world.store.outbox.record_edited(edit)
    return sorted(edits, key=lambda edit: edit.place.channel_id)


async def test_after_three_intervals_every_card_of_the_job_says_so_once(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.subscribe(a_subscription(place=THERE), job(205, 8))
    await world.send_all()
    await fail(world, 205)
    await world.pass_time(3 * INTERVAL - TICK)
    await fail(world, 205)
    assert await edited(world) == []

    await world.pass_time(TICK)

    assert [(edit.place, edit.shown.confirmed_at) for edit in await edited(world)] == [
        (HERE, NOON),
        (THERE, NOON),
    ]
    for _ in range(3):
        await world.pass_time(INTERVAL)
        await fail(world, 205)
        assert await edited(world) == []


async def test_the_mark_waits_for_no_further_attempt(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await fail(world, 205, due_in=timedelta(hours=1))
    await world.pass_time(3 * INTERVAL)

    assert len(await edited(world)) == 1


async def test_a_good_read_edits_it_once_again(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await fail(world, 205)
    await world.pass_time(3 * INTERVAL)
    assert len(await edited(world)) == 1

    assert await world.observe(job(205, 8, at=100)) == ()
    [edit] = await edited(world)
    assert (edit.shown.confirmed_at, edit.shown.job.read_at) == (
        None,
        NOON + timedelta(seconds=100),
    )
    await world.observe(job(205, 8, at=130))
    assert await edited(world) == []


async def test_a_good_read_in_time_leaves_the_card_alone(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await fail(world, 205)
    await world.pass_time(2 * INTERVAL)
    await world.observe(job(205, 8, at=60))
    await world.pass_time(2 * INTERVAL)

    assert await edited(world) == []


async def test_a_job_that_cannot_be_read_is_marked_alone(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    await world.subscribe(a_subscription(206), job(206, 8))
    await world.send_all()
    await world.pass_time(3 * INTERVAL)
    await fail(world, 205)

    assert [edit.shown.job.id for edit in await edited(world)] == [205]


async def test_a_change_after_the_silence_is_told_and_shown_by_one_edit(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await fail(world, 205)
    await world.pass_time(3 * INTERVAL)
    await edited(world)

    assert len(await world.observe(job(205, 11, at=100))) == 1
    [edit] = await edited(world)
    assert (edit.shown.confirmed_at, edit.shown.job.status) == (None, 11)


async def test_what_has_ended_is_marked_when_the_source_is_lost(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 11))
    await world.subscribe(a_subscription(206), job(206, 8))
    await world.send_all()
    await world.store.watchlist.note_source(P1, is_good=True, lost_after=LOST_AFTER)
    await fail(world, 205, 206)
    await world.pass_time(3 * INTERVAL)
    assert [edit.shown.job.id for edit in await edited(world)] == [206]

    await world.pass_time(LOST_AFTER)
    await world.store.watchlist.note_source(P1, is_good=False, lost_after=LOST_AFTER)

    assert [edit.shown.job.id for edit in await edited(world)] == [205]


async def test_the_return_of_the_source_has_all_that_was_in_doubt_read_at_once(
    world: World,
) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await world.store.watchlist.note_source(P1, is_good=True, lost_after=LOST_AFTER)
    await fail(world, 205, due_in=timedelta(hours=1))
    await world.pass_time(LOST_AFTER)
    await world.store.watchlist.note_source(P1, is_good=False, lost_after=LOST_AFTER)
    assert (await world.store.watchlist.claim_due(P1, limit=9)).leases == ()

    await world.store.watchlist.note_source(P1, is_good=True, lost_after=LOST_AFTER)

    assert len((await world.store.watchlist.claim_due(P1, limit=9)).leases) == 1


async def test_a_card_posted_meanwhile_says_so_from_the_start(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await fail(world, 205)
    await world.pass_time(3 * INTERVAL)
    await edited(world)

    [card] = await world.claim()

    assert isinstance(card, CardDelivery)
    assert card.shown.confirmed_at == NOON


async def test_a_job_that_was_never_read_has_nothing_to_mark(world: World) -> None:
    await world.subscribe(a_subscription())
    await fail(world, 205)
    await world.pass_time(10 * INTERVAL)
    await fail(world, 205)

    assert await edited(world) == []


async def test_who_lost_the_lease_puts_nothing_in_doubt(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await world.make_due()
    [late] = (await world.store.watchlist.claim_due(P1, limit=9)).leases
    await world.make_due()
    [held] = (await world.store.watchlist.claim_due(P1, limit=9)).leases
    seen = [Observation(lease=held, job=job(205, 8, at=30))]
    await world.store.watchlist.record(seen, next_in={})

    await world.store.watchlist.release([late], due_in=timedelta(0), has_failed=True)
    await world.pass_time(3 * INTERVAL)

    assert await edited(world) == []


async def test_an_ended_job_that_the_list_does_not_show_is_asked_for_soon(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(1, 10), job(2, 10))
    watchlist = world.store.watchlist
    await world.make_due()
    due = await watchlist.claim_due(P1, limit=9)
    assert due.sweep_epoch is not None
    read = [job(1, 10, at=5), job(2, 10, at=5)]
    seen = [Observation(lease=w, job=job(w.job_id, 10, at=5)) for w in due.leases]
    rarely = dict.fromkeys((JobId(1), JobId(2)), timedelta(minutes=5))
    await watchlist.record(seen, next_in=rarely, sweep=Sweep(due.sweep_epoch, read))
    await world.pass_time(INTERVAL)
    due = await watchlist.claim_due(P1, limit=9)
    assert due.leases == ()
    assert due.sweep_epoch is not None

    await watchlist.record([], next_in={}, sweep=Sweep(due.sweep_epoch, [job(2, 10, at=35)]))

    assert [one.job_id for one in (await watchlist.claim_due(P1, limit=9)).leases] == [1]
