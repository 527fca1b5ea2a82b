"""The parts of a person's Home about failed jobs: first the person's own, then the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.cards.card import Action, Card, Line, Moment, Strong, TimeStyle
from bot.core.cards.home.home_page import (
    LINES_AT_MOST,
    LONG_AGO,
    HomeFacts,
    Section,
    head,
    is_yours,
    row_controls,
)
from bot.core.cards.jobs.job_choice import job_picker
from bot.core.cards.jobs.job_lines import DOT, listed_line
from bot.core.cards.wording import called, duration_words
from bot.core.cards.words.change_words import GONE_SYMBOL
from bot.core.change import NO_JOB
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.job import JobStatus, Phase, VisualizationJob
from bot.core.text import Text, Words, say, say_many, sentences

# Further jobs of the person are in the list of failures below, without buttons.
_OWN_AT_MOST = 5
_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A job that failed, or that was deleted before its end."""

    job: VisualizationJob
    #: When the bot saw the failure; None if it did not.
    seen_at: datetime | None
    is_gone: bool = False

    @property
    def at(self) -> datetime:
        """Return when the job failed; if the bot did not see it, its creation plus its duration,
        which is the earliest possible time."""
        begun = self.job.created_at or LONG_AGO
        return self.seen_at or begun + (self.job.duration or timedelta())


def failed_jobs(facts: HomeFacts) -> list[Failure]:
    """Return failed jobs, newest first: those in the job list, and those that the bot saw fail in
    the last 24 h."""
    recorded = facts.personal.failures if facts.personal else ()
    seen = {change.job.id: change for change in recorded}
    found = {
        job.id: Failure(job=job, seen_at=seen[job.id].seen_at if job.id in seen else None)
        for job in facts.jobs
        if job.status.phase is Phase.FAILED
    }
    for job_id, change in seen.items():
        if job_id not in found:
            is_gone = change.step.after == NO_JOB
            found[job_id] = Failure(job=change.job, seen_at=change.seen_at, is_gone=is_gone)
    return sorted(found.values(), key=lambda failure: failure.at, reverse=True)


def own_failures(failed: Sequence[Failure], facts: HomeFacts) -> list[Failure]:
    """Return the person's own jobs that failed in the last 24 h, the latest few."""
    own = [one for one in _recent(failed, facts) if is_yours(one.job, facts)]
    return own[:_OWN_AT_MOST]


def own_failures_section(failed: Sequence[Failure], facts: HomeFacts) -> tuple[Section, ...]:
    """Return a row with buttons for each of these failures; nothing without any."""
    if not failed:
        return ()
    count = say_many(
        "{count} job of yours failed in the last 24\u00a0h.",
        "{count} jobs of yours failed in the last 24\u00a0h.",
        len(failed),
    )
    rows = (
        Card(
            summary="",
            lines=(_failure_line(one, facts.now),),
            controls=() if one.is_gone else row_controls(one.job, facts),
        )
        for one in failed
    )
    return ((head(say("Needs you"), count), *rows),)


def failures(
    failed: Sequence[Failure], facts: HomeFacts, *, above: Sequence[Failure]
) -> tuple[Section, ...]:
    """Return the failures of the last 24 h, but for those `above`, a line each, and how many jobs
    failed earlier; a button lists them."""
    recent = [one for one in _recent(failed, facts) if one not in above]
    older = [one for one in failed if one not in recent and one not in above]
    lines = [_failure_line(one, facts.now) for one in recent[:LINES_AT_MOST]]
    there = [one.job for one in recent if not one.is_gone]
    listed = Action(label=say("List failed"), command=ListJobs(Phase.FAILED))
    card = Card(
        summary="",
        title=say("Failed"),
        lines=((_counted(recent, older, is_more=bool(above)),), *lines),
        controls=(*job_picker(say("Show one…"), there), *((listed,) if failed else ())),
    )
    return ((card,),)


def _recent(failed: Sequence[Failure], facts: HomeFacts) -> list[Failure]:
    return [one for one in failed if one.at >= facts.now - _A_DAY]


def _counted(recent: Sequence[Failure], older: Sequence[Failure], *, is_more: bool) -> Words:
    """Return how many jobs failed in the last 24 h and before, and apart from these how many were
    lost; `is_more` if Home shows some above."""
    if not recent and not older and not is_more:
        return say("Nothing has failed.")
    lately = _count_failed(recent)
    earlier = _count_failed(older)
    lost = len(recent) + len(older) - lately - earlier
    return sentences(
        _lately(lately, is_more=is_more),
        say_many("{count} job failed earlier.", "{count} jobs failed earlier.", earlier)
        if earlier
        else "",
        say_many("{count} job was lost.", "{count} jobs were lost.", lost) if lost else "",
    )


def _count_failed(failures: Sequence[Failure]) -> int:
    return sum(one.is_gone or one.job.status is not JobStatus.LOST for one in failures)


def _lately(count: int, *, is_more: bool) -> Words:
    if not count:
        none = say("Nothing else failed in the last 24\u00a0h.")
        return none if is_more else say("Nothing failed in the last 24\u00a0h.")
    if is_more:
        return say_many(
            "{count} other job failed in the last 24\u00a0h.",
            "{count} other jobs failed in the last 24\u00a0h.",
            count,
        )
    return say_many(
        "{count} job failed in the last 24\u00a0h.",
        "{count} jobs failed in the last 24\u00a0h.",
        count,
    )


def _failure_line(failure: Failure, now: datetime) -> Line:
    if failure.is_gone:
        name = called(failure.job, Strong)
        return (f"{GONE_SYMBOL} ", name, DOT, say("Deleted"), DOT, _ago(now - failure.at))
    line = listed_line(failure.job)
    if failure.seen_at is not None:
        return (*line, DOT, _ago(now - failure.seen_at))
    if failure.job.created_at is None:
        return line
    created = Moment(failure.job.created_at, TimeStyle.DAY_AND_CLOCK)
    return (*line, DOT, say("created {time}", time=created))


def _ago(span: timedelta) -> Text:
    return say("{span} ago", span=duration_words(span)) if span >= _A_MINUTE else say("just now")
