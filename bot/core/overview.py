"""The page of one person's own: what runs now, oldest first, and whether the bot is well."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.core.answers import choices
from bot.core.card import Action, Card, Control, Line, Moment, Picker, Strong, TimeStyle
from bot.core.command import Find, Help, ListJobs, Status
from bot.core.health import SourceHealth
from bot.core.job import Phase, VisualizationJob
from bot.core.wording import age_words, count_words, job_words, symbol

# What one glance takes in; the picker below reaches the rest.
_SHOWN_AT_MOST = 10
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def overview_cards(
    jobs: Sequence[VisualizationJob], *, source: SourceHealth, slash_command: str
) -> tuple[Card, ...]:
    """Running now; failed; how the bot is. `jobs` come from the last sweep."""
    running = sorted(
        (job for job in jobs if job.status.phase is Phase.RUNNING),
        key=lambda job: job.created_at or _LONG_AGO,
    )
    failed = [job for job in jobs if job.status.phase is Phase.FAILED]
    return (
        _group("Running now", running, "Nothing runs now.", "Each is billed until it is stopped."),
        _group("Failed", failed, "Nothing has failed.", ""),
        _health(source, slash_command),
    )


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
