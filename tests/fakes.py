"""In-memory fakes of the ports of the cloud, the store and the clock, which can be made to fail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.acting import JobAction
from bot.core.errors import BotError, JobNotFound
from bot.core.health import Check, SeenPlaces, Verdict
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing, OddRow
from bot.core.project import Project
from tests.make import NOW, PROJECT


class ManualClock:
    """A wall clock that a test moves; `monotonic` is the other clock."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.now.timestamp()

    def advance(self, **span: float) -> None:
        """Move both clocks forward by a timedelta with these arguments."""
        self.now += timedelta(**span)


class FakeSource:
    """A Cloud over a list of jobs, newest first; if `error` is set, every method raises it."""

    project_id = PROJECT

    def __init__(
        self, jobs: Iterable[VisualizationJob] = (), *, clock: ManualClock | None = None
    ) -> None:
        self.jobs = list(jobs)
        self.clock = clock or ManualClock()
        self.odd: list[OddRow] = []
        self.error: BotError | None = None
        self.gets: list[int] = []
        #: Jobs (None: the list) that another caller has just read.
        self.fresh: set[JobId | None] = set()
        self.sweeps = 0
        #: Every requested action, whatever its outcome.
        self.acts: list[tuple[int, JobAction]] = []

    async def read_now(self, job_id: JobId) -> VisualizationJob:
        return await self.get(job_id)

    async def act(self, job_id: JobId, action: JobAction) -> None:
        self.acts.append((job_id, action))

    async def get(self, job_id: JobId) -> VisualizationJob:
        self.gets.append(job_id)
        if self.error:
            raise self.error
        for job in self.jobs:
            if job.id == job_id:
                return job._replace(read_at=self.clock())
        raise JobNotFound(
            f"ModelArts knows no job {job_id}.",
            hint="It may have been deleted.",
            code="ModelArts.0102",
            vendor_text="The job does not exist.",
        )

    def is_fresh(self, job_id: JobId | None) -> bool:
        return job_id in self.fresh

    async def list_all(self) -> Listing:
        self.sweeps += 1
        if self.error:
            raise self.error
        jobs = tuple(job._replace(read_at=self.clock()) for job in self.jobs)
        return Listing(jobs=jobs, odd=tuple(self.odd), read_at=self.clock())


@dataclass(slots=True)
class FakeStore:
    """A Store in a dictionary; if `error` is set, every method raises it."""

    asked: dict[tuple[str, str], JobId] = field(default_factory=dict)
    error: BotError | None = None
    writes: int = 0

    async def remember_asked(self, asked: Mapping[tuple[Project, str], JobId]) -> None:
        if self.error:
            raise self.error
        self.writes += len(asked)
        self.asked |= {(project.team_id, user): job_id for (project, user), job_id in asked.items()}

    async def last_asked(self, project: Project, user_id: str) -> JobId | None:
        if self.error:
            raise self.error
        return self.asked.get((project.team_id, user_id))


async def all_well(_: Project, __: SeenPlaces) -> tuple[Check, ...]:
    """Return a HealthReport without any problem."""
    return (Check(name="cloud", verdict=Verdict.OK, found="last good read 3 s ago, 2 jobs known"),)
