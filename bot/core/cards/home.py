"""A person's Home: what runs, their subscriptions, what failed, and the bot's health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.cards.card import (
    Action,
    Card,
    Code,
    Control,
    Line,
    Moment,
    Picker,
    Strong,
    TimeStyle,
)
from bot.core.cards.jobs import choices
from bot.core.cards.subscription_words import event_filter_words, target_words, where_span
from bot.core.cards.wording import age_words, count_words, job_words, symbol
from bot.core.change import NO_JOB, StatusChange
from bot.core.commands.find import Find
from bot.core.commands.help import Help
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.status import Status
from bot.core.commands.subscriptions import ListSubscriptions, Scope
from bot.core.health import SourceHealth
from bot.core.job import JobId, JobStatus, Phase, VisualizationJob
from bot.core.subscription import Subscription, SubscriptionState

# What one glance takes in; the picker below reaches the rest.
_SHOWN_AT_MOST = 10
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What the database contributes to a person's Home."""

    subscriptions: tuple[Subscription, ...]
    #: Recorded in the last 24 h, of whatever job, oldest first.
    failures: tuple[StatusChange, ...]


def overview_cards(
    jobs: Sequence[VisualizationJob],
    *,
    source: SourceHealth,
    slash_command: str,
    own: Own | None = None,
) -> tuple[Card, ...]:
    """Running now; the person's subscriptions; failed; the bot's health. `jobs` come from the last
    job list; `own` is None while the database does not answer."""
    running = sorted(
        (job for job in jobs if job.status.phase is Phase.RUNNING),
        key=lambda job: job.created_at or _LONG_AGO,
    )
    failed = [job for job in jobs if job.status.phase is Phase.FAILED]
    names = {job.id: job.name for job in jobs}
    mine = () if own is None else (_subscriptions(own.subscriptions, names, slash_command),)
    return (
        _group("Running now", running, "Nothing runs now.", "Each is billed until it is stopped."),
        *mine,
        _group("Failed", failed, "Nothing has failed.", "") if own is None
        else _failures(own.failures, failed),
        _health(source, slash_command),
    )  # fmt: skip


def _subscriptions(
    subscriptions: Sequence[Subscription], names: Mapping[JobId, str], slash_command: str
) -> Card:
    title = "My subscriptions"
    lines: list[Line] = [(Strong(title),)]
    for one in subscriptions[:_SHOWN_AT_MOST]:
        target = target_words(one.target, lambda job_id: names.get(job_id, ""))
        ended = "  (ended)" if one.state is SubscriptionState.ENDED else ""
        what = f": {event_filter_words(one.event_filter.text)}, told to "
        lines.append((Strong(target), what, where_span(one.place), ended))
    if not subscriptions:
        lines.append(("None. For example: ", Code(f"{slash_command} subscribe 205 in dm")))
    more = (Action(label="Show and change", command=ListSubscriptions(Scope.MINE)),)
    return Card(
        summary=title,
        lines=tuple(lines),
        notes=((f"{count_words(len(subscriptions), 'subscription')}.",),) if subscriptions else (),
        controls=more if subscriptions else (),
    )


def _failures(changes: Sequence[StatusChange], failed: Sequence[VisualizationJob]) -> Card:
    """The recorded failures; the picker offers every failed job, however old."""
    title = "Failed in the last 24 h"
    latest = list(reversed(changes))[:_SHOWN_AT_MOST]
    lines: list[Line] = [(Strong(title),)]
    lines += [
        (
            Moment(change.seen_at, TimeStyle.DAY_AND_CLOCK),
            "  ",
            Strong(job_words(change.job)),
            f"  ·  {change.job.id}  ·  {_end_words(change)}",
        )
        for change in latest
    ] or [("Nothing that was watched.",)]
    controls: tuple[Control, ...] = ()
    if failed:
        controls = (Picker(placeholder="Show one that failed…", choices=choices(failed)),)
    note = "Only what somebody is subscribed to is recorded."
    return Card(summary=title, lines=tuple(lines), notes=((note,),), controls=controls)


def _end_words(change: StatusChange) -> str:
    after = change.step.after
    return "deleted" if after == NO_JOB else JobStatus(after).word.lower()


def _group(title: str, jobs: Sequence[VisualizationJob], nothing: str, remark: str) -> Card:
    lines: list[Line] = [(Strong(title),)]
    lines += [_line(job) for job in jobs[:_SHOWN_AT_MOST]] or [(nothing,)]
    controls: tuple[Control, ...] = ()
    if jobs:
        controls = (Picker(placeholder="Show one…", choices=choices(jobs)),)
    note = f"{count_words(len(jobs), 'job')}. {remark}".rstrip() if jobs else ""
    return Card(
        summary=title,
        lines=tuple(lines),
        notes=((note,),) if note else (),
        controls=controls,
    )


def _line(job: VisualizationJob) -> Line:
    age = age_words(job)
    return (
        f"{symbol(job.status)} ",
        Strong(job_words(job)),
        f"  ·  {job.id}" + (f"  ·  {age}" if age else ""),
    )


def _health(source: SourceHealth, slash_command: str) -> Card:
    lines: list[Line] = [(f"Type {slash_command} followed by a job anywhere in Slack.",)]
    if source.failing_since:
        lines.append(("⚠️ The cloud gives no good answer since ", Moment(source.failing_since)))
    if source.last_good_at:
        lines.append(("last read of the cloud ", Moment(source.last_good_at, TimeStyle.CLOCK)))
    return Card(
        summary="",
        lines=tuple(lines),
        controls=(
            Action(label="List all", command=ListJobs()),
            Action(label="Find…", command=Find()),
            Action(label="Status", command=Status()),
            Action(label="Help", command=Help()),
        ),
    )
