"""The words for a change: its sentence, its step, and between which reads it was seen."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.core.cards.card import Moment, TimeStyle
from bot.core.cards.wording import (
    job_sentence,
    job_words,
    state_words,
    status_code_words,
    symbol,
)
from bot.core.change import NO_JOB, StatusChange, Step
from bot.core.job import JobStatus, Phase
from bot.core.text import Text, Value, Words, say

#: In place of a phase's symbol: there is no job any more.
GONE_SYMBOL = "🗑️"

# Reads further apart than this say so: the change lies somewhere between them.
_LONG_UNSEEN = timedelta(minutes=2)
# More states of one job are a wall.
_STATES_AT_MOST = 6


def change_sentence(change: StatusChange, name: Value = "") -> Text:
    """One full sentence on what the job does now; `name` is how to call it, if otherwise than
    usual."""
    job, step = change.job, change.step
    name = name or job_words(job)
    if step.after == NO_JOB:
        return gone_sentence(name)
    if step.before == NO_JOB:
        return _APPEARED[job.status.phase](name)
    if step.is_restart:
        return _RESTARTED[job.status.phase](name)
    if job.status.phase in (Phase.QUEUED, Phase.RUNNING):
        job = job._replace(duration=None)  # it has only begun
    return job_sentence(job, name=name)


def gone_sentence(name: Value) -> Text:
    """The same for a job that was deleted."""
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
    """One emoji for the phase after the step."""
    return GONE_SYMBOL if step.after == NO_JOB else symbol(JobStatus(step.after))


def step_words(step: Step) -> Text:
    """`Queued → Running`, or the vendor's names where our words are the same."""
    before = _state(step.before, say("New"))
    after = _state(step.after, say("Deleted"))
    if step.is_unseen_restart:
        before = say("Restarted")
    elif before == after:
        return vendor_step(step)
    return say("{before} → {after}", before=before, after=after)


def way_words(steps: Sequence[Step]) -> Text:
    """`Queued → Running → Failed`: the states of a job through these steps, in order; of many the
    first and the last ones."""
    states = _states(steps)
    if steps[0].before == NO_JOB:
        states[0] = say("New")
    if len(states) <= _STATES_AT_MOST:
        return _joined(states)
    beside = _STATES_AT_MOST // 2
    return _joined([*states[:beside], "…", *states[-beside:]])


def _joined(states: Sequence[Words]) -> Text:
    first, *others = states
    way = say("{state}", state=first)
    for state in others:
        way = say("{before} → {after}", before=way, after=state)
    return way


def _states(steps: Sequence[Step]) -> list[Words]:
    """In our words, and in the vendor's where two that follow each other are the same in ours."""
    visits = _visits(steps)
    words = [_visited(visit) for visit in visits]
    return [
        _vendor_name(visit, word) if visit is not None and _is_beside_its_like(words, at) else word
        for at, (visit, word) in enumerate(zip(visits, words, strict=True))
    ]


def _visits(steps: Sequence[Step]) -> list[int | None]:
    """The statuses in order; None where a run began that no poll saw the one before end."""
    visits: list[int | None] = []
    for step in steps:
        if step.is_unseen_restart:
            visits.append(None)
        elif visits[-1:] != [step.before]:
            visits.append(step.before)
        visits.append(step.after)
    return visits


def _visited(visit: int | None) -> Text:
    return say("Restarted") if visit is None else _state(visit, say("Deleted"))


def _is_beside_its_like(words: Sequence[Text], at: int) -> bool:
    return words[at] in (*words[max(at - 1, 0) : at], *words[at + 1 : at + 2])


def vendor_step(step: Step) -> Text:
    """`JOBSTAT_WAITING → JOBSTAT_RUNNING`, or `JOBSTAT_RUNNING → deleted`."""
    return say(
        "{before} → {after}",
        before=_vendor_name(step.before, say("new")),
        after=_vendor_name(step.after, say("deleted")),
    )


def _state(status: int, without_job: Text) -> Text:
    return without_job if status == NO_JOB else state_words(JobStatus(status))


def unseen_note(change: StatusChange) -> tuple[Text, ...]:
    """Between which two reads it happened, if these are far apart; else the time of its message
    says it."""
    before = change.last_seen_at
    if before is None or change.seen_at - before < _LONG_UNSEEN:
        return ()
    style = TimeStyle.DAY_AND_CLOCK
    between = say(
        "between {earlier} and {later}",
        earlier=Moment(before, style),
        later=Moment(change.seen_at, style),
    )
    return (between,)


def _vendor_name(status: int, without_job: Text) -> Words:
    return without_job if status == NO_JOB else status_code_words(JobStatus(status))
