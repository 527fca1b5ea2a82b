"""Read what a bot recorded, also while `visjob serve` uses the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.catalog import Catalog
from bot.config import Settings
from bot.core.commands.request import Request
from bot.core.errors import SourceUnavailable, StoreUnavailable
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing
from bot.core.project import Project
from bot.core.text import Words, say, sentences
from bot.responder.job_finder import JobFinder
from bot.responder.last_asked import LastAsked
from bot.responder.reporter import Reporter
from bot.responder.zones import Zones
from bot.serve.adapters import open_database
from bot.serve.clock import utc_now
from bot.serve.reporting import report_settings
from bot.store.store import SqlStore


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedProject:
    """The database, its project, and the Reporter that answers from the database."""

    store: SqlStore
    project: Project
    reporter: Reporter

    @property
    def request(self) -> Request:
        """A request without a person, from the workspace whose jobs are recorded."""
        return Request(text="", team_id=self.project.team_id, user_id="")


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[SqlStore]:
    """Open the database; this works while `visjob serve` uses it. Raises StoreUnavailable."""
    store = open_database(settings, utc_now)
    try:
        yield store
    finally:
        await store.close()


async def check_store(store: SqlStore, *, before: Words = "") -> None:
    """Raise StoreUnavailable if the database is unusable; `before` precedes the reason."""
    condition = await store.check()
    if not condition.is_good:
        raise StoreUnavailable(sentences(before, condition.problem), hint=condition.cure)


@asynccontextmanager
async def open_recorded_project(settings: Settings) -> AsyncIterator[RecordedProject]:
    """Open the database for reading. Raises StoreUnavailable if it is unusable or empty."""
    async with open_store(settings) as store:
        await check_store(store)
        project = await _project(store, settings)
        catalog = Catalog(_NoCloud(project.project_id), clock=utc_now)
        reporter = Reporter(
            catalog=catalog,
            finder=JobFinder(catalog, LastAsked(store)),
            recordings=store.history,
            subscriptions=store.subscriptions,
            zones=Zones(_NoPeople(), usual=settings.time_zone),
            settings=report_settings(settings),
            clock=utc_now,
        )
        yield RecordedProject(store=store, project=project, reporter=reporter)


async def _project(store: SqlStore, settings: Settings) -> Project:
    """Return the project of the settings, in the workspace that watched it last."""
    wanted = settings.modelarts_project_id
    for project in await store.history.watched_projects():
        if wanted in (None, project.project_id):
            return project
    raise StoreUnavailable(
        say("The database knows no job yet."),
        hint=say("`visjob serve` records what it sees of jobs that somebody follows in Slack."),
    )


class _NoCloud:
    """A cloud that refuses every read, because these commands read the database only."""

    def __init__(self, project_id: str) -> None:
        self.project_id = project_id

    def is_fresh(self, job_id: JobId | None) -> bool:  # noqa: ARG002 - the port's signature
        """Return False: nothing was read."""
        return False

    async def get(self, job_id: JobId) -> VisualizationJob:  # noqa: ARG002 - the port's signature
        """Raise SourceUnavailable."""
        raise SourceUnavailable(say("The cloud is not asked here."))

    async def list_all(self) -> Listing:
        """Raise SourceUnavailable."""
        raise SourceUnavailable(say("The cloud is not asked here."))


class _NoPeople:
    """Facts about Slack users; a terminal has none."""

    async def zone(self, team_id: str, user_id: str) -> ZoneInfo | None:  # noqa: ARG002 - the port's signature
        """Return None, so that the time zone of the settings applies."""
        return None

    async def language(self, team_id: str, user_id: str) -> str:  # noqa: ARG002 - the port's signature
        """Return empty text, so that the language of the settings applies."""
        return ""
