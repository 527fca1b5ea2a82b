"""A person's Home: what runs, their subscriptions, what failed, and the bot's health."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.core.cards.card import Action, Bullet, Card, Control, Line, Menu, Moment, Strong, TimeStyle
from bot.core.cards.change_words import GONE_SYMBOL
from bot.core.cards.job_actions import Following, JobCard, job_actions
from bot.core.cards.job_lines import DOT, last_seen, listed_line
from bot.core.cards.subscription_words import (
    event_filter_words,
    is_direct,
    target_words,
    where_span,
)
from bot.core.cards.wording import called, duration_words, job_words
from bot.core.change import NO_JOB, StatusChange
from bot.core.commands.find import Find
from bot.core.commands.help import Help
from bot.core.commands.job_reference import JobById
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.status import Status
from bot.core.commands.subscribe import Subscribe, SubscribeForm
from bot.core.commands.subscriptions import ListSubscriptions, Scope
from bot.core.health import SourceHealth
from bot.core.job import JobId, Phase, VisualizationJob
from bot.core.link import live_link
from bot.core.subscription import JobTarget, Subscription, SubscriptionState
from bot.core.text import Text, Words, say, say_many

#: One part of Home: cards with no line between them.
Section = tuple[Card, ...]

# What one glance takes in; the next page has more.
_ROWS_OF_A_PAGE = 5
_SUBSCRIPTIONS_OF_A_PAGE = 10
# `list failed` reaches older ones.
_FAILURES_AT_MOST = 15
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What the database contributes to a person's Home."""

    subscriptions: tuple[Subscription, ...]
    #: Recorded in the last 24 h, of whatever job, oldest first.
    failures: tuple[StatusChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What Home is drawn from: the last job list, how well the cloud answers, the person's own
    (None while the database does not answer), and when it is drawn."""

    jobs: Sequence[VisualizationJob]
    source: SourceHealth
    own: Own | None
    now: datetime
    slash_command: str
    link_hosts: tuple[str, ...]


def home_sections(known: Known, *, page: int = 1) -> tuple[Section, ...]:
    """A warning in an outage; running now, the longest first; the person's subscriptions; what
    failed; the bot's health. `page` counts from 1."""
    running = sorted(
        (job for job in known.jobs if job.status.phase is Phase.RUNNING),
        key=lambda job: (job.duration or timedelta(0), job.read_at - (job.created_at or _LONG_AGO)),
        reverse=True,
    )
    failed = _failed(known)
    mine = known.own.subscriptions if known.own else ()
    longest = max(
        _pages(len(running), _ROWS_OF_A_PAGE),
        _pages(len(failed), _ROWS_OF_A_PAGE),
        _pages(len(mine), _SUBSCRIPTIONS_OF_A_PAGE),
    )
    page = min(max(page, 1), longest)
    sections: tuple[Section, ...] = (
        *_warning(known.source),
        _running(running, known, page),
        *((_subscriptions(mine, known, page),) if known.own else ()),
        _failures(failed, known, page),
        _health(known),
    )
    return (*sections, _pager(page, longest)) if longest > 1 else sections


def _warning(source: SourceHealth) -> tuple[Section, ...]:
    if source.failing_since is None:
        return ()
    since = source.last_good_at or source.failing_since
    words = say(
        "Not confirmed since {time}: ModelArts isn't answering. You see what was seen last.",
        time=Moment(since, TimeStyle.DAY_AND_CLOCK),
    )
    return ((Card(summary="", lines=(("⚠️ ", words),)),),)


def _running(jobs: Sequence[VisualizationJob], known: Known, page: int) -> Section:
    is_lost = known.source.failing_since is not None
    rows = [
        Card(
            summary="",
            lines=(_unconfirmed(job) if is_lost else listed_line(job),),
            controls=_row_controls(job, known),
        )
        for job in _paged(jobs, page, _ROWS_OF_A_PAGE)
    ]
    count = say_many(
        "{count} job. It is billed until someone stops it.",
        "{count} jobs. Each is billed until someone stops it.",
        len(jobs),
    )
    nothing = say("Nothing is running.")
    title = say("Last seen running") if is_lost else say("Running now")
    return (_head(title, count if jobs else nothing), *rows)


def _unconfirmed(job: VisualizationJob) -> Line:
    """In an outage no clock runs."""
    return ("⚠️ ", called(job, Strong), DOT, last_seen(job))


def _row_controls(job: VisualizationJob, known: Known) -> tuple[Control, ...]:
    mine = known.own.subscriptions if known.own else ()
    is_followed = any(
        one.target == JobTarget(job.id)
        and is_direct(one.place)
        and one.state is not SubscriptionState.ENDED
        for one in mine
    )
    ref = JobById(job.id)
    return job_actions(
        ref,
        card=JobCard.HOME,
        following=Following.YES if is_followed else Following.NO,
        link=live_link(job, known.link_hosts),
        subscribe=Subscribe(job=ref, where="dm"),
        name=job_words(job),
    )


def _subscriptions(mine: Sequence[Subscription], known: Known, page: int) -> Section:
    names = {job.id: job.name for job in known.jobs}
    lines = [_subscribed_line(one, names) for one in _paged(mine, page, _SUBSCRIPTIONS_OF_A_PAGE)]
    title = say("What you follow")
    follow = Action(label=say("Follow a job…"), command=SubscribeForm())
    if not mine:
        example = f"{known.slash_command} subscribe 205 in dm"
        nothing = say("Nothing yet. For example: `{example}`.", example=example)
        return (_head(title, nothing, controls=(follow,)),)
    manage = Action(label=say("Show and change"), command=ListSubscriptions(Scope.MINE))
    count = say_many("{count} subscription.", "{count} subscriptions.", len(mine))
    return (_head(title, count), Card(summary="", lines=tuple(lines), controls=(manage, follow)))


def _subscribed_line(one: Subscription, names: Mapping[JobId, str]) -> Line:
    target = target_words(one.target, lambda job_id: names.get(job_id, ""))
    has_ended = one.state is SubscriptionState.ENDED
    return (
        Bullet(),
        Strong(target),
        DOT,
        event_filter_words(one.event_filter.text),
        DOT,
        where_span(one.place),
        *((DOT, say("ended")) if has_ended else ()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """A job that failed, or that was deleted before its end."""

    job: VisualizationJob
    #: When it was seen to fail; None where nobody saw it.
    seen_at: datetime | None = None
    is_gone: bool = False

    @property
    def at(self) -> datetime:
        """When it failed, as well as it is known: not before it was created and had run."""
        begun = self.job.created_at or _LONG_AGO
        return self.seen_at or begun + (self.job.duration or timedelta())


def _failed(known: Known) -> list[_Failure]:
    """Newest first: those in the list, and those of the last 24 h that were seen to fail."""
    recorded = known.own.failures if known.own else ()
    seen = {change.job.id: change for change in recorded}
    found = {
        job.id: _Failure(job=job, seen_at=seen[job.id].seen_at if job.id in seen else None)
        for job in known.jobs
        if job.status.phase is Phase.FAILED
    }
    for job_id, change in seen.items():
        if job_id not in found:
            is_gone = change.step.after == NO_JOB
            found[job_id] = _Failure(job=change.job, seen_at=change.seen_at, is_gone=is_gone)
    newest_first = sorted(found.values(), key=lambda failure: failure.at, reverse=True)
    return newest_first[:_FAILURES_AT_MOST]


def _failures(failed: Sequence[_Failure], known: Known, page: int) -> Section:
    rows = [
        Card(
            summary="",
            lines=(_failure_line(failure, known.now),),
            controls=() if failure.is_gone else _row_controls(failure.job, known),
        )
        for failure in _paged(failed, page, _ROWS_OF_A_PAGE)
    ]
    recent = sum(failure.at >= known.now - _A_DAY for failure in failed)
    count = say_many(
        "{count} job in the last 24\u00a0h.", "{count} jobs in the last 24\u00a0h.", recent
    )
    if not failed:
        return (_head(say("Failed"), say("Nothing has failed.")),)
    return (_head(say("Failed"), count), *rows)


def _failure_line(failure: _Failure, now: datetime) -> Line:
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


def _health(known: Known) -> Section:
    source = known.source
    lines: list[Line] = []
    if source.last_good_at and not source.failing_since:
        time = Moment(source.last_good_at)
        lines.append(("✅ ", say("ModelArts answers; last read at {time}.", time=time)))
    hint = say("Type `{command}` and a job anywhere in Slack.", command=known.slash_command)
    lines.append((hint,))
    return (
        Card(
            summary="",
            title=say("Is the bot well?"),
            lines=tuple(lines),
            controls=(
                Action(label=say("Status"), command=Status()),
                Action(label=say("List all"), command=ListJobs()),
                Action(label=say("Find…"), command=Find()),
                Menu(actions=(Action(label=say("Help"), command=Help()),)),
            ),
        ),
    )


def _pager(page: int, pages: int) -> Section:
    back = Action(label=say("Back"), command=ListJobs(), turns_to=page - 1)
    on = Action(label=say("More"), command=ListJobs(), turns_to=page + 1)
    return (
        Card(
            summary="",
            lines=((say("Page {page} of {pages}", page=page, pages=pages),),),
            controls=(*((back,) if page > 1 else ()), *((on,) if page < pages else ())),
        ),
    )


def _head(title: Text, words: Words, *, controls: tuple[Control, ...] = ()) -> Card:
    return Card(summary="", title=title, lines=((words,),), controls=controls)


def _paged(rows: Iterable[_T], page: int, size: int) -> list[_T]:
    return list(rows)[(page - 1) * size : page * size]


def _pages(rows: int, size: int) -> int:
    return max(1, -(-rows // size))
