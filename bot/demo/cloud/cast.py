"""The jobs with which the stand-in cloud of the demo starts."""

import hashlib
from datetime import UTC, datetime, timedelta

from bot.demo.cloud.jobs import RUNNING, STATUS_NAMES, CloudJob, Life, life

_CONSOLE = "https://console.huaweicloud.com/modelarts2/tensorboard/04f679b17380d32a2f32c00335c4b5ba"
_HOSTILE = "<!channel> *bold* <http://evil|x> & `code` @here"


def demo_jobs(now: datetime) -> list[CloudJob]:
    """Return the jobs of the demo, with a past that fits `now`; their lives go on from `now`."""
    return [*_running_jobs(now), *_walking_jobs(now), *_ended_jobs(now), *_odd_jobs(now)]


def crowd(now: datetime, count: int, *, first_id: int = 1) -> list[CloudJob]:
    """Return `count` jobs that never change; all documented statuses take turns."""
    return [
        cast_job(
            job_id,
            f"job-{job_id}",
            life(job_id % len(STATUS_NAMES)),
            began=now,
            ran=timedelta(minutes=job_id % 1440),
        )
        for job_id in range(first_id, first_id + count)
    ]


def cast_job(
    job_id: int,
    name: str,
    steps: Life,
    *,
    began: datetime,
    ran: timedelta = timedelta(0),
    age: timedelta | None = None,
    description: str = "",
    train_url: str | None = None,
    repeats: bool = False,
) -> CloudJob:
    """Return a job, created `age` before `began`, or without `age` 40 s before its run began."""
    return CloudJob(
        job_id=job_id,
        name=name,
        train_url=train_url or f"/vision-lab/{name}/",
        service_url=f"{_CONSOLE}/{job_id}/",
        resource_id=resource_id_of(job_id),
        created=began - (ran + timedelta(seconds=40) if age is None else age),
        began=began,
        life=steps,
        ran_before=ran,
        description=description,
        repeats=repeats,
    )


def resource_id_of(job_id: int) -> str:
    """Return a billing resource id, always the same for the same job."""
    digits = hashlib.sha256(f"resource {job_id}".encode()).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))


def _running_jobs(now: datetime) -> list[CloudJob]:
    return [
        cast_job(
            205,
            "flowers-tb",
            life(RUNNING),
            began=now,
            ran=timedelta(hours=2, minutes=14),
            description="ModelArts API Dialtest",
            train_url="/wph-test/Flowers-Set/ApiTest/",
        ),
        cast_job(
            231,
            "resnet-sweep",
            life(RUNNING),
            began=now,
            ran=timedelta(hours=26),
            age=timedelta(days=9),
            description="Learning rates 1e-4 to 1e-1, eight runs side by side",
        ),
        cast_job(
            812,
            "197",
            life(RUNNING),
            began=now,
            ran=timedelta(minutes=3),
            description="Named by somebody who likes digits",
        ),
    ]


def _walking_jobs(now: datetime) -> list[CloudJob]:
    return [
        cast_job(
            240,
            "bert-finetune",
            life((1, 8), (4, 10), (7, 17), (RUNNING, 25), (9, 10), (12, 20)),
            began=now,
            age=timedelta(days=1),
            description="Starts, runs, is stopped and starts again",
            repeats=True,
        ),
        cast_job(
            241,
            "gan-faces",
            life((7, 12), (RUNNING, 23), 11),
            began=now,
            age=timedelta(minutes=2),
            description="Runs out of memory before long",
        ),
        cast_job(
            244,
            "yolo-traffic",
            life((2, 20), (4, 10), (7, 15), RUNNING),
            began=now,
            age=timedelta(seconds=9),
            description="Its image is built first",
        ),
        cast_job(
            236,
            "lstm-weather",
            life((9, 18), 12),
            began=now,
            ran=timedelta(hours=5, minutes=3),
            description="Somebody has just pressed Stop",
        ),
    ]


def _ended_jobs(now: datetime) -> list[CloudJob]:
    day = timedelta(days=1)
    return [
        cast_job(188, "vae-digits", life(10), began=now - day, ran=timedelta(hours=3, minutes=20)),
        cast_job(190, "unet-cells", life(12), began=now - 2 * day, ran=timedelta(minutes=41)),
        cast_job(193, "vit-satellite", life(11), began=now - 3 * day, ran=timedelta(seconds=33)),
        cast_job(201, "speech-small", life(14), began=now - day, ran=timedelta(days=3, hours=2)),
        cast_job(210, "nas-search", life(22), began=now - 4 * day, description="Bucket was moved"),
        cast_job(214, "depth-maps", life(3), began=now - 5 * day, description="No such image"),
    ]


def _odd_jobs(now: datetime) -> list[CloudJob]:
    return [
        _vendor_sample(now),
        cast_job(250, "mystery", life(37), began=now, description="In a status nobody documented"),
        cast_job(666, "bold-_move_", life((7, 25), RUNNING), began=now, description=_HOSTILE),
    ]


def _vendor_sample(now: datetime) -> CloudJob:
    # The sample of https://support.huaweicloud.com/api-modelarts/modelarts_03_0066.html: a waiting
    # job with a duration of 33 s and a link that must not be opened.
    return CloudJob(
        job_id=197,
        name="apiTest-11",
        train_url="/wph-test/zl-test/Flowers-Set/ApiTest/",
        service_url=f"{_CONSOLE}/197/",
        resource_id="e17dd874-b5e0-4e9b-aaf0-22b045ad8571",
        created=datetime(2019, 8, 7, 3, 48, 56, tzinfo=UTC),
        began=now,
        life=life(7),
        ran_before=timedelta(seconds=33),
        description="ModelArts API Dialtest",
    )
