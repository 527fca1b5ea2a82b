"""In-memory fakes of the watcher's ports: each does the least that its port promises."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.absence import PRESENT, Absence, ListEvidence
from bot.core.cards.reply import Renewal
from bot.core.change import NO_JOB, StatusChange, is_outdated
from bot.core.delivery import MessageRef
from bot.core.delivery_report import DeadLetter, DeliveryReceipt, OutboxCounts
from bot.core.errors import BotError
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.place_changes import PlaceChange
from bot.core.ports.store import Due, Lease, Observation, Subscribed, Sweep
from bot.core.project import Project
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    JobTarget,
    Place,
    Subscription,
    SubscriptionState,
    Target,
)
from tests.fakes import ManualClock
from tests.make import ANA, NOW, OURS, PROJECT, TEAM, a_change, a_job

CHANNEL = "C0EXP00001"
_APART = timedelta(seconds=30)
HERE = Place(team_id=TEAM, channel_id=CHANNEL)


def a_subscription(target: Target | None = None, **facts: object) -> Subscription:
    """Return Ana's subscription to all changes of job 205; `facts` replace single fields."""
    usual = Subscription(
        place=HERE,
        project_id=PROJECT,
        target=target or JobTarget(JobId(205)),
        event_filter=EventFilter(),
        delivery_mode=DeliveryMode.THREAD,
        created_by=ANA,
        created_at=NOW,
    )
    return replace(usual, **facts)  # type: ignore[arg-type]  # the caller's own fields


@dataclass(frozen=True, slots=True)
class KnownJob:
    """A row of the fake watchlist."""

    job: VisualizationJob
    epoch: int = 0
    absence: Absence = PRESENT


class FakeWatchlist:
    """A Watchlist in memory; there is no second replica, so leases are only recorded."""

    def __init__(self, clock: ManualClock, *statuses: tuple[int, int]) -> None:
        """Take ids of jobs and their last statuses."""
        self.clock = clock
        self.rows = {JobId(number): KnownJob(a_job(number, status)) for number, status in statuses}
        self.due_at: dict[JobId, datetime] = dict.fromkeys(self.rows, clock())
        self.leased: set[JobId] = set()
        self.wants_sweep = False
        self.swept: list[int] = []
        self.sweep_given_back: list[timedelta] = []
        self.known_jobs = 0
        self.gone: set[JobId] = set()
        self.told: list[tuple[int, int, int]] = []
        self.records = 0
        self.confirmed: list[JobId] = []
        self.source: list[bool] = []
        self.missing: list[bool] = []
        self.back: list[bool] = []
        self.odd: set[JobId] = set()
        self.error: BotError | None = None
        #: Jobs that make the store fail, and how often each of them did.
        self.poison: set[JobId] = set()
        self.poisoning: Exception = KeyError("nobody thought of this")
        self.failed: dict[JobId, int] = {}

    async def claim_due(
        self, project: Project, *, limit: int, within: timedelta = timedelta()
    ) -> Due:
        assert project == OURS
        if self.error:
            raise self.error
        until = self.clock() + within
        due = [n for n in self.rows if self.due_at[n] <= until and n not in self.leased]
        for number in due[:limit]:
            self.leased.add(number)
            self.rows[number] = replace(self.rows[number], epoch=self.rows[number].epoch + 1)
        sweep_epoch, self.wants_sweep = (7 if self.wants_sweep else None), False
        leases = tuple(Lease(OURS, number, self.rows[number].epoch, 1) for number in due[:limit])
        return Due(
            project=project,
            leases=leases,
            sweep_epoch=sweep_epoch,
            known_jobs=self.known_jobs,
            claimed_at=self.clock(),
        )

    async def record(
        self,
        observations: Sequence[Observation],
        *,
        next_in: Mapping[JobId, timedelta],
        sweep: Sweep | None = None,
        evidence: ListEvidence | None = None,
        is_careful: bool = False,
    ) -> tuple[StatusChange, ...]:
        self.records += 1
        read = {one.lease.job_id for one in observations} | {
            job.id for job in (sweep.jobs if sweep and not is_careful else ())
        }
        if read & self.poison:
            raise self.poisoning
        known = {number: row.job.read_at for number, row in self.rows.items()}
        news = [one for one in observations if not _is_late(one, known[one.lease.job_id])]
        changes = [change for one in news for change in self._apply(one)]
        changes += [change for number in self.rows for change in self._apply_list(number, evidence)]
        for one in observations:
            number = one.lease.job_id
            self._free(number, next_in[number] if one in news else timedelta(seconds=1))
        if sweep:
            self.swept.append(len(sweep.jobs))
            self.odd = set(sweep.odd)
        self.told += [(c.job.id, c.step.before, c.step.after) for c in changes]
        return tuple(changes)

    async def confirm(
        self,
        project: Project,
        jobs: Sequence[VisualizationJob],
        *,
        due_in: timedelta,
        within: timedelta = timedelta(),
    ) -> None:
        assert project == OURS
        for job in jobs:
            row, due_at = self.rows.get(job.id), self.due_at.get(job.id)
            until = self.clock() + within
            is_due = due_at is not None and due_at <= until and job.id not in self.leased
            if row and is_due and job._replace(read_at=row.job.read_at) == row.job:
                self.confirmed.append(job.id)
                self._free(job.id, due_in)

    async def count_due(self, project: Project, *, within: timedelta = timedelta()) -> int:
        assert project == OURS
        return sum(due_at <= self.clock() + within for due_at in self.due_at.values())

    async def release(
        self, leases: Sequence[Lease], *, due_in: timedelta, has_failed: bool = False
    ) -> None:
        for one in leases:
            self.failed[one.job_id] = self.failed.get(one.job_id, 0) + has_failed
            self._free(one.job_id, due_in)

    async def release_sweep(self, sweep_epoch: int, *, due_in: timedelta) -> None:
        assert sweep_epoch == 7
        self.sweep_given_back.append(due_in)

    async def note_source(
        self,
        project: Project,
        *,
        is_good: bool,
        lost_after: timedelta,
        is_missing: bool = False,
        is_back: bool = False,
    ) -> None:
        assert project == OURS
        assert lost_after == timedelta(minutes=10)
        assert is_good or not is_back
        self.back.append(is_back)
        self.source.append(is_good)
        self.missing.append(is_missing)

    def pause(self, number: int) -> float:
        """Return the seconds until a job is due."""
        return (self.due_at[JobId(number)] - self.clock()).total_seconds()

    def _apply(self, observation: Observation) -> list[StatusChange]:
        number, job = observation.lease.job_id, observation.job
        row = self.rows[number]
        if job is None:
            self.rows[number] = replace(row, absence=row.absence.add_denial(self.clock()))
            return self._conclude(number)
        self.rows[number] = replace(row, job=job, absence=PRESENT)
        before, after = int(row.job.status), int(job.status)
        return [a_change(before, after, job=job)] if before != after else []

    def _apply_list(self, number: JobId, evidence: ListEvidence | None) -> list[StatusChange]:
        row = self.rows[number]
        if evidence is None or row.absence.first_denied_at is None:
            return []
        if number in evidence.shown:
            self.rows[number] = replace(row, absence=PRESENT)
        elif evidence.is_complete:
            self.rows[number] = replace(
                row, absence=row.absence.add_list_without(evidence.asked_at)
            )
        return self._conclude(number)

    def _conclude(self, number: JobId) -> list[StatusChange]:
        row = self.rows[number]
        if number in self.gone or not row.absence.is_proved(apart=_APART):
            return []
        self.gone.add(number)
        return [a_change(int(row.job.status), NO_JOB, job=row.job)]

    def _free(self, number: JobId, due_in: timedelta) -> None:
        self.leased.discard(number)
        self.due_at[number] = self.clock() + due_in


def _is_late(observation: Observation, known_at: datetime) -> bool:
    return observation.job is not None and is_outdated(observation.job, known_at=known_at)


@dataclass(slots=True)
class FakeBudget:
    """A CallBudget that grants everything, or `wait` if that is set."""

    wait: timedelta = timedelta(0)
    asked: list[int] = field(default_factory=list)
    error: BotError | None = None
    held: list[float] = field(default_factory=list)
    noted: list[int] = field(default_factory=list)

    async def take_calls(self, project_id: str, calls: int, *, per_minute: int) -> timedelta:
        if self.error:
            raise self.error
        del project_id, per_minute
        self.asked.append(calls)
        return self.wait

    async def take_for_people(self, project_id: str, calls: int, *, per_minute: int) -> bool:
        return not await self.take_calls(project_id, calls, per_minute=per_minute)

    async def note_asked(self, project_id: str, calls: int) -> None:
        if self.error:
            raise self.error
        del project_id
        self.noted.append(calls)

    async def hold_calls(self, project_id: str, *, opens_in: timedelta) -> None:
        if self.error:
            raise self.error
        del project_id
        self.held.append(opens_in.total_seconds())


class FakeSubscriptions:
    """A Subscriptions in a list."""

    def __init__(self) -> None:
        self.kept: list[Subscription] = []
        self.baselines: list[JobStatus | None] = []
        self.moves: list[tuple[Place, str]] = []
        self.keys: list[str] = []
        #: The language of each person who subscribed.
        self.languages: list[str] = []
        #: The person who unsubscribed last.
        self.ended_by = ""
        self.error: BotError | None = None

    async def subscribe(
        self,
        subscription: Subscription,
        *,
        baseline: VisualizationJob | None,
        request_key: str = "",
        language: str = "",
    ) -> Subscribed:
        if self.error:
            raise self.error
        self.keys.append(request_key)
        self.languages.append(language)
        is_pending = isinstance(subscription.target, JobTarget) and baseline is None
        state = SubscriptionState.PENDING if is_pending else SubscriptionState.ACTIVE
        kept = replace(subscription, state=state, id=len(self.kept) + 1)
        old = [
            s for s in self.kept if (s.place, s.target) == (subscription.place, subscription.target)
        ]
        self.kept = [s for s in self.kept if s not in old] + [kept]
        self.baselines.append(baseline.status if baseline else None)
        return Subscribed(subscription=kept, is_new=not old)

    async def settle(self, project: Project, change: PlaceChange) -> None:
        del project
        self.kept = [one for one in self.kept if one not in change.ended]
        for _, kept in change.kept:
            await self.subscribe(kept, baseline=None)

    async def copy(
        self, subscriptions: Sequence[Subscription], *, request_key: str = "", language: str = ""
    ) -> None:
        for one in subscriptions:
            await self.subscribe(one, baseline=None, request_key=request_key, language=language)

    async def unsubscribe(
        self,
        project: Project,
        place: Place,
        target: Target | None,
        *,
        by: str,
        request_key: str = "",
    ) -> tuple[Subscription, ...]:
        self.keys.append(request_key)
        self.ended_by = by
        here = [s for s in self.kept if s.project == project and s.place == place]
        gone = [s for s in here if target in (None, s.target)]
        self.kept = [s for s in self.kept if s not in gone]
        return tuple(gone)

    async def move_place(self, place: Place, *, to_channel_id: str) -> None:
        self.moves.append((place, to_channel_id))

    async def followed_in(self, project: Project, place: Place) -> tuple[Subscription, ...]:
        return await self.list_subscriptions(project, place=place)

    async def list_subscriptions(
        self, project: Project, *, place: Place | None = None, created_by: str | None = None
    ) -> tuple[Subscription, ...]:
        if self.error:
            raise self.error
        return tuple(
            s
            for s in self.kept
            if s.project == project
            and place in (None, s.place)
            and created_by in (None, s.created_by)
        )


@dataclass(slots=True)
class FakeHistory:
    """A History with given changes and receipts."""

    changes: list[StatusChange] = field(default_factory=list)
    receipts: list[DeliveryReceipt] = field(default_factory=list)

    async def changes_since(
        self, project: Project, *, since: datetime, job_id: JobId | None = None
    ) -> tuple[StatusChange, ...]:
        assert project == OURS
        return tuple(c for c in self.changes if c.seen_at >= since and job_id in (None, c.job.id))

    async def deliveries_of(
        self, project: Project, place: Place, job_id: JobId
    ) -> tuple[DeliveryReceipt, ...]:
        del project, place
        return tuple(r for r in self.receipts if r.change is None or r.change.job.id == job_id)


@dataclass(slots=True)
class FakeConversations:
    """A Conversations in which the bot can post to every channel except the closed ones."""

    closed: set[str] = field(default_factory=set)
    #: Private channels, and their members.
    private: dict[str, set[str]] = field(default_factory=dict)
    error: BotError | None = None
    invitation: str = "/invite @visjob"
    archived: set[str] = field(default_factory=set)
    #: The channels whose members were asked for.
    asked: list[str] = field(default_factory=list)

    async def direct(self, _: str, user_id: str) -> str:
        if self.error:
            raise self.error
        return f"D{user_id[1:]}"

    async def can_post(self, place: Place) -> bool | None:
        if self.error:
            raise self.error
        return place.channel_id not in self.closed

    async def is_archived(self, place: Place) -> bool:
        return place.channel_id in self.archived

    async def admits(self, place: Place, user_id: str) -> bool | None:
        if self.error:
            raise self.error
        self.asked.append(place.channel_id)
        return user_id in self.private.get(place.channel_id, {user_id})


@dataclass(slots=True)
class FakeWorkspaces:
    """A Workspaces that records which workspaces are frozen or held, and why."""

    frozen: set[str] = field(default_factory=set)
    #: By workspace: the code, and whether Slack itself refused the token.
    paused: dict[str, tuple[str, bool]] = field(default_factory=dict)
    #: Every reason that was given.
    reasons: list[str] = field(default_factory=list)
    #: For each thaw, whether the token was accepted before.
    thaws: list[bool] = field(default_factory=list)
    thawed: asyncio.Event = field(default_factory=asyncio.Event)
    error: BotError | None = None
    #: The dead letters that a thaw makes.
    given_up: tuple[str, ...] = ()

    async def freeze(self, team_id: str) -> None:
        if self.error:
            raise self.error
        self.frozen.add(team_id)

    async def pause(self, team_id: str, *, reason: str, is_refused: bool = False) -> None:
        if self.error:
            raise self.error
        self.paused[team_id] = (reason, is_refused)
        self.reasons.append(reason)

    async def thaw(self, team_id: str, *, was_accepted: bool) -> tuple[str, ...] | None:
        if self.error:
            raise self.error
        self.thaws.append(was_accepted)
        if team_id not in {*self.frozen, *self.paused}:
            return None
        self.frozen.discard(team_id)
        self.paused.pop(team_id, None)
        self.thawed.set()
        return self.given_up


@dataclass(slots=True)
class FakePauses:
    """The methods of the Outbox that pause and resume places."""

    paused: dict[str, str] = field(default_factory=dict)
    #: The paused places whose people know it already.
    told: set[str] = field(default_factory=set)

    async def pause_place(self, place: Place, *, reason: str, is_announced: bool = False) -> None:
        self.paused[place.channel_id] = reason
        self.told |= {place.channel_id} if is_announced else set()

    async def resume_place(self, place: Place) -> bool:
        return self.paused.pop(place.channel_id, None) is not None


@dataclass(slots=True)
class FakeCards:
    """A CardRefresher that records clicks on Refresh; `renewal` is its answer."""

    renewal: Renewal = Renewal.REPLACED
    asked: list[tuple[MessageRef, VisualizationJob | None]] = field(default_factory=list)

    async def renew(
        self, project: Project, card: MessageRef, job: VisualizationJob | None
    ) -> Renewal:
        assert project == OURS
        self.asked.append((card, job))
        return self.renewal


@dataclass(slots=True)
class FakeDeadLetters:
    """A DeadLetterStore in a list."""

    kept: list[DeadLetter] = field(default_factory=list)
    driven: list[str] = field(default_factory=list)
    #: Channels whose deliveries wait until Slack lets us post.
    shut: tuple[str, ...] = ()
    #: How many deliveries are held.
    held: int = 0

    async def dead_letters(self, project: Project, *, limit: int) -> tuple[DeadLetter, ...]:
        assert project == OURS
        return tuple(self.kept[:limit])

    async def redrive(
        self, project: Project, delivery_ids: Collection[str], *, request_key: str = ""
    ) -> int:
        assert project == OURS
        del request_key
        self.driven += delivery_ids
        return len({letter.delivery_id for letter in self.kept} & {*delivery_ids})

    async def reopen(self, project: Project, *, limit: int) -> tuple[str, ...]:
        assert project == OURS
        tried, self.shut = self.shut[:limit], self.shut[limit:]
        return tried

    async def counts(self, project: Project) -> OutboxCounts:
        assert project == OURS
        return OutboxCounts(
            open=self.held, held=self.held, dead=0, oldest_open=None, shut=self.shut
        )
