"""`visjob show` and `visjob list`: the same answers as in Slack, read from the cloud."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import click

from bot.catalog import Catalog
from bot.cli.terminal import (
    draw,
    draw_table,
    line_text,
    local_words,
    notes_text,
    open_console,
    write_json,
)
from bot.config import Settings
from bot.core.cards.bot.problem import problem_card
from bot.core.cards.card import Action, Card, Picker
from bot.core.cards.jobs.job_answer import job_card
from bot.core.cards.jobs.job_list import list_card
from bot.core.cards.translation import translated
from bot.core.cards.wording import count_words, duration_words, symbol
from bot.core.commands.command import Command
from bot.core.commands.grammar import parse
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import JobById, JobNumber, LastJob, ThisJob
from bot.core.commands.verbs.list_jobs import ListJobs, nearest_list
from bot.core.commands.verbs.show import Show
from bot.core.errors import BadCommand, BotError, JobSourceError
from bot.core.job import JobId, VisualizationJob
from bot.core.link import live_link
from bot.core.project import Project
from bot.core.text import Code, Language, Words, say
from bot.locale import language_of
from bot.responder.job_finder import JobFinder
from bot.responder.job_matching import listed
from bot.responder.last_asked import LastAsked
from bot.serve.adapters import open_source
from bot.serve.clock import utc_now

Json = dict[str, Any]

_NOBODY = Request(text="", team_id="", user_id="")


async def show_job(settings: Settings, words: str, *, as_json: bool) -> int:
    """Print one job. Return the exit code: 0 shown, 1 not found or not readable, 2 a sentence that
    cannot be parsed."""
    language = language_of(settings.language)
    async with _catalog(settings) as catalog:
        try:
            found = await find_job(catalog, words)
        except BotError as error:
            return report(error, language, as_json=as_json)
    if isinstance(found, Card):
        hint = which_hint(words, found)
        sentence = language.plain(found.summary)
        facts = {"error": {"sentence": sentence, "hint": hint or None}}
        print_card(found, facts, language, as_json=as_json)
        if hint and not as_json:
            click.echo(hint)
        return 1
    link = live_link(found, settings.link_hosts)
    card = job_card(found, link=link, ref=JobNumber(str(found.id)))
    print_card(card, facts_of(found, link), language, as_json=as_json)
    return 0


async def show_list(
    settings: Settings, words: Sequence[str], *, limit: int | None, as_json: bool
) -> int:
    """Print at most `limit` jobs that match `words`. Return the exit code, as in `show_job`."""
    language = language_of(settings.language)
    async with _catalog(settings) as catalog:
        project = catalog.project(_NOBODY.team_id)
        try:
            command = parse(f"list {' '.join(words)}")
            sweep = await catalog.sweep(project)
        except BotError as error:
            return report(error, language, as_json=as_json)
    if not isinstance(command, ListJobs):
        raise TypeError(command)
    jobs = listed(sweep.jobs, command)
    hint = "" if jobs else language.plain(_meant(command))
    kept = jobs[:limit]
    if as_json:
        facts = {
            "read_at": sweep.read_at.isoformat(),
            "jobs": [facts_of(job, live_link(job, settings.link_hosts)) for job in kept],
            "total": len(jobs),
            "rows_not_read": len(sweep.odd),
            "hint": hint or None,
        }
        write_json(facts)
        return 0
    card = list_card(
        jobs,
        command=command,
        read_at=sweep.read_at,
        odd_rows=len(sweep.odd),
    )
    _draw_list(translated(card, language), kept, language, left_out=len(jobs) - len(kept))
    if hint:
        click.echo(hint)
    return 0


def _meant(command: ListJobs) -> Words:
    """Return a suggestion for a filter that no job matches, such as the typing mistake `runing`."""
    nearest = nearest_list(command)
    if nearest is None:
        return ""
    return say("Did you mean {suggestion}?", suggestion=Code(f"visjob {nearest.text}"))


def _draw_list(
    card: Card, jobs: Sequence[VisualizationJob], language: Language, *, left_out: int
) -> None:
    console = open_console()
    console.print(line_text(card.lines[0]), soft_wrap=True)
    if jobs:
        draw_table(_HEAD, [tuple(map(language.plain, _row(job))) for job in jobs], console)
    if left_out:
        more = count_words(left_out, "more job")
        console.print(f"… and {more}: leave out --limit to see all.", soft_wrap=True)
    console.print(notes_text(card.notes), soft_wrap=True)


_HEAD = ("  ", "ID", "NAME", "STATUS", "FOR", "CREATED")


def _row(job: VisualizationJob) -> tuple[Words, ...]:
    return (
        symbol(job.status),
        str(job.id),
        job.name,
        job.status.word,
        duration_words(job.duration) if job.duration else "",
        local_words(job.created_at) if job.created_at else "",
    )


async def find_job(catalog: Catalog, words: str) -> VisualizationJob | Card:
    """Return the job that `words` name, or a card that asks which one. Raises BotError."""
    command = parse(words)
    if not isinstance(command, Show) or isinstance(command.job, LastJob | ThisJob):
        raise BadCommand(
            say("`{words}` is not a job.", words=words),
            hint=say("Give an id, a name, its beginning, or a link."),
        )
    # The sweep tells whether a number is also a name. If it fails, reading the job itself may still
    # work, or gives the better error.
    with suppress(JobSourceError):
        await catalog.sweep(catalog.project(_NOBODY.team_id))
    return await JobFinder(catalog, LastAsked(_NoStore())).find(command, _NOBODY)


def which_hint(words: str, card: Card, *, command: str = "show") -> str:
    """Return what to type to choose among several jobs, because a terminal has no buttons."""
    asked = parse(words)
    refs = [choice.job for choice in _choices(card) if isinstance(choice, Show)]
    ids = [ref.text for ref in refs if isinstance(ref, JobById)]
    if isinstance(asked, Show) and isinstance(asked.job, JobNumber) and len(ids) == 2:
        ids = [f"id:{asked.job.text}", f"name:{asked.job.text}"]
    sentences = [f"`visjob {command} {ref}`" for ref in ids]
    return f"Say {' or '.join(sentences)}." if sentences else ""


def _choices(card: Card) -> Iterator[Command]:
    for control in card.controls:
        if isinstance(control, Action):
            yield control.command
        elif isinstance(control, Picker):
            yield from (choice.command for choice in control.choices)


class _NoStore:
    """A store that never remembers the last job."""

    async def remember_asked(self, asked: Mapping[tuple[Project, str], JobId]) -> None:
        """Record nothing."""

    async def last_asked(self, project: Project, user_id: str) -> JobId | None:  # noqa: ARG002 - the port's signature
        return None


@asynccontextmanager
async def _catalog(settings: Settings) -> AsyncIterator[Catalog]:
    async with open_source(settings) as source:
        yield Catalog(source, clock=utc_now)


def facts_of(job: VisualizationJob, link: str) -> Json:
    """Return a job's facts under the vendor's names and in its units: milliseconds, and epoch
    milliseconds.

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


def report(error: BotError, language: Language, *, as_json: bool) -> int:
    """Print the error, and return the exit code: 2 for a sentence that cannot be parsed, else 1."""
    facts = {
        "sentence": language.plain(error.sentence),
        "code": error.code or None,
        "vendor_text": error.vendor_text or None,
        "hint": language.plain(error.hint) or None,
    }
    print_card(problem_card(error), {"error": facts}, language, as_json=as_json)
    return 2 if isinstance(error, BadCommand) else 1


def print_card(card: Card, facts: Json, language: Language, *, as_json: bool) -> None:
    """Print a card, or its facts for programs."""
    if as_json:
        write_json(facts)
    else:
        draw(card, open_console(), language)
