"""`visjob show` and `visjob list`: the same answers in a terminal, straight from the cloud."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from rich.console import Console

from bot.catalog import Catalog
from bot.cli.terminal import draw
from bot.config import Settings
from bot.core.cards.card import Card
from bot.core.cards.jobs import job_card, list_card
from bot.core.cards.problem import problem_card
from bot.core.commands.grammar import parse
from bot.core.commands.job_reference import JobNumber, LastJob
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.request import Request
from bot.core.commands.show import Show
from bot.core.errors import BadCommand, BotError, JobSourceError
from bot.core.job import JobId, VisualizationJob
from bot.core.link import live_link
from bot.core.project import Project
from bot.core.text import Language
from bot.locale import language_of
from bot.responder.job_finder import JobFinder, listed
from bot.responder.last_asked import LastAsked
from bot.serve.adapters import open_source
from bot.serve.clock import utc_now

Json = dict[str, Any]

_NOBODY = Request(text="", team_id="", user_id="")


async def show_job(settings: Settings, words: str, *, as_json: bool) -> int:
    """Print one job; the exit code: 0 shown, 1 not found or not readable, 2 no such sentence."""
    language = language_of(settings.language)
    async with _catalog(settings) as catalog:
        try:
            found = await _find(catalog, words)
        except BotError as error:
            return _report(error, language, as_json=as_json)
    if isinstance(found, Card):
        _print(
            found, {"error": {"sentence": language.plain(found.summary)}}, language, as_json=as_json
        )
        return 1
    link = live_link(found, settings.link_hosts)
    card = job_card(found, link=link, ref=JobNumber(str(found.id)))
    _print(card, _facts(found, link), language, as_json=as_json)
    return 0


async def show_list(settings: Settings, words: Sequence[str], *, as_json: bool) -> int:
    """Print the jobs that `words` ask for; exit codes as in `show_job`."""
    language = language_of(settings.language)
    async with _catalog(settings) as catalog:
        try:
            command = parse(f"list {' '.join(words)}")
            sweep = await catalog.sweep()
        except BotError as error:
            return _report(error, language, as_json=as_json)
    if not isinstance(command, ListJobs):
        raise TypeError(command)
    jobs = listed(sweep.jobs, command)
    card = list_card(
        jobs,
        command=command,
        read_at=sweep.read_at,
        project_id=catalog.project_id,
        odd_rows=len(sweep.odd),
    )
    facts = {
        "read_at": sweep.read_at.isoformat(),
        "jobs": [_facts(job, live_link(job, settings.link_hosts)) for job in jobs],
        "rows_not_read": len(sweep.odd),
    }
    _print(card, facts, language, as_json=as_json)
    return 0


async def _find(catalog: Catalog, words: str) -> VisualizationJob | Card:
    command = parse(words)
    if not isinstance(command, Show) or isinstance(command.job, LastJob):
        raise BadCommand(
            f"`{words}` is not a job.", hint="Give an id, a name, its beginning, or a link."
        )
    # The names tell whether a number is a name as well. Where they cannot be had, the job itself
    # may still be readable, and says better what is wrong if it is not.
    with suppress(JobSourceError):
        await catalog.sweep()
    return await JobFinder(catalog, LastAsked(_NoStore())).find(command, _NOBODY)


class _NoStore:
    """A terminal remembers nobody's last job."""

    async def remember_asked(self, project: Project, user_id: str, job_id: JobId) -> None:
        """Forget it."""

    async def last_asked(self, project: Project, user_id: str) -> JobId | None:  # noqa: ARG002 - the port's
        """Know nothing."""
        return None


@asynccontextmanager
async def _catalog(settings: Settings) -> AsyncIterator[Catalog]:
    async with open_source(settings) as source:
        yield Catalog(source, clock=utc_now)


def _facts(job: VisualizationJob, link: str) -> Json:
    """Under the vendor's names and in its units: milliseconds, and epoch milliseconds.

    `link` is the TensorBoard URL if it may be opened now, else null.
    """
    seconds = job.duration.total_seconds() if job.duration is not None else None
    created = job.created_at.timestamp() if job.created_at else None
    return {
        "job_id": job.id,
        "job_name": job.name,
        "job_desc": job.description,
        "status": job.status.value,
        "status_name": job.status.vendor_name,
        "phase": job.status.phase.value,
        "duration": None if seconds is None else round(seconds * 1000),
        "create_time": None if created is None else round(created * 1000),
        "train_url": job.train_url,
        "service_url": job.service_url,
        "resource_id": job.resource_id,
        "link": link or None,
        "read_at": job.read_at.isoformat(),
    }


def _report(error: BotError, language: Language, *, as_json: bool) -> int:
    facts = {
        "sentence": language.plain(error.sentence),
        "code": error.code or None,
        "vendor_text": error.vendor_text or None,
        "hint": language.plain(error.hint) or None,
    }
    _print(problem_card(error), {"error": facts}, language, as_json=as_json)
    return 2 if isinstance(error, BadCommand) else 1


def _print(card: Card, facts: Json, language: Language, *, as_json: bool) -> None:
    console = Console()
    if as_json:
        console.out(json.dumps(facts, indent=2, ensure_ascii=False), highlight=False)
    else:
        draw(card, console, language)
