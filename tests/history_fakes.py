"""Fakes of the recorded history of jobs, and the Reporter that reads it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.catalog import Catalog
from bot.core.change import Step
from bot.core.errors import BotError
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Subscriptions
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.core.spending import Price
from bot.core.timeline import JobRecord, Recorded, SeenStep
from bot.responder.job_finder import JobFinder
from bot.responder.reporter import Reporter, ReportSettings
from bot.responder.zones import Zones
from tests.make import NOW, a_job
from tests.typing_fakes import some_zones
from tests.watch_fakes import FakeSubscriptions

GAP = timedelta(minutes=2)


def a_record(
    *steps: tuple[int, int, float],
    since: float,
    job: VisualizationJob | None = None,
    read: float = 0.0,
    unseen: float = 0.0,
    is_since_exact: bool = True,
) -> JobRecord:
    """Return the record of flowers-tb. Each step is: from, to, hours ago; `since` is how many hours
    ago the job was first read, `read` last, and `unseen` how many hours before each step."""
    last = steps[-1][1] if steps else 8
    return JobRecord(
        job=(job or a_job(status=max(last, 0)))._replace(read_at=ago(read)),
        watched_since=ago(since),
        is_since_exact=is_since_exact,
        is_gone=last == -1,
        changes=tuple(
            SeenStep(Step(before, after), ago(at), ago(at + unseen)) for before, after, at in steps
        ),
    )


def ago(hours: float) -> datetime:
    """Return the time so many hours before NOW."""
    return NOW - timedelta(hours=hours)


@dataclass(slots=True)
class FakeRecordings:
    """A Recordings over given records; if `error` is set, every method raises it."""

    records_of: dict[int, JobRecord] = field(default_factory=dict)
    error: BotError | None = None

    async def records(
        self, project: Project, *, since: datetime, job_id: JobId | None = None
    ) -> Recorded:
        del project, since
        if self.error:
            raise self.error
        found = tuple(one for id, one in self.records_of.items() if job_id in (None, id))
        beginnings = [one.watched_since for one in self.records_of.values()]
        return Recorded(
            jobs=found,
            watched_since=min(beginnings, default=None),
            is_since_exact=all(one.is_since_exact for one in self.records_of.values()),
        )

    async def jobs_called(self, project: Project, beginning: str) -> tuple[VisualizationJob, ...]:
        del project
        sought = beginning.lower()
        jobs = (one.job for one in self.records_of.values())
        return tuple(job for job in jobs if job.name.lower().startswith(sought))


def a_reporter(
    catalog: Catalog,
    finder: JobFinder,
    *,
    recordings: FakeRecordings | None = None,
    subscriptions: Subscriptions | None = None,
    zones: Zones | None = None,
    price: Price | None = None,
    kept: timedelta = timedelta(days=180),
    clock: Clock = lambda: NOW,
) -> Reporter:
    """Return a Reporter; without `recordings` nothing is recorded."""
    return Reporter(
        catalog=catalog,
        finder=finder,
        recordings=recordings or FakeRecordings(),
        subscriptions=subscriptions or FakeSubscriptions(),
        zones=zones or some_zones(),
        settings=ReportSettings(retention=kept, gap=GAP, price=price),
        clock=clock,
    )
