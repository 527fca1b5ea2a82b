"""A job of the stand-in cloud: its written life, read by the clock; no HTTP, no bodies."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# JOBSTAT_* by code. https://support.huaweicloud.com/api-modelarts/modelarts_03_0074.html
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

# What is left of a deleted job keeps answering for this long: deleting is asynchronous.
DELETING = timedelta(seconds=3)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One status of a written life; `lasts` is None where the job stays until someone acts."""

    status: int
    lasts: timedelta | None = None


Life = tuple[Step, ...]


def life(*steps: tuple[int, float] | int) -> Life:
    """Write a life: `(status, seconds)` pairs at speed 1, a bare status where it stays."""
    return tuple(
        Step(status=step)
        if isinstance(step, int)
        else Step(status=step[0], lasts=timedelta(seconds=step[1]))
        for step in steps
    )


USUAL_LIFE = life((1, 6), (4, 8), (7, 15), RUNNING)
STOPPING_LIFE = life((KILLING, 8), 12)

# What follows where nothing is written; else somebody stops the job.
_AFTER = {**dict.fromkeys((1, 2, 4, 7, 18, 19, 20), life(RUNNING)), KILLING: life(12)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudJob:
    """A job as the cloud keeps it; where it stands is a pure function of the clock.

    `ran_before` is the time in RUNNING of this run before `began`, when the current life began.
    A life that `repeats` starts over at its end, as if somebody had restarted the job; each of its
    steps has a length.
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
class Standing:
    """Where a job stands at one moment: `step` counts into its life, `ran` is time in RUNNING."""

    step: int
    status: int
    ran: timedelta


def standing(job: CloudJob, now: datetime, speed: float) -> Standing:
    """Walk the written life to `now`; `speed` makes steps shorter, never the time that is told.

    `ran` counts the time in RUNNING since the last create or restart. The vendor leaves the
    meaning of `duration` open; this one agrees with its sample (waiting, yet 33 s).
    """
    left, ran, steps = max(now - job.began, _NOTHING), job.ran_before, job.life
    if job.repeats and (lap := _total(job.life) / speed) <= left:
        # Of all laps the one before this counts, too: a run may have begun in it.
        left, ran, steps = left % lap + lap, _NOTHING, job.life * 2
    last = len(steps) - 1
    for index, step in enumerate(steps):
        lasts = left if index == last or step.lasts is None else step.lasts / speed
        if step.status == RUNNING:
            ran += min(left, lasts)
        if left < lasts or index == last or step.lasts is None:
            break
        left -= lasts
        if step.status in ENDS:
            ran = _NOTHING
    return Standing(step=index % len(job.life), status=step.status, ran=ran)


def _total(steps: Iterable[Step]) -> timedelta:
    return sum((step.lasts or _NOTHING for step in steps), _NOTHING)


def stopped(job: CloudJob, now: datetime, speed: float) -> CloudJob:
    """The job from here on, when somebody stopped it: KILLING, then KILLED."""
    return _turned(job, STOPPING_LIFE, now, speed)


def restarted(job: CloudJob, now: datetime) -> CloudJob:
    """The job from here on, when somebody restarted it: the usual life, time counted anew."""
    return replace(job, life=USUAL_LIFE, began=now, ran_before=_NOTHING, repeats=False)


def pushed(job: CloudJob, now: datetime, speed: float, status: int | None = None) -> CloudJob:
    """The job at the next step of its life (or in `status`, where it then stays).

    At the end of its life a job that waits runs, and one that runs is stopped. One that has ended
    stays so: it takes somebody to restart it. One that repeats its life goes on repeating it.
    """
    if status is not None:
        return _turned(job, life(status), now, speed)
    at = standing(job, now, speed)
    here = at.step + 1
    if job.repeats:
        turned = _turned(job, job.life[here:] + job.life[:here], now, speed)
        return replace(turned, repeats=True)
    if here < len(job.life):
        return _turned(job, job.life[here:], now, speed)
    if at.status in ENDS:
        return job
    return _turned(job, _AFTER.get(at.status, STOPPING_LIFE), now, speed)


def ran_longer(job: CloudJob, now: datetime, speed: float, span: timedelta) -> CloudJob:
    """The job with more time behind it, at the beginning of the step in which it runs.

    Raises ValueError if it does not run.
    """
    here = standing(job, now, speed)
    if here.status != RUNNING:
        raise ValueError(f"{job.name} does not run")
    before = job.life[: here.step] if job.repeats else ()
    turned = _turned(job, job.life[here.step :] + before, now, speed)
    return replace(turned, ran_before=here.ran + span, repeats=job.repeats)


def deleted(job: CloudJob, now: datetime, speed: float) -> CloudJob:
    """The job from here on, when somebody deleted it: it answers a little longer, then is gone."""
    return job if job.deleted else replace(job, deleted=now + DELETING / speed)


def is_gone(job: CloudJob, now: datetime) -> bool:
    """Tell whether a deleted job has disappeared by now."""
    return job.deleted is not None and job.deleted <= now


def status_name(status: int) -> str:
    """The vendor's name; one that is not documented is called by its number."""
    if not 0 <= status < len(STATUS_NAMES):
        return str(status)
    # The newest of them stands without the prefix in the vendor's table.
    prefix = "" if STATUS_NAMES[status] == "MOUNT_FAILED" else "JOBSTAT_"
    return prefix + STATUS_NAMES[status]


def _turned(job: CloudJob, steps: Life, now: datetime, speed: float) -> CloudJob:
    here = standing(job, now, speed)
    runs_anew = here.status in ENDS and steps[0].status not in ENDS
    ran = _NOTHING if runs_anew else here.ran
    return replace(job, life=steps, began=now, ran_before=ran, repeats=False)
