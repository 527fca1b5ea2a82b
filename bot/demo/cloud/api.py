"""The seven calls of visualization jobs, without HTTP and login."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.demo.cloud import answers
from bot.demo.cloud import jobs as lives
from bot.demo.cloud.answers import Answer, Json, modelarts_no
from bot.demo.cloud.cast import cast_job
from bot.demo.cloud.jobs import CloudJob, Life, Step
from bot.demo.cloud.requests import (
    ListRequest,
    read_description,
    read_job_id,
    read_list_request,
    read_new_job,
)

QUOTA = 100
MOST_JOBS = 1000


class JobsApi:
    """The jobs of one project, and the calls on them.

    https://support.huaweicloud.com/api-modelarts/modelarts_03_0064.html and the six pages after it.
    A refused call raises `Refused`. No page states the HTTP status of a refusal that comes from a
    job's status; it is 400 here.
    """

    def __init__(
        self, jobs: Iterable[CloudJob], clock: Callable[[], datetime], speed: float
    ) -> None:
        self._jobs = {job.job_id: job for job in jobs}
        self._clock = clock
        self._speed = speed

    def present_jobs(self) -> list[CloudJob]:
        """Return every job that is not deleted, by id."""
        now = self._clock()
        present = (job for job in self._jobs.values() if not lives.is_gone(job, now))
        return sorted(present, key=lambda job: job.job_id)

    def put(self, job: CloudJob) -> None:
        """Store a job, new or changed."""
        self._jobs[job.job_id] = job

    def find(self, job_id: int) -> CloudJob:
        """Return one job. Raises Refused if there is none, or none any more."""
        job = self._jobs.get(job_id)
        if job is None or lives.is_gone(job, self._clock()):
            raise answers.no_such_job(str(job_id))
        return job

    def list_jobs(self, query: Mapping[str, str], *, overlap: int = 0) -> Answer:
        """Return a page that begins `overlap` jobs early, as if the list had moved."""
        wanted = read_list_request(query)
        now = self._clock()
        present = self.present_jobs()
        found = [answers.listed(job, now, self._speed) for job in present]
        found = _select(found, wanted)
        first = max((wanted.page - 1) * wanted.per_page - overlap, 0)
        return answers.page_of_jobs(
            found[first : first + wanted.per_page],
            total=len(found),
            quotas=QUOTA,
            left=max(MOST_JOBS - len(present), 0),
        )

    def show(self, job_id: str) -> Answer:
        return answers.detail(self._asked(job_id), self._clock(), self._speed)

    def create(self, body: bytes) -> Answer:
        """Create a job, which lives the usual life from now on."""
        wanted = read_new_job(body)
        if any(job.name == wanted.name for job in self.present_jobs()):
            raise modelarts_no("0103", f"Duplicate name: {wanted.name}")
        if len(self.present_jobs()) >= MOST_JOBS:
            raise modelarts_no("0106", "The maximum number of created resources is exceeded.")
        now = self._clock()
        job = cast_job(
            max(self._jobs, default=0) + 1,
            wanted.name,
            _scheduled_life(wanted.runs_for),
            began=now,
            age=timedelta(0),
            description=wanted.description,
            train_url=wanted.train_url,
        )
        self.put(job)
        return answers.created(job, now, self._speed)

    def describe(self, job_id: str, body: bytes) -> Answer:
        """Change the description; nothing else of a job can be changed."""
        job = self._asked(job_id)
        self.put(replace(job, description=read_description(body)))
        return answers.done()

    def stop(self, job_id: str) -> Answer:
        """Begin to stop a job. Raises Refused for a status that cannot be stopped."""
        job = self._asked(job_id)
        if (status := self._status(job)) not in lives.STOPPABLE:
            raise modelarts_no("0105", f"This job can't be stop. job status: {status}")
        self.put(lives.stopped(job, self._clock(), self._speed))
        return answers.done()

    def restart(self, job_id: str) -> Answer:
        """Begin another run of a job that has ended. Raises Refused for another job."""
        job = self._asked(job_id)
        if (status := self._status(job)) not in lives.ENDS:
            raise modelarts_no("0105", f"This job can't be resubmit. job status: {status}")
        self.put(lives.restarted(job, self._clock()))
        return answers.done()

    def delete(self, job_id: str) -> Answer:
        """Begin to delete a job; the job can be read for a little longer."""
        job = self._asked(job_id)
        if (status := self._status(job)) == lives.KILLING:
            raise modelarts_no("0105", f"This job can't be delete. job status: {status}")
        self.put(lives.deleted(job, self._clock(), self._speed))
        return answers.done()

    def _asked(self, job_id: str) -> CloudJob:
        return self.find(read_job_id(job_id))

    def _status(self, job: CloudJob) -> int:
        return lives.state_at(job, self._clock(), self._speed).status


def _select(jobs: list[Json], wanted: ListRequest) -> list[Json]:
    chosen = [
        job
        for job in jobs
        if wanted.status in (None, job["status"])
        and wanted.search.lower() in str(job["job_name"]).lower()
    ]
    # Values of one key are all text or all numbers, so the two are never compared.
    return sorted(chosen, key=lambda job: _sort_key(job[wanted.sort_by]), reverse=wanted.descending)


def _sort_key(value: object) -> tuple[int, str]:
    return (value, "") if isinstance(value, int) else (0, str(value))


def _scheduled_life(runs_for: timedelta | None) -> Life:
    if runs_for is None:
        return lives.USUAL_LIFE
    running = Step(status=lives.RUNNING, lasts=runs_for)
    return (*lives.USUAL_LIFE[:-1], running, *lives.STOPPING_LIFE)
