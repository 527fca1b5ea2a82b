"""Brings a guard notice up to date when it is posted or edited, perhaps long after the look.
Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.care import GuardKind
from bot.core.change import Step, phase_of
from bot.core.delivery import GuardFacts
from bot.core.job import VisualizationJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The changes of a job since a notice about it was enqueued."""

    enqueued_at: datetime
    #: The changes in order, each with the time of the poll that saw it.
    steps: Sequence[tuple[Step, datetime]]

    @property
    def is_another_run(self) -> bool:
        """Return True if the cloud may count another run by now."""
        return any(step.is_restart for step, _ in self.steps)

    def over_at(self, kind: GuardKind) -> datetime | None:
        """Return when the run or the wait of the notice ended; None while it goes on."""
        ends = _ends_wait if kind is GuardKind.STUCK else _ends_run
        return next((seen_at for step, seen_at in self.steps if ends(step)), None)


def _ends_run(step: Step) -> bool:
    return step.ends or step.is_restart


def _ends_wait(step: Step) -> bool:
    return step.is_restart or phase_of(step.before) is not phase_of(step.after)


def present_facts(facts: GuardFacts, job: VisualizationJob, since: Since) -> GuardFacts:
    """Return the facts as of the last read of the job, with the hours that have passed since."""
    is_counted = facts.kind is not GuardKind.STUCK and not facts.is_at_least
    if is_counted and job.duration is not None and not since.is_another_run:
        return replace(facts, length=max(facts.length, job.duration))
    if since.over_at(facts.kind) is not None:
        return facts
    waited = max(job.read_at - since.enqueued_at, timedelta())
    return replace(facts, length=facts.length + waited)
