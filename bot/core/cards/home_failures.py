"""The part of a person's Home that lists what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.cards.card import Card, Line, Moment, Strong, TimeStyle
from bot.core.cards.change_words import GONE_SYMBOL
from bot.core.cards.home_page import (
    LONG_AGO,
    ROWS_OF_A_PAGE,
    Known,
    Section,
    head,
    paged,
    row_controls,
)
from bot.core.cards.job_lines import DOT, listed_line
from bot.core.cards.wording import called, duration_words
from bot.core.change import NO_JOB
from bot.core.job import JobStatus, Phase, VisualizationJob
from bot.core.text import Text, Words, say, say_many, sentences

# `list failed` reaches older ones.
_FAILURES_AT_MOST = 15
_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A job that failed, or that was deleted before its end."""

    job: VisualizationJob
    #: When it was seen to fail; None where nobody saw it.
    seen_at: datetime | None = None
    is_gone: bool = False

    @property
    def at(self) -> datetime:
        """When it failed, as well as it is known: not before it was created and had run."""
        begun = self.job.created_at or LONG_AGO
        return self.seen_at or begun + (self.job.duration or timedelta())


def failed_jobs(known: Known) -> list[Failure]:
    """Newest first: those in the list, and those of the last 24 h that were seen to fail."""
    recorded = known.own.failures if known.own else ()
    seen = {change.job.id: change for change in recorded}
    found = {
        job.id: Failure(job=job, seen_at=seen[job.id].seen_at if job.id in seen else None)
        for job in known.jobs
        if job.status.phase is Phase.FAILED
    }
    for job_id, change in seen.items():
        if job_id not in found:
            is_gone = change.step.after == NO_JOB
            found[job_id] = Failure(job=change.job, seen_at=change.seen_at, is_gone=is_gone)
    newest_first = sorted(found.values(), key=lambda failure: failure.at, reverse=True)
    return newest_first[:_FAILURES_AT_MOST]


def failures(failed: Sequence[Failure], known: Known, page: int) -> Section:
    """The heading and a page of rows."""
    rows = [
        Card(
            summary="",
            lines=(_failure_line(failure, known.now),),
            controls=() if failure.is_gone else row_controls(failure.job, known),
        )
        for failure in paged(failed, page, ROWS_OF_A_PAGE)
    ]
    if not failed:
        return (head(say("Failed"), say("Nothing has failed.")),)
    return (head(say("Failed"), _counted(failed, since=known.now - _A_DAY)), *rows)


def _counted(failed: Sequence[Failure], *, since: datetime) -> Words:
    """How many there are; those that were lost are counted by themselves."""
    others = [one for one in failed if one.is_gone or one.job.status is not JobStatus.LOST]
    count = say_many(
        "{count} job, {recent} in the last 24\u00a0h.",
        "{count} jobs, {recent} in the last 24\u00a0h.",
        len(others),
        recent=sum(one.at >= since for one in others),
    )
    lost = len(failed) - len(others)
    were_lost = say_many("{count} job was lost.", "{count} jobs were lost.", lost)
    return sentences(count if others else "", were_lost if lost else "")


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
