"""The words for a change: its sentence, its step, and the two reads between which it happened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.cards.card import day_and_clock, end_after
from bot.core.cards.wording import job_sentence, job_words, state_words, status_code_words, symbol
from bot.core.change import NO_JOB, StatusChange, Step
from bot.core.job import JobStatus, Phase
from bot.core.text import Text, Value, Words, say

#: The symbol of a deleted job, which has no phase.
GONE_SYMBOL = "🗑️"

# If the two reads around a change are further apart than this, the message names both.
_LONG_UNSEEN = timedelta(minutes=2)
# More states of one job would not be readable in a line.
_STATES_AT_MOST = 6


def change_sentence(change: StatusChange, name: Value = "") -> Text:
    """Return one full sentence on the state after the change; `name` replaces the job's usual
    name."""
    job, step = change.job, change.step
    name = name or job_words(job)
    if step.after == NO_JOB:
        return gone_sentence(name)
    if step.before == NO_JOB:
        return _APPEARED[job.status.phase](name)
    if step.is_restart:
        return _RESTARTED[job.status.phase](name)
    if job.status.phase in (Phase.QUEUED, Phase.RUNNING):
        job = job._replace(duration=None)  # the state has only begun
    return job_sentence(job, name=name)


def gone_sentence(name: Value) -> Text:
    """Return the sentence for a job that was deleted."""
    return say("{name} was deleted.", name=name)


_APPEARED: dict[Phase, Callable[[Value], Text]] = {
    Phase.QUEUED: lambda name: say("{name} appeared and is queued.", name=name),
    Phase.RUNNING: lambda name: say("{name} appeared and is running.", name=name),
    Phase.STOPPING: lambda name: say("{name} appeared and is stopping.", name=name),
    Phase.FINISHED: lambda name: say("{name} appeared and has finished.", name=name),
    Phase.STOPPED: lambda name: say("{name} appeared and is stopped.", name=name),
    Phase.FAILED: lambda name: say("{name} appeared and has failed.", name=name),
    Phase.DELETE_FAILED: lambda name: say("{name} appeared; it cannot be deleted.", name=name),
    Phase.UNKNOWN: lambda name: say("{name} appeared in an unknown state.", name=name),
}
_RESTARTED: dict[Phase, Callable[[Value], Text]] = {
    Phase.QUEUED: lambda name: say("{name} was restarted and is queued.", name=name),
    Phase.RUNNING: lambda name: say("{name} was restarted and is running.", name=name),
    Phase.STOPPING: lambda name: say("{name} was restarted and is stopping.", name=name),
    Phase.FINISHED: lambda name: say("{name} was restarted and has finished.", name=name),
    Phase.STOPPED: lambda name: say("{name} was restarted and is stopped again.", name=name),
    Phase.FAILED: lambda name: say("{name} was restarted and has failed.", name=name),
    Phase.DELETE_FAILED: lambda name: say("{name} was restarted; it cannot be deleted.", name=name),
    Phase.UNKNOWN: lambda name: say("{name} was restarted; its state is unknown.", name=name),
}


def change_symbol(step: Step) -> str:
    """Return the emoji of the phase after the step, or the one of a deleted job."""
    return GONE_SYMBOL if step.after == NO_JOB else symbol(JobStatus(step.after))


def step_words(step: Step) -> Text:
    """Return `Queued → Running`, or the vendor's names if our words for both are the same."""
    before = _state(step.before, say("New"))
    after = _state(step.after, say("Deleted"))
    if step.is_unseen_restart:
        before = say("Restarted")
    elif before == after:
        return vendor_step(step)
    return say("{before} → {after}", before=before, after=after)


def way_words(steps: Sequence[Step]) -> Text:
    """Return the states of a job through these steps, `Queued → Running → Failed`; of many states
    the first and the last ones. A step within one state follows it in brackets, in the vendor's
    words: only places that follow every change get such steps."""
    states = [_visit_words(visit) for visit in _visits(steps)]
    if len(states) <= _STATES_AT_MOST + 1:  # "…" is no shorter than one state
        return _joined(states)
    beside = _STATES_AT_MOST // 2
    return _joined([*states[:beside], "…", *states[-beside:]])


@dataclass(slots=True)
class _Visit:
    """One stay of a job in one of our states."""

    state: Text
    #: The status numbers of the steps within this state.
    inside: list[int] = field(default_factory=list)


def _visits(steps: Sequence[Step]) -> list[_Visit]:
    """Return the states of the steps in order. The steps may have gaps, which add no state."""
    visits: list[_Visit] = []
    for step in steps:
        if step.is_unseen_restart:
            visits += [_Visit(say("Restarted")), _Visit(_state(step.after, say("Deleted")))]
            continue
        before = _enter(visits, _state(step.before, say("Deleted") if visits else say("New")))
        if _enter(visits, _state(step.after, say("Deleted"))) is before:
            before.inside += (
                [step.after] if before.inside[-1:] == [step.before] else [step.before, step.after]
            )
    return visits


def _enter(visits: list[_Visit], state: Text) -> _Visit:
    """Return the last visit if it is in this state; else append a new visit and return that."""
    if not visits or visits[-1].state != state:
        visits.append(_Visit(state))
    return visits[-1]


def _visit_words(visit: _Visit) -> Text:
    if not visit.inside:
        return say("{state}", state=visit.state)
    names = [_vendor_name(status, say("deleted")) for status in visit.inside]
    return say("{state} ({steps})", state=visit.state, steps=_joined(names))


def _joined(states: Sequence[Words]) -> Text:
    first, *others = states
    way = say("{state}", state=first)
    for state in others:
        way = say("{before} → {after}", before=way, after=state)
    return way


def vendor_step(step: Step) -> Text:
    """Return `JOBSTAT_WAITING → JOBSTAT_RUNNING`, or `JOBSTAT_RUNNING → deleted`."""
    return say(
        "{before} → {after}",
        before=_vendor_name(step.before, say("new")),
        after=_vendor_name(step.after, say("deleted")),
    )


def _state(status: int, without_job: Text) -> Text:
    return without_job if status == NO_JOB else state_words(JobStatus(status))


def unseen_note(change: StatusChange) -> tuple[Text, ...]:
    """Return the two reads between which the change happened, if they are far apart; else nothing,
    because the time of the message is exact enough."""
    before = change.last_seen_at
    if before is None or change.seen_at - before < _LONG_UNSEEN:
        return ()
    between = say(
        "between {earlier} and {later}",
        earlier=day_and_clock(before),
        later=end_after(before, change.seen_at),
    )
    return (between,)


def _vendor_name(status: int, without_job: Text) -> Words:
    return without_job if status == NO_JOB else status_code_words(JobStatus(status))
