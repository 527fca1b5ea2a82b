"""Lives of the stand-in cloud's jobs under a clock that is moved by hand."""

from datetime import timedelta

import pytest

from bot.demo.cloud.cast import cast_job, demo_jobs
from bot.demo.cloud.jobs import (
    CloudJob,
    Life,
    carried,
    deleted,
    is_gone,
    life,
    pushed,
    restarted,
    state_at,
    status_name,
    stopped,
)
from tests.demo.cloud_caller import NOON

WALK = life((1, 8), (4, 10), (7, 17), (8, 25), (9, 10), (12, 20))


def a_job(steps: Life, *, ran: float = 0, repeats: bool = False) -> CloudJob:
    return cast_job(5, "five", steps, began=NOON, ran=timedelta(seconds=ran), repeats=repeats)


def after(job: CloudJob, seconds: float, speed: float = 1.0) -> tuple[int, float]:
    state = state_at(job, NOON + timedelta(seconds=seconds), speed)
    return state.status, state.ran.total_seconds()


@pytest.mark.parametrize(
    ("seconds", "status", "ran"),
    [
        (0, 1, 0),
        (7.9, 1, 0),
        (8, 4, 0),
        (18, 7, 0),
        (35, 8, 0),
        (45, 8, 10),
        (60, 9, 25),
        (70, 12, 25),
        (9000, 12, 25),
    ],
)
def test_life_is_walked_step_by_step_and_ends_in_its_last(
    seconds: float, status: int, ran: float
) -> None:
    assert after(a_job(WALK), seconds) == (status, ran)


def test_speed_shortens_steps_but_never_the_time_that_is_told() -> None:
    job = a_job(life((1, 10), 8))

    assert after(job, 0.9, speed=10) == (1, 0)
    assert after(job, 61, speed=10) == (8, 60)


def test_repeated_life_starts_over_with_its_time_counted_anew() -> None:
    job = a_job(WALK, ran=100, repeats=True)

    assert after(job, 50) == (8, 115)
    assert after(job, 90) == (1, 0)
    assert after(job, 90 + 50) == (8, 15)
    assert after(job, 5 * 90 + 89) == (12, 25)


def test_clock_before_the_beginning_shows_the_beginning() -> None:
    assert after(a_job(WALK), -60) == (1, 0)


def test_stopping_goes_by_killing_to_killed_and_keeps_the_time() -> None:
    job = stopped(a_job(life(8), ran=60), NOON + timedelta(seconds=5), 1.0)

    assert after(job, 5) == (9, 65)
    assert after(job, 12.9) == (9, 65)
    assert after(job, 13) == (12, 65)


def test_restarting_begins_the_usual_life_at_no_time() -> None:
    job = restarted(a_job(life(12), ran=60), NOON)

    assert [after(job, seconds)[0] for seconds in (0, 6, 14, 29)] == [1, 4, 7, 8]
    assert after(job, 30) == (8, 1)


def test_pushing_goes_to_the_next_step_and_an_ended_job_stays_ended() -> None:
    job = a_job(life((7, 100), (8, 100), 12))
    moment = NOON + timedelta(seconds=1)

    running = pushed(job, moment, 1.0)
    ended = pushed(running, moment, 1.0)
    again = pushed(ended, moment, 1.0)

    assert [after(one, 1)[0] for one in (job, running, ended, again)] == [7, 8, 12, 12]


@pytest.mark.parametrize(
    ("stands", "goes_on"),
    [(7, [8, 8]), (8, [9, 12]), (15, [9, 12]), (9, [12, 12]), (37, [9, 12]), (10, [10, 10])],
)
def test_a_job_that_stands_goes_on_as_a_person_would_make_it(
    stands: int, goes_on: list[int]
) -> None:
    job = pushed(a_job(life(stands)), NOON, 1.0)

    assert [after(job, seconds)[0] for seconds in (1, 60)] == goes_on


def test_pushing_a_job_that_repeats_moves_its_story_on_without_ending_it() -> None:
    moment = NOON + timedelta(seconds=45)
    job = pushed(a_job(WALK, repeats=True), moment, 1.0)

    seen = [after(job, 45 + seconds) for seconds in (0, 10, 30, 38, 65, 75, 90, 100)]
    assert seen == [
        *((9, 10), (12, 10)),
        *((1, 0), (4, 0), (8, 0), (8, 10)),
        *((9, 25), (12, 25)),
    ]


def test_run_that_is_pushed_out_of_its_end_counts_its_time_anew() -> None:
    ended = a_job(life((12, 50), 8), ran=60)

    assert after(pushed(ended, NOON, 1.0), 5) == (8, 5)
    assert after(pushed(ended, NOON, 1.0, 8), 5) == (8, 5)
    assert after(pushed(ended, NOON, 1.0, 14), 5) == (14, 60)


def test_pushing_to_a_status_stays_there() -> None:
    job = pushed(a_job(WALK), NOON, 1.0, 14)

    assert after(job, 0) == after(job, 9999) == (14, 0)


def test_deleted_job_answers_a_little_longer_then_is_gone() -> None:
    job = deleted(a_job(life(8)), NOON, 1.0)

    assert not is_gone(job, NOON + timedelta(seconds=2.9))
    assert is_gone(job, NOON + timedelta(seconds=3))
    assert deleted(job, NOON + timedelta(seconds=2), 1.0) == job


def test_speed_shortens_stopping_and_deleting_too() -> None:
    assert after(stopped(a_job(life(8)), NOON, 10.0), 0.8, speed=10) == (12, 0)
    assert is_gone(deleted(a_job(life(8)), NOON, 10.0), NOON + timedelta(seconds=0.3))


def test_status_names_are_the_vendors() -> None:
    assert status_name(8) == "JOBSTAT_RUNNING"
    assert status_name(22) == "MOUNT_FAILED"
    assert status_name(37) == "37"
    assert status_name(-1) == "-1"


def test_cast_is_the_same_each_time_and_its_past_is_before_the_clock() -> None:
    cast = demo_jobs(NOON)

    assert cast == demo_jobs(NOON)
    assert len({job.job_id for job in cast}) == len(cast) == len({job.name for job in cast})
    for job in cast:
        state = state_at(job, NOON, 1.0)
        assert job.created + state.ran <= NOON
        assert job.created <= job.began <= NOON


def test_cast_shows_every_kind_of_status() -> None:
    seen = {state_at(job, NOON, 1.0).status for job in demo_jobs(NOON)}

    assert seen >= {1, 2, 3, 7, 8, 9, 10, 11, 12, 14, 22, 37}


def test_flowers_runs_for_two_hours_and_fourteen_minutes() -> None:
    flowers = next(job for job in demo_jobs(NOON) if job.job_id == 205)

    state = state_at(flowers, NOON, 1.0)

    assert (state.status, state.ran) == (8, timedelta(hours=2, minutes=14))


DAY = timedelta(days=1)


@pytest.mark.parametrize("jumps", [(), (DAY,), (DAY, timedelta(hours=9))])
def test_what_runs_and_what_waits_for_someone_has_lasted_as_long_as_the_clock_says(
    jumps: tuple[timedelta, ...],
) -> None:
    now = NOON + timedelta(seconds=50)
    cast = [job for job in demo_jobs(NOON) if job.job_id in (197, 205, 231, 244, 666, 812)]
    for jump in jumps:
        cast = [carried(job, now, 1.0, jump) for job in cast]
        now += jump
    for job in cast:
        before, later = (state_at(job, at, 1.0) for at in (now, now + timedelta(minutes=2)))
        assert later.status == before.status == (7 if job.job_id == 197 else 8)
        assert later.ran - before.ran == timedelta(minutes=2), job.name


@pytest.mark.parametrize(
    ("at", "job", "later"),
    [
        # What runs has run a day more, and goes on with its step.
        (45, a_job(WALK), [(1, 8, 11), (15, 9, 25), (25, 12, 25)]),
        # So it does in a life that repeats, in its first lap and in a later one.
        (45, a_job(WALK, repeats=True), [(1, 8, 11), (15, 9, 25), (25, 12, 25), (45, 1, 0)]),
        (945, a_job(WALK, repeats=True), [(1, 8, 11), (15, 9, 25), (45, 1, 0)]),
        # What waits, waits, and takes its next step when it would have.
        (30, a_job(WALK), [(1, 7, 0), (5, 8, 0)]),
        # What runs for good had run before.
        (9, a_job(life(8), ran=60), [(1, 8, 70)]),
        # What has ended has ended.
        (100, a_job(WALK), [(1, 12, 25)]),
    ],
)
def test_a_jump_of_the_clock_moves_no_job_and_what_runs_has_run_on(
    at: float, job: CloudJob, later: list[tuple[float, int, float]]
) -> None:
    state = state_at(job, NOON + timedelta(seconds=at), 1.0)
    over = carried(job, NOON + timedelta(seconds=at), 1.0, DAY)
    runs = DAY.total_seconds() if state.status == 8 else 0

    for seconds, status, ran in later:
        expected = (status, ran + runs if ran else ran)
        assert after(over, at + DAY.total_seconds() + seconds) == expected
    assert over.created == job.created


def test_a_jump_lengthens_no_run_beyond_the_age_of_its_job() -> None:
    for job in demo_jobs(NOON):
        at = NOON + timedelta(seconds=50)
        over = carried(job, at, 1.0, DAY)
        before, behind = state_at(job, at, 1.0), state_at(over, at + DAY, 1.0)
        assert (before.status, before.time_in_step) == (behind.status, behind.time_in_step)
        assert behind.ran - before.ran == (DAY if before.status in (7, 8) else timedelta())
        assert behind.ran <= at + DAY - job.created


@pytest.mark.parametrize(
    ("steps", "at", "waited"),
    [
        # Who waits until someone acts has waited on, before the jump and over it.
        (life(7), 33, 33 + 33 + 86400),
        (life(2), 5, 33 + 5 + 86400),
        (life((1, 6), 7), 20, 33 + 14 + 86400),
        # Who goes on by itself waits no longer for a jump.
        (WALK, 30, 33),
    ],
)
def test_the_time_in_the_queue_grows_by_a_jump_and_is_no_time_of_the_run(
    steps: Life, at: float, waited: float
) -> None:
    then = NOON + timedelta(seconds=at)
    over = carried(a_job(steps, ran=33), then, 1.0, DAY)
    running = pushed(over, then + DAY, 1.0, 8)

    assert state_at(over, then + DAY, 1.0).ran.total_seconds() == waited
    assert state_at(running, then + DAY, 1.0).ran == timedelta()
