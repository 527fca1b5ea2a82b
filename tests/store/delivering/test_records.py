"""What is recorded of jobs over time, and since when."""

from datetime import timedelta

from sqlalchemy import update

from bot.core.job import JobId, VisualizationJob
from bot.core.subscription import ProjectTarget
from bot.core.timeline import JobRecord, longest_gap, timeline
from bot.store.database.tables import watched_job
from tests.store.world import INTERVAL, NOON, P1, P2, World, a_subscription, connected, job

HOUR = timedelta(hours=1)


async def record_of(world: World, number: int = 205, *, since: float = -3600) -> JobRecord:
    """What is recorded of a job; `since` is in seconds after noon."""
    found = await world.store.history.records(
        P1, since=NOON + timedelta(seconds=since), job_id=JobId(number)
    )
    [record] = found.jobs
    return record


async def forget_first_read(world: World) -> None:
    """As a version before 0015 left it."""
    with connected(world.store) as connection:
        connection.execute(update(watched_job).values(first_read_at=None))


async def test_the_first_good_read_is_kept_and_never_overwritten(world: World) -> None:
    await world.subscribe(a_subscription())
    assert (await world.store.history.records(P1, since=NOON)).jobs == ()

    await world.observe(job(205, 7, at=10))
    await world.observe(job(205, 7, at=40))
    await world.observe(job(205, 8, at=70))
    await world.subscribe(a_subscription(), job(205, 8, at=90))

    record = await record_of(world)
    assert (record.watched_since, record.is_since_exact) == (NOON + timedelta(seconds=10), True)
    assert record.job.read_at == NOON + timedelta(seconds=90)


async def test_a_job_of_the_first_list_and_one_that_appears_are_watched_from_there(
    world: World,
) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(1, 8, at=5))
    await world.sweep(job(1, 8, at=5), job(2, 1, at=35))

    assert (await record_of(world, 1)).watched_since == NOON + timedelta(seconds=5)
    appeared = await record_of(world, 2)
    assert appeared.watched_since == NOON + timedelta(seconds=35)
    assert [step.step.before for step in appeared.changes] == [-1]


async def test_what_an_older_version_read_first_is_known_to_be_no_later(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.observe(job(205, 8, at=60))
    await forget_first_read(world)

    record = await record_of(world)
    await world.observe(job(205, 10, at=120))

    assert not record.is_since_exact
    assert record.watched_since == NOON
    later = await record_of(world)
    assert (later.is_since_exact, later.watched_since) == (False, NOON)


async def test_the_last_step_before_is_known_too(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    for status, at in ((8, 60), (9, 120), (12, 180), (7, 240)):
        await world.observe(job(205, status, at=at))

    record = await record_of(world, since=200)

    assert [step.step.after for step in record.changes] == [12, 7]
    assert record.known_from == NOON + timedelta(seconds=180)
    spans = timeline(
        record, begin=NOON, end=NOON + timedelta(seconds=300), gap=longest_gap(INTERVAL)
    )
    assert [span.word for span in spans] == ["Stopped", "Queued"]


async def test_all_that_may_have_run_since_then_is_read(world: World) -> None:
    for number in (1, 2, 3, 4):
        await world.subscribe(a_subscription(number), job(number, 8))
    await world.observe(job(2, 12, at=30), job(3, 12, at=300))
    await world.observe(gone=[4])

    found = await world.store.history.records(P1, since=NOON + timedelta(seconds=120))

    assert [one.job.id for one in found.jobs] == [1, 3, 4]
    assert found.watched_since == NOON
    assert found.is_since_exact
    assert (await world.store.history.records(P2, since=NOON)).watched_since is None


async def test_a_job_is_found_by_the_beginning_of_its_name_also_when_it_is_gone(
    world: World,
) -> None:
    await world.subscribe(a_subscription(1), job(1, 8, name="Flowers_tb"))
    await world.subscribe(a_subscription(2), job(2, 8, name="flowersXtb"))
    await world.observe(gone=[1])

    async def named(beginning: str) -> list[int]:
        return [one.id for one in await world.store.history.jobs_called(P1, beginning)]

    assert await named("flowers") == [2, 1]
    assert await named("FLOWERS_") == [1]
    assert await named("%") == []


async def test_the_project_that_was_read_last_comes_first(world: World) -> None:
    assert await world.store.history.watched_projects() == ()
    await world.subscribe(a_subscription(), job(205, 7))

    assert await world.store.history.watched_projects() == (P1,)


async def test_the_card_of_an_ended_job_has_its_last_run(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    for status, at in ((8, 60), (9, 120)):
        await world.observe(job(205, status, at=at))
    [going] = await world.store.outbox.claim_edits(P1, limit=9)
    await world.store.outbox.record_edited(going)
    await world.observe(job(205, 12, at=180))

    [edit] = await world.store.outbox.claim_edits(P1, limit=9)

    assert going.shown.last_run == ()
    assert [span.word for span in edit.shown.last_run] == ["Queued", "Running", "Stopping"]
    # Its run took 33 s, as the cloud counts: it began between two reads.
    assert [span.length.total_seconds() for span in edit.shown.last_run] == [87, 33, 60]


async def test_the_last_run_of_a_job_followed_late_begins_where_it_began(world: World) -> None:
    """It had run for 6 h when it was followed."""
    await world.subscribe(a_subscription(), counted(8, at=0, minutes=360))
    await world.send_all()
    await world.observe(counted(12, at=60, minutes=361))

    [edit] = await world.store.outbox.claim_edits(P1, limit=9)

    [run] = edit.shown.last_run
    assert (run.word, run.length) == ("Running", timedelta(minutes=361))
    assert not run.is_begin_open


def counted(status: int, *, at: float, minutes: float) -> VisualizationJob:
    """A job of which the cloud counts so much."""
    return job(205, status, at=at)._replace(duration=timedelta(minutes=minutes))
