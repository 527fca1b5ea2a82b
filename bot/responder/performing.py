"""Acts on a job: reads it, records the decision, calls the cloud once, records the outcome."""

import asyncio
import re
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import structlog

from bot.core.abandoned_tasks import retrieve_error
from bot.core.acting import ActionResult, Attempt, Decision, Finding, StartVerdict, is_legal
from bot.core.errors import (
    BotError,
    JobNotFound,
    JobSourceError,
    SourceUnavailable,
    StoreUnavailable,
)
from bot.core.foreign_words import quoted
from bot.core.job import JobStatus, VisualizationJob
from bot.core.ports.actions import ActionLog
from bot.core.ports.cloud import JobControl
from bot.core.ports.time import Clock, Monotonic
from bot.core.project import Project
from bot.core.text import say

_T = TypeVar("_T")

_log = structlog.get_logger(__name__)

# If more time passes between decision and call, this process does not call: another replica may
# conclude the call as abandoned.
_HESITATION = timedelta(seconds=10)
# A request that was sent within its deadline may reach the cloud a little later.
_MARGIN = timedelta(seconds=20)
# "This job can't be stop. job status: 10": modelarts_03_0069.html
_STATUS_IN_WORDS = re.compile(r"status[^0-9]{0,3}([0-9]{1,4})\b", re.IGNORECASE)

_DECISIONS = {StartVerdict.USED: Decision.USED_ID, StartVerdict.BUSY: Decision.BUSY}


class Performer:
    """Performs attempts. `call_deadline` is the deadline of one call to the cloud."""

    def __init__(
        self,
        *controls: JobControl,
        log: ActionLog,
        clock: Clock,
        monotonic: Monotonic,
        call_deadline: timedelta,
    ) -> None:
        self._controls = {control.project_id: control for control in controls}
        self._log = log
        self._clock = clock
        self._monotonic = monotonic
        self._abandoned_after = _HESITATION + 2 * call_deadline + _MARGIN
        self._under_way: set[asyncio.Task[ActionResult]] = set()

    async def perform(self, attempt: Attempt) -> ActionResult:
        """Perform an attempt at most once; cancelling the caller does not cancel it. Raises
        StoreUnavailable if the decision could not be recorded: then the cloud was not called."""
        task = asyncio.create_task(self._perform(attempt))
        self._under_way.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    @property
    def is_busy(self) -> bool:
        """Return True while an attempt is being performed."""
        return bool(self._under_way)

    async def finish(self) -> None:
        """Wait until every attempt has ended."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def refuse(
        self,
        attempt: Attempt,
        decision: Decision,
        *,
        words: str = "",
        job: VisualizationJob | None = None,
        error: BotError | None = None,
    ) -> ActionResult:
        """Record an attempt for which the cloud is not called. A database failure is only
        logged."""
        finding = Finding(decision=decision, status=job.status if job else None, words=words)
        with _logged(attempt, decision):
            await self._log.note_refused(attempt, finding)
        return self._result(attempt, decision, job=job, error=error)

    async def conclude_abandoned(self, project: Project) -> tuple[ActionResult, ...]:
        """Conclude the calls whose process is gone, after reading their jobs; return those that
        this call concluded. Raises StoreUnavailable."""
        results = []
        for left in await self._log.abandoned(project, after=self._abandoned_after):
            try:
                job = await self._of(project).read_now(left.attempt.job_id)
            except JobNotFound:
                job = None
            except JobSourceError:
                continue  # the next call of this method tries again
            finding = Finding(
                decision=Decision.ABANDONED, status=None if job is None else job.status
            )
            if await self._log.conclude(left.attempt, finding):
                results.append(self._result(left.attempt, Decision.ABANDONED, job=job))
        return tuple(results)

    async def _perform(self, attempt: Attempt) -> ActionResult:
        over = await self._recording(self._log.count_concluded(attempt.project, attempt.job_id))
        try:
            job = await self._of(attempt.project).read_now(attempt.job_id)
        except JobSourceError as error:
            is_gone = isinstance(error, JobNotFound)
            decision = Decision.GONE if is_gone else Decision.UNREADABLE
            return await self.refuse(attempt, decision, words=_words(error), error=error)
        attempt = replace(attempt, job_name=job.name)
        if not is_legal(attempt.action, job.status):
            return await self.refuse(attempt, Decision.NOT_LEGAL, job=job)
        decided_at = self._monotonic()
        refusal = await self._begin(attempt, job, after=over)
        if refusal is not None:
            return refusal
        if self._monotonic() - decided_at > _HESITATION.total_seconds():
            return await self._conclude(attempt, Decision.NOT_CALLED, job=job)
        return await self._call(attempt, job)

    async def _recording(self, work: Awaitable[_T]) -> _T:
        """Await a query of the log; if it fails, raise an error that says that nothing was done."""
        try:
            return await work
        except StoreUnavailable as error:
            undone = say("I could not record who asks for it, so I did nothing.")
            raise StoreUnavailable(undone, hint=error.hint, told=undone) from error

    async def _begin(
        self, attempt: Attempt, job: VisualizationJob, *, after: int
    ) -> ActionResult | None:
        """Record the decision to call; return None if the cloud may be called, else the refusal."""
        start = await self._recording(
            self._log.begin(
                attempt, found=job.status, after=after, abandoned_after=self._abandoned_after
            )
        )
        if start.verdict is StartVerdict.YES:
            return None
        decision = _DECISIONS[start.verdict]
        return replace(self._result(attempt, decision, job=job), other=start.other)

    async def _call(self, attempt: Attempt, job: VisualizationJob) -> ActionResult:
        try:
            await self._of(attempt.project).act(attempt.job_id, attempt.action)
        except SourceUnavailable as error:
            found = await self._look(attempt)
            return await self._conclude(attempt, Decision.UNCLEAR, job=found, error=error)
        except JobSourceError as error:
            found = job._replace(status=_status_in(error) or job.status)
            return await self._conclude(attempt, Decision.REFUSED, job=found, error=error)
        return await self._conclude(attempt, Decision.ACCEPTED, job=job)

    async def _conclude(
        self,
        attempt: Attempt,
        decision: Decision,
        *,
        job: VisualizationJob | None,
        error: BotError | None = None,
    ) -> ActionResult:
        # The state before an accepted call does not show the outcome, so it is not recorded.
        is_found = job is not None and decision is not Decision.ACCEPTED
        status = job.status if is_found and job is not None else None
        words = _words(error) if error else ""
        with _logged(attempt, decision):
            finding = Finding(decision=decision, status=status, words=words)
            await self._log.conclude(attempt, finding)
        return self._result(attempt, decision, job=job, error=error)

    async def _look(self, attempt: Attempt) -> VisualizationJob | None:
        try:
            return await self._of(attempt.project).read_now(attempt.job_id)
        except JobSourceError:
            return None

    def _of(self, project: Project) -> JobControl:
        return self._controls[project.project_id]

    def _result(
        self,
        attempt: Attempt,
        decision: Decision,
        *,
        job: VisualizationJob | None = None,
        error: BotError | None = None,
    ) -> ActionResult:
        return ActionResult(
            attempt=attempt, decision=decision, at=self._clock(), job=job, error=error
        )

    def _forget(self, task: "asyncio.Task[ActionResult]") -> None:
        self._under_way.discard(task)
        retrieve_error(task)


@contextmanager
def _logged(attempt: Attempt, decision: Decision) -> Iterator[None]:
    """Log a failure to record a decision, and go on: the person gets the outcome anyway."""
    try:
        yield
    except StoreUnavailable as error:
        _log.error(
            "decision_not_recorded",
            who=attempt.who,
            action=attempt.action.value,
            job=attempt.job_id,
            decision=decision.value,
            error=str(error),
        )


def _words(error: BotError) -> str:
    """Return the cloud's own code and text; our words if it sent none."""
    return " ".join(filter(None, (error.code, error.vendor_text))) or quoted(error)


def _status_in(error: BotError) -> JobStatus | None:
    """Return the state that the cloud's refusal names, fresher than our read; None if it names
    none."""
    found = _STATUS_IN_WORDS.search(error.vendor_text)
    return JobStatus(int(found[1])) if found else None
