"""Answers to `history` and `cost`, from the database; the cloud is never asked."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from bot.catalog import Catalog
from bot.core.audience import covering
from bot.core.cards.card import Card
from bot.core.cards.jobs.job_choice import similar_jobs_card
from bot.core.cards.past.cost import cost_card
from bot.core.cards.past.history import history_card, no_history_card
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import (
    JobByName,
    JobByWord,
    JobRef,
    as_typed,
    plain_name,
)
from bot.core.commands.targets.targets import WholeProject
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.history import SPANS, History
from bot.core.commands.words.numbers import WHERE_IDS_ARE, unknown_job_words
from bot.core.errors import BadCommand, StoreUnavailable
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Recordings, Subscriptions
from bot.core.ports.time import Clock
from bot.core.runs import Run, runs
from bot.core.spending import Price, Spending, calendar_period, spending
from bot.core.timeline import JobRecord, Span, timeline
from bot.responder.job_finder import JobFinder
from bot.responder.job_matching import named_like
from bot.responder.zones import Zones

_RUNS_SINCE = timedelta(days=30)
# The first read is recorded a moment after it was made.
_ONE_READ = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSettings:
    """The settings for computing history and cost."""

    #: How long changes are stored.
    retention: timedelta
    #: Between two reads further apart than this, the state of a job is uncertain.
    gap: timedelta
    price: Price | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPast:
    """The recorded states of a job between two moments."""

    record: JobRecord
    spans: tuple[Span, ...]
    begin: datetime
    end: datetime
    zone: tzinfo
    #: True if the request went back further than changes are stored.
    is_cut: bool

    def card(self, command: History) -> Card:
        """Return the answer to `history`."""
        return history_card(
            command,
            self.record,
            self.spans,
            begin=self.begin,
            end=self.end,
            zone=self.zone,
            is_cut=self.is_cut,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Running hours of a period."""

    spending: Spending
    #: The job of the request; None for the project.
    job: VisualizationJob | None
    zone: tzinfo
    #: The begin of the stored changes, if the request went back further; else None.
    kept_since: datetime | None

    def card(self, command: Cost, price: Price | None) -> Card:
        """Return the answer to `cost`."""
        return cost_card(
            command,
            self.spending,
            job=self.job,
            price=price,
            zone=self.zone,
            kept_since=self.kept_since,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Answers `history` and `cost`."""

    catalog: Catalog
    finder: JobFinder
    recordings: Recordings
    subscriptions: Subscriptions
    zones: Zones
    settings: ReportSettings
    clock: Clock

    async def history(self, command: History, request: Request) -> Card:
        """Answer with the states of a job over time. Raises BotError."""
        past = await self.job_past(command, request)
        return past if isinstance(past, Card) else past.card(command)

    async def job_past(self, command: History, request: Request) -> JobPast | Card:
        """Return the recorded states of the job, or a card if there are none or several jobs
        fit."""
        found = await self.job_id(command, request)
        if isinstance(found, Card):
            return found
        now = self.clock()
        asked = now - SPANS[command.span]
        begin = max(asked, now - self.settings.retention)
        record = await self._record(request, found, since=begin)
        if record is None:
            return no_history_card(found, self._known(found, request))
        spans = timeline(record, begin=begin, end=now, gap=self.settings.gap)
        zone = await self.zones.zone_of(request)
        return JobPast(
            record=record, spans=spans, begin=begin, end=now, zone=zone, is_cut=begin > asked
        )

    async def cost(self, command: Cost, request: Request) -> Card:
        """Answer with running hours, and with money if there is a price. Raises BotError."""
        spent = await self.spent(command, request)
        return spent if isinstance(spent, Card) else spent.card(command, self.settings.price)

    async def spent(self, command: Cost, request: Request) -> Spent | Card:
        """Return the running hours, or a card if there are none or several jobs fit."""
        job_id: JobId | None = None
        if not isinstance(command.job, WholeProject):
            found = await self.job_id(command, request)
            if isinstance(found, Card):
                return found
            job_id = found
        zone = await self.zones.zone_of(request)
        now = self.clock()
        period = calendar_period(command.period, now, zone)
        kept_since = now - self.settings.retention
        recorded = await self.recordings.records(
            self.catalog.project(request.team_id),
            since=max(period.begin, kept_since),
            job_id=job_id,
        )
        if job_id is not None and not recorded.jobs:
            return no_history_card(job_id, self._known(job_id, request))
        jobs = recorded.jobs if job_id is not None else await self._followed(recorded.jobs, request)
        records = [_from(one, kept_since) for one in jobs]
        own = recorded.jobs[0] if job_id is not None else recorded
        # Thousands of jobs take a second, during which the event loop must answer other people.
        spent = await asyncio.to_thread(
            spending,
            records,
            period,
            gap=self.settings.gap,
            watched_since=own.watched_since,
            is_since_exact=own.is_since_exact,
        )
        return Spent(
            spending=spent,
            job=recorded.jobs[0].job if job_id is not None else None,
            zone=zone,
            kept_since=kept_since if kept_since > period.begin else None,
        )

    async def _followed(
        self, records: Sequence[JobRecord], request: Request
    ) -> Sequence[JobRecord]:
        """Return the records of jobs that somebody follows or followed: not those that were only
        read once, because a subscription to other jobs needed the whole list."""
        project = self.catalog.project(request.team_id)
        following = await self.subscriptions.list_subscriptions(project)
        now = self.clock()
        return [
            one
            for one in records
            if one.changes
            or one.job.read_at - one.watched_since > _ONE_READ
            or covering(following, one.job, now)
        ]

    async def last_runs(self, job_id: JobId, request: Request) -> tuple[Run, ...]:
        """Return the recorded runs of a job, oldest first; none without a database."""
        now = self.clock()
        since = now - min(_RUNS_SINCE, self.settings.retention)
        try:
            record = await self._record(request, job_id, since=since)
        except StoreUnavailable:
            return ()
        if record is None:
            return ()
        begin = max(record.known_from, now - self.settings.retention)
        return runs(timeline(record, begin=begin, end=now, gap=self.settings.gap))

    async def job_id(self, command: History | Cost, request: Request) -> JobId | Card:
        """Return the one job of a sentence, even if it is deleted, or a card that asks which.
        Raises BotError."""
        if isinstance(command.job, WholeProject):
            raise TypeError(command)
        jobs: tuple[VisualizationJob, ...] = ()
        ids = await self.finder.known_ids(command.job, request)
        if not ids:
            jobs = await self._recorded_jobs(command.job, request)
            ids = tuple(job.id for job in jobs)
        if not ids:
            raise BadCommand(
                unknown_job_words(as_typed(command.job)),
                hint=WHERE_IDS_ARE,
                offers=("list",),
            )
        project = self.catalog.project(request.team_id)
        indexed = [job for id in ids if (job := self.catalog.last_known(project, id))]
        known = tuple(job.id for job in indexed) or ids
        if len(known) == 1:
            self.finder.note(known[0], request)
            return known[0]
        return similar_jobs_card(command, jobs or indexed)

    async def _recorded_jobs(self, ref: JobRef, request: Request) -> tuple[VisualizationJob, ...]:
        match ref:
            case JobByName():
                name, is_whole = plain_name(ref).name, True
            case JobByWord(word=word):
                name, is_whole = word, False
            case _:
                return ()
        project = self.catalog.project(request.team_id)
        found = await self.recordings.jobs_called(project, name)
        named = tuple(job for job in found if job.name == name)
        return named if is_whole or named else tuple(named_like(found, name))

    async def _record(
        self, request: Request, job_id: JobId, *, since: datetime
    ) -> JobRecord | None:
        recorded = await self.recordings.records(
            self.catalog.project(request.team_id), since=since, job_id=job_id
        )
        return recorded.jobs[0] if recorded.jobs else None

    def _known(self, job_id: JobId, request: Request) -> VisualizationJob | None:
        return self.catalog.last_known(self.catalog.project(request.team_id), job_id)


def _from(record: JobRecord, since: datetime) -> JobRecord:
    """Return the record without the time before `since`, whose changes are not stored."""
    return replace(record, watched_since=max(record.watched_since, since))
