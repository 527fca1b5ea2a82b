"""A job of the stand-in cloud: its scripted life, read by the clock; no HTTP, no bodies."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# The names after JOBSTAT_, by code.
# https://support.huaweicloud.com/api-modelarts/modelarts_03_0074.html
STATUS_NAMES = (
    "UNKNOWN",
    "INIT",
    "IMAGE_CREATING",
    "IMAGE_FAILED",
    "SUBMIT_TRYING",
    "SUBMIT_FAILED",
    "DELETE_FAILED",
    "WAITING",
    "RUNNING",
    "KILLING",
    "COMPLETED",
    "FAILED",
    "KILLED",
    "CANCELED",
    "LOST",
    "SCALING",
    "SUBMIT_MODEL_FAILED",
    "DEPLOY_SERVICE_FAILED",
    "CHECK_INIT",
    "CHECK_RUNNING",
    "CHECK_RUNNING_COMPLETED",
    "CHECK_FAILED",
    "MOUNT_FAILED",
)
RUNNING = STATUS_NAMES.index("RUNNING")
KILLING = STATUS_NAMES.index("KILLING")
ENDS = frozenset({3, 5, 10, 11, 12, 13, 14, 16, 17, 21, 22})
STOPPABLE = frozenset({1, 2, 4, 7, 8, 15})

# Deleting is asynchronous: a deleted job can be read for this long.
DELETING = timedelta(seconds=3)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One status of a scripted life; `lasts` is None if the job stays until someone acts."""

    status: int
    lasts: timedelta | None = None


Life = tuple[Step, ...]


def life(*steps: tuple[int, float] | int) -> Life:
    """Return a life made of `(status, seconds)` pairs at speed 1; a job stays in a bare status."""
    return tuple(
        Step(status=step)
        if isinstance(step, int)
        else Step(status=step[0], lasts=timedelta(seconds=step[1]))
        for step in steps
    )


USUAL_LIFE = life((1, 6), (4, 8), (7, 15), RUNNING)
STOPPING_LIFE = life((KILLING, 8), 12)

# The next life of a job that is pushed beyond its script; other jobs are stopped.
_WAITS = frozenset({1, 2, 4, 7, 18, 19, 20})
_AFTER = {**dict.fromkeys(_WAITS, life(RUNNING)), KILLING: life(12)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudJob:
    """A job as the cloud stores it; its status is a pure function of the clock.

    `ran_before` is the duration of this run at `began`, when the current life began. A life that
    `repeats` starts over at its end, as if somebody had restarted the job; each of its steps has a
    length.
    """

    job_id: int
    name: str
    train_url: str
    service_url: str
    resource_id: str
    created: datetime
    began: datetime
    life: Life = USUAL_LIFE
    repeats: bool = False
    ran_before: timedelta = timedelta(0)
    description: str = ""
    deleted: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """The state of a job at one moment: `step` is an index into its life, `time_in_step` is
    how long the step has lasted, `ran` is the vendor's duration."""

    step: int
    status: int
    time_in_step: timedelta
    ran: timedelta


def state_at(job: CloudJob, now: datetime, speed: float) -> JobState:
    """Return the state of a job at `now`; `speed` shortens the steps, but never stretches `ran`.

    `ran` counts the time in RUNNING since the last create or restart. The vendor leaves the meaning
    of `duration` open; this one agrees with its sample (waiting, yet 33 s): for a job that waits
    until someone acts, it also counts the time in the queue.
    """
    left, ran, steps = max(now - job.began, _NOTHING), job.ran_before, job.life
    if job.repeats and (lap := _total(job.life) / speed) <= left:
        # The lap before this one counts too, because a run may have begun in it.
        left, ran, steps = left % lap + lap, _NOTHING, job.life * 2
    last = len(steps) - 1
    for index, step in enumerate(steps):
        lasts = left if index == last or step.lasts is None else step.lasts / speed
        if _is_timed(step):
            ran += min(left, lasts)
        if left < lasts or index == last or step.lasts is None:
            break
        left -= lasts
        if step.status in ENDS:
            ran = _NOTHING
    return JobState(step=index % len(job.life), status=step.status, time_in_step=left, ran=ran)


def _is_timed(step: Step) -> bool:
    return step.status == RUNNING or (step.status in _WAITS and step.lasts is None)


def _total(steps: Iterable[Step]) -> timedelta:
    return sum((step.lasts or _NOTHING for step in steps), _NOTHING)


def stopped(job: CloudJob, now: datetime, speed: float) -> CloudJob:
    """Return the job after a stop: KILLING, then KILLED."""
    return _turned(job, STOPPING_LIFE, now, speed)


def restarted(job: CloudJob, now: datetime) -> CloudJob:
    """Return the job after a restart: the usual life, with the duration starting at zero."""
    return replace(job, life=USUAL_LIFE, began=now, ran_before=_NOTHING, repeats=False)


def pushed(job: CloudJob, now: datetime, speed: float, status: int | None = None) -> CloudJob:
    """Return the job at the next step of its life, or in `status`, where it then stays.

    At the end of its life, a waiting job runs and a running job is stopped; a job that has ended
    stays ended until a restart. A job that repeats its life goes on repeating it.
    """
    if status is not None:
        return _turned(job, life(status), now, speed)
    state = state_at(job, now, speed)
    following = state.step + 1
    if job.repeats:
        turned = _turned(job, job.life[following:] + job.life[:following], now, speed)
        return replace(turned, repeats=True)
    if following < len(job.life):
        return _turned(job, job.life[following:], now, speed)
    if state.status in ENDS:
        return job
    return _turned(job, _AFTER.get(state.status, STOPPING_LIFE), now, speed)


def carried(job: CloudJob, now: datetime, speed: float, span: timedelta) -> CloudJob:
    """Return the job after a jump of the clock: it stays in its step, and the time of a run, or of
    an endless wait, goes on."""
    state = state_at(job, now, speed)
    behind = job.life[: state.step] if job.repeats else ()
    ran = state.ran
    if _is_timed(job.life[state.step]):
        # `ran_before` counts from the beginning of the step.
        ran += span - state.time_in_step
    return replace(
        job,
        life=job.life[state.step :] + behind,
        began=now + span - state.time_in_step,
        ran_before=ran,
    )


def deleted(job: CloudJob, now: datetime, speed: float) -> CloudJob:
    """Return the job after a delete: it can be read a little longer, then it is gone."""
    return job if job.deleted else replace(job, deleted=now + DELETING / speed)


def is_gone(job: CloudJob, now: datetime) -> bool:
    """Return True if a deleted job has disappeared by `now`."""
    return job.deleted is not None and job.deleted <= now


def status_name(status: int) -> str:
    """Return the vendor's name of a status, or the number if it is not documented."""
    if not 0 <= status < len(STATUS_NAMES):
        return str(status)
    # The vendor's table lists its newest status without the prefix.
    prefix = "" if STATUS_NAMES[status] == "MOUNT_FAILED" else "JOBSTAT_"
    return prefix + STATUS_NAMES[status]


def _turned(job: CloudJob, steps: Life, now: datetime, speed: float) -> CloudJob:
    state = state_at(job, now, speed)
    runs_anew = state.status in ENDS and steps[0].status not in ENDS
    # Time in the queue does not count as time in RUNNING.
    is_queue_over = (state.status in _WAITS) != (steps[0].status in _WAITS)
    ran = _NOTHING if runs_anew or is_queue_over else state.ran
    return replace(job, life=steps, began=now, ran_before=ran, repeats=False)
