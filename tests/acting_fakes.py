"""In-memory fakes for stopping and restarting jobs: a log of attempts, and the operators."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.catalog import Catalog
from bot.core.acting import (
    ActionRecord,
    ActionStart,
    Attempt,
    AuditEntry,
    Authorization,
    Decision,
    Finding,
    StartVerdict,
)
from bot.core.action_ids import ActionIds
from bot.core.errors import StoreUnavailable
from bot.core.job import JobId, JobStatus
from bot.core.project import Project
from bot.responder.action_answers import ActionAnswers
from bot.responder.job_finder import JobFinder
from bot.responder.performing import Performer
from tests.fakes import FakeSource, ManualClock

IDS = ActionIds(b"a key of these tests")
DEADLINE = timedelta(seconds=10)


@dataclass(slots=True)
class FakeLog:
    """An ActionLog in lists; if `error` is set, every method raises it."""

    clock: ManualClock
    used: dict[str, ActionRecord] = field(default_factory=dict)
    entries: list[AuditEntry] = field(default_factory=list)
    error: StoreUnavailable | None = None
    #: How long the log takes to record a decision.
    takes: timedelta = timedelta()

    async def count_concluded(self, project: Project, job_id: JobId) -> int:
        del project
        self._fail()
        return len([used for used in self.used.values() if used.attempt.job_id == job_id])

    async def begin(
        self, attempt: Attempt, *, found: JobStatus, after: int, abandoned_after: timedelta
    ) -> ActionStart:
        del after  # the fake log handles one call after the other
        self._fail()
        now = self.clock()
        self.clock.now += self.takes
        if other := self.used.get(attempt.action_id):
            self._note(attempt, Finding(decision=Decision.USED_ID, status=found), now)
            return ActionStart(verdict=StartVerdict.USED, other=other)
        for other in self.used.values():
            if other.attempt.job_id != attempt.job_id or other.outcome is not None:
                continue
            if now - other.at < abandoned_after:
                self._note(attempt, Finding(decision=Decision.BUSY, status=found), now)
                return ActionStart(verdict=StartVerdict.BUSY, other=other)
            await self.conclude(other.attempt, Finding(decision=Decision.ABANDONED, status=found))
        self.used[attempt.action_id] = ActionRecord(attempt=attempt, at=now)
        self._note(attempt, Finding(decision=Decision.ALLOWED, status=found), now)
        return ActionStart(verdict=StartVerdict.YES)

    async def conclude(self, attempt: Attempt, finding: Finding) -> bool:
        self._fail()
        used = self.used[attempt.action_id]
        if used.outcome is not None:
            return False
        self.used[attempt.action_id] = replace(used, outcome=finding.decision)
        self.entries = [
            replace(entry, outcome=finding)
            if entry.attempt.action_id == attempt.action_id
            and entry.finding.decision is Decision.ALLOWED
            else entry
            for entry in self.entries
        ]
        return True

    async def note_refused(self, attempt: Attempt, finding: Finding) -> None:
        self._fail()
        self._note(attempt, finding, self.clock())

    async def find_used(self, project: Project, action_id: str) -> ActionRecord | None:
        del project
        self._fail()
        return self.used.get(action_id)

    async def abandoned(self, project: Project, *, after: timedelta) -> tuple[ActionRecord, ...]:
        del project
        self._fail()
        old = self.clock() - after
        return tuple(used for used in self.used.values() if used.outcome is None and used.at <= old)

    async def last_decisions(
        self, project: Project | None, *, limit: int
    ) -> tuple[AuditEntry, ...]:
        del project
        self._fail()
        return tuple(self.entries[::-1][:limit])

    def _note(self, attempt: Attempt, finding: Finding, at: datetime) -> None:
        self.entries.append(AuditEntry(at=at, attempt=attempt, finding=finding))

    def _fail(self) -> None:
        if self.error:
            raise self.error


@dataclass(slots=True)
class FakeOperators:
    """Operators in memory: everybody has the authorization `usual`, except those in `people`."""

    named: tuple[str, ...] = ()
    usual: Authorization = Authorization.NOT_LISTED
    people: dict[str, Authorization] = field(default_factory=dict)

    async def authorize(self, team_id: str, user_id: str) -> Authorization:
        del team_id
        return self.people.get(user_id, self.usual)


def a_performer(source: FakeSource, log: FakeLog, clock: ManualClock) -> Performer:
    """Return a Performer that calls `source`."""
    return Performer(
        source, log=log, clock=clock, monotonic=clock.monotonic, call_deadline=DEADLINE
    )


def an_acting(
    source: FakeSource,
    catalog: Catalog,
    finder: JobFinder,
    clock: ManualClock,
    *,
    log: FakeLog | None = None,
    operators: FakeOperators | None = None,
) -> ActionAnswers:
    """Return an ActionAnswers; without `operators` nobody may act."""
    log = log or FakeLog(clock)
    return ActionAnswers(
        catalog=catalog,
        finder=finder,
        performer=a_performer(source, log, clock),
        log=log,
        operators=operators or FakeOperators(),
        ids=IDS,
        link_hosts=("console.huaweicloud.com",),
        clock=clock,
    )
