"""The store records the witnesses of a deletion, and notifies once they suffice."""

from datetime import timedelta

from bot.core.change import NO_JOB
from bot.core.ports.store import Observation
from tests.store.world import INTERVAL, P1, World, a_subscription, job, steps


async def test_deleted_is_told_by_a_list_that_lacks_what_was_denied_twice(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    assert await world.observe(denied=[205]) == ()
    await world.pass_time(INTERVAL)
    assert await world.observe(denied=[205]) == ()

    [change] = await world.apply_evidence(206)

    assert (change.step.before, change.step.after, change.job.name) == (8, NO_JOB, "job-205")
    assert steps(await world.send_all()) == [(8, NO_JOB)]
    await world.make_due()
    assert (await world.store.watchlist.claim_due(P1, limit=9)).leases == ()


async def test_deleted_is_told_by_the_second_denial_after_a_list_that_lacks_it(
    world: World,
) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    assert await world.apply_evidence() == ()
    assert await world.observe(denied=[205]) == ()
    assert await world.apply_evidence() == ()
    assert await world.observe(denied=[205]) == (), "too soon after the first"
    await world.pass_time(INTERVAL)

    [change] = await world.observe(denied=[205])

    assert (change.step.before, change.step.after) == (8, NO_JOB)


async def test_a_list_before_the_first_denial_or_one_that_hides_a_row_is_no_witness(
    world: World,
) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.apply_evidence()
    await world.pass_time(timedelta(seconds=1))
    await world.observe(denied=[205])
    await world.pass_time(INTERVAL)

    assert await world.observe(denied=[205]) == ()
    assert await world.apply_evidence(is_complete=False) == ()
    [_] = await world.apply_evidence()


async def test_a_list_that_shows_a_denied_job_clears_it(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(denied=[205])
    await world.apply_evidence()
    await world.pass_time(INTERVAL)

    assert await world.apply_evidence(205, is_complete=False) == ()
    assert await world.observe(denied=[205]) == ()
    assert await world.apply_evidence() == ()
    await world.pass_time(INTERVAL)
    [_] = await world.observe(denied=[205])


async def test_what_is_denied_and_not_proved_is_shown_as_not_confirmed(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    for _ in range(4):
        await world.observe(denied=[205])
        await world.pass_time(INTERVAL)
    await world.store.watchlist.claim_due(P1, limit=9)

    [edit] = await world.store.outbox.claim_edits(P1, limit=9)

    assert edit.shown.confirmed_at is not None


async def test_whoever_reads_a_job_goes_on_when_a_list_is_heard_that_lacks_it(
    world: World,
) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(denied=[205])
    await world.pass_time(INTERVAL)
    [lease] = (await world.store.watchlist.claim_due(P1, limit=9)).leases
    assert await world.apply_evidence() == ()

    [change] = await world.store.watchlist.record([Observation(lease, None)], next_in={})

    assert change.step.after == NO_JOB


async def test_one_good_read_between_two_absences_starts_the_count_again(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(gone=[205])
    await world.pass_time(INTERVAL)
    await world.observe(job(205, 8, at=30))

    assert await world.observe(gone=[205]) == ()
