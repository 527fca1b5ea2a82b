"""Finds the job of a sentence: by id, name, beginning of a name, or as the last one asked for."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from bot.catalog import Catalog
from bot.core.cards.bot.problem import gone_card, unknown_card
from bot.core.cards.card import Card
from bot.core.cards.jobs.job_choice import ambiguous_card
from bot.core.commands.command import AboutJob
from bot.core.commands.request import Request
from bot.core.commands.targets.hold_targets import Here, Me
from bot.core.commands.targets.job_reference import (
    JobById,
    JobByName,
    JobByWord,
    JobNumber,
    JobRef,
    LastJob,
    ThisJob,
    no_such_id,
    plain_name,
    plain_ref,
)
from bot.core.commands.targets.targets import NamePattern, WholeProject
from bot.core.commands.verbs.act import Act
from bot.core.commands.verbs.claim import Claim
from bot.core.commands.verbs.details import Details
from bot.core.commands.verbs.disclaim import Disclaim
from bot.core.commands.verbs.keep_job import KeepJob
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.snooze import Snooze
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.commands.verbs.wake import Wake
from bot.core.commands.verbs.why import Why
from bot.core.commands.words.numbers import is_odd_number
from bot.core.errors import BadCommand, JobNotFound
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing
from bot.core.project import Project
from bot.core.text import all_of, say, say_many
from bot.responder.interpretations import interpretations, named_command
from bot.responder.job_matching import first_matching, named_like, named_nearly, named_so
from bot.responder.last_asked import LastAsked
from bot.responder.reads import DirectReads, Reads

#: The commands whose job JobFinder can find.
FindsJob = Show | Details | Subscribe | Why | Act | KeepJob | Claim | Disclaim | Snooze | Wake


class JobFinder:
    """Finds the one job of a sentence, or asks which."""

    def __init__(self, catalog: Catalog, last_asked: LastAsked, reads: Reads | None = None) -> None:
        """`reads` limits the reads of the cloud; without it, as in a terminal, there is no
        limit."""
        self._catalog = catalog
        self._last_asked = last_asked
        self._reads = reads or DirectReads(catalog)

    async def listing(self, request: Request) -> Listing:
        """Return all jobs, freshly read or from an earlier read (`read_at`). Raises
        JobSourceError."""
        return await self._reads.listing(request)

    async def known_ids(self, ref: JobRef, request: Request) -> tuple[JobId, ...]:
        """Return the jobs that a reference may name, likeliest first, without asking the cloud."""
        match ref:
            case JobById(id=job_id):
                return (job_id,)
            case LastJob():
                last = await self._last_asked.last(self._project(request), request.user_id)
                return () if last is None else (last,)
            case JobNumber():
                named = named_so(self._known(request), ref.text)
                by_id = (ref.id,) if ref.id else ()
                return (*by_id, *(job.id for job in named if job.id != ref.id))
            case JobByName(name=name):
                known = self._known(request)
                named = named_so(known, name) or named_so(known, plain_name(ref).name)
                return tuple(job.id for job in named)
            case JobByWord():
                return await self._ids_of_word(ref, request)
            case ThisJob():
                return ()
            case _:
                assert_never(ref)

    async def known_job(
        self, ref: JobRef, command: FindsJob, request: Request
    ) -> VisualizationJob | Card:
        """Return the job of `ref` from the index if the reference fits one job only; else as `find`
        does."""
        ids = await self.known_ids(ref, request)
        known = self._catalog.last_known(self._project(request), ids[0]) if len(ids) == 1 else None
        if known is None:
            return await self.find(command, request)
        self.note(known.id, request)
        return known

    async def _ids_of_word(self, ref: JobByWord, request: Request) -> tuple[JobId, ...]:
        matching = named_like(self._known(request), ref.word)
        plain = plain_ref(ref)
        if matching or plain == ref:
            return tuple(job.id for job in matching)
        return await self.known_ids(plain, request)

    def _project(self, request: Request) -> Project:
        return self._catalog.project(request.team_id)

    def note(self, job_id: JobId, request: Request) -> None:
        """Record that this person asked for this job: `last` means it from now on."""
        self._last_asked.note(self._project(request), request.user_id, job_id)

    def _known(self, request: Request) -> tuple[VisualizationJob, ...]:
        return self._catalog.known(self._project(request))

    async def find(self, command: FindsJob, request: Request) -> VisualizationJob | Card:
        """Return the job, freshly read, or a card that asks which job is meant. Raises BotError."""
        found = await self._find(command, request)
        if not isinstance(found, Card):
            self.note(found.id, request)
        return found

    async def _find(self, command: FindsJob, request: Request) -> VisualizationJob | Card:
        match command.job:
            case NamePattern() | WholeProject() | ThisJob() | Here() | Me():
                raise TypeError(command)
            case JobById(id=job_id):
                return await self._reads.job(job_id, request)
            case LastJob():
                return await self._find_last(request)
            case JobNumber():
                return await self._find_number(command.job, command, request)
            case JobByName(name=name):
                return await self._find_named(name, command, request)
            case JobByWord():
                return await self._find_word(command.job, command, request)
            case _:
                assert_never(command.job)

    async def _find_last(self, request: Request) -> VisualizationJob:
        job_id = await self._last_asked.last(self._project(request), request.user_id)
        if job_id is None:
            raise BadCommand(
                say("You haven't asked me for a job yet, so there is no last one."),
                offers=("list",),
            )
        return await self._reads.job(job_id, request)

    async def _find_number(
        self, ref: JobNumber, command: AboutJob, request: Request
    ) -> VisualizationJob | Card:
        if not ref.id:
            return await self._find_zero(ref, command, request)
        try:
            job = await self._reads.job(ref.id, request)
        except JobNotFound as error:
            jobs = (await self.listing(request)).jobs
            named = named_so(jobs, ref.text)
            if not named:
                return gone_card(error, named_nearly(jobs, ref.text), asked=command)
            return await self._only(named, ref.text, command, request)
        namesakes = [
            other for other in named_so(self._known(request), ref.text) if other.id != job.id
        ]
        if not namesakes:
            return job
        also = all_of([str(other.id) for other in namesakes])
        return ambiguous_card(
            ref.text,
            [job, *namesakes],
            asked=command,
            sentence=say(
                "{number} is a job id, and also the name of job\u00a0{ids}.",
                number=ref.text,
                ids=also,
            ),
        )

    async def _find_zero(
        self, ref: JobNumber, command: AboutJob, request: Request
    ) -> VisualizationJob | Card:
        """Find the job whose name is this number, because no job has it as its id."""
        named = named_so(self._known(request), ref.text)
        if not named:
            raise no_such_id(ref.text)
        return await self._only(named, ref.text, command, request)

    async def _find_named(
        self, name: str, command: AboutJob, request: Request
    ) -> VisualizationJob | Card:
        plain = plain_name(JobByName(name)).name
        named = named_so(self._known(request), name) or named_so(self._known(request), plain)
        if not named:
            jobs = (await self.listing(request)).jobs
            named = named_so(jobs, name) or named_so(jobs, plain)
        if not named:
            error = JobNotFound(say("No job is named `{name}`.", name=name))
            return gone_card(error, named_nearly(self._known(request), name), asked=command)
        return await self._only(named, name, command, request)

    async def _find_word(
        self, ref: JobByWord, command: FindsJob, request: Request
    ) -> VisualizationJob | Card:
        """Find the job by the typed word first, then by the word without its decoration."""
        plain = plain_ref(ref)
        if not isinstance(plain, JobByWord):
            if named := named_like(self._known(request), ref.word):
                return await self._only(named, ref.word, command, request)
            return await self._find(replace(command, job=plain), request)
        word, words = plain.word, (ref.word, plain.word)
        matching = first_matching(self._known(request), words)
        matching = matching or first_matching((await self.listing(request)).jobs, words)
        if matching:
            return await self._only(matching, word, command, request)
        jobs = named_nearly(self._known(request), word)
        if is_odd_number(word):  # digits resemble the names of other jobs by chance
            jobs = [job for job in jobs if not job.name.isdecimal()]
        near = [named_command(command, job) for job in jobs]
        instead = interpretations(word, command, self._known(request))
        return unknown_card(word, [*instead, *near][:4])

    async def _only(
        self, jobs: Sequence[VisualizationJob], typed: str, command: AboutJob, request: Request
    ) -> VisualizationJob | Card:
        if len(jobs) == 1:
            return await self._reads.job(jobs[0].id, request)
        return ambiguous_card(
            typed,
            jobs,
            asked=command,
            sentence=say_many(
                "{count} job matches `{word}`.",
                "{count} jobs match `{word}`.",
                len(jobs),
                word=typed,
            ),
        )
