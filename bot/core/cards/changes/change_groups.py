"""The card of several changes in one message: a title with their span, and a line for each job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.cards.card import Card, Line, Moment, Person, Span, Strong, TimeStyle, end_after
from bot.core.cards.jobs.job_lines import DOT
from bot.core.cards.wording import job_words
from bot.core.cards.words.change_words import change_symbol, way_words
from bot.core.change import StatusChange
from bot.core.delivery import ChangesDelivery
from bot.core.job import JobId
from bot.core.text import Text, Value, Words, say, say_many, sentences

#: No job has an owner.
NOBODY: Mapping[JobId, str] = {}

_A_MINUTE = timedelta(minutes=1)
_A_DAY = timedelta(days=1)


def group_card(delivery: ChangesDelivery) -> Card:
    """Return the card of several changes that waited."""
    owners = {one.change.job.id: one.owner for one in delivery.members if one.owner}
    return changes_card(delivery.changes, owners=owners)


def changes_card(changes: Sequence[StatusChange], *, owners: Mapping[JobId, str] = NOBODY) -> Card:
    """Return the card of several changes, grouped by job: failed jobs first, and otherwise the
    latest change first. `owners` are the owners of the failed jobs."""
    jobs = sorted(_by_job(changes), key=lambda one: one.last.seen_at, reverse=True)
    jobs.sort(key=lambda one: one.rank)
    about = _about(jobs)
    style = _style(_span(changes), jobs)
    return Card(
        summary=sentences(_headline(changes, about), *(_sentence(one, style) for one in jobs)),
        lines=((_headline(changes, Strong(about)),), *(_line(one, style, owners) for one in jobs)),
    )


@dataclass(frozen=True, slots=True)
class _JobChanges:
    """The changes of one job in one message, in order."""

    changes: Sequence[StatusChange]

    @property
    def last(self) -> StatusChange:
        return self.changes[-1]

    @property
    def has_failed(self) -> bool:
        return any(one.step.is_failure for one in self.changes)

    @property
    def rank(self) -> int:
        """Return 0 if the last change is a failure, 1 if an earlier one is, else 2; 0 comes
        first."""
        if self.last.step.is_failure:
            return 0
        return 1 if self.has_failed else 2

    @property
    def way(self) -> Text:
        return way_words([one.step for one in self.changes])


def _by_job(changes: Sequence[StatusChange]) -> list[_JobChanges]:
    found: dict[JobId, list[StatusChange]] = {}
    for change in changes:
        found.setdefault(change.job.id, []).append(change)
    return [_JobChanges(own) for own in found.values()]


def _span(changes: Sequence[StatusChange]) -> timedelta:
    moments = [change.seen_at for change in changes]
    return max(moments) - min(moments)


def _about(jobs: Sequence[_JobChanges]) -> Words:
    if len(jobs) == 1:
        return job_words(jobs[0].last.job)
    return say_many("{count} job", "{count} jobs", len(jobs))


def _headline(changes: Sequence[StatusChange], about: Value) -> Text:
    """Return `What changed from … to …: 6 jobs.`"""
    moments = [change.seen_at for change in changes]
    begin, end = min(moments), max(moments)
    since = Moment(begin, TimeStyle.DAY_AND_CLOCK)
    if end - begin < _A_MINUTE:
        return say("What changed at {time}: {about}.", time=since, about=about)
    return say(
        "What changed from {begin} to {end}: {about}.",
        begin=since,
        end=end_after(begin, end),
        about=about,
    )


def _style(span: timedelta, jobs: Sequence[_JobChanges]) -> TimeStyle | None:
    """Return how each line shows its time; None if the headline already says it. Within a day of
    the headline's moment, the clock time is enough."""
    if len(jobs) == 1 or span < _A_MINUTE:
        return None
    return TimeStyle.CLOCK if span < _A_DAY else TimeStyle.DAY_AND_CLOCK


def _line(job: _JobChanges, style: TimeStyle | None, owners: Mapping[JobId, str]) -> Line:
    change, count = job.last, len(job.changes)
    line: list[Span] = [f"{change_symbol(change.step)} ", Strong(job_words(change.job)), DOT]
    line.append(job.way)
    if count > 1:
        line += [DOT, say_many("{count} change", "{count} changes", count)]
    if style:
        line += [DOT, Moment(change.seen_at, style)]
    if job.has_failed and (owner := owners.get(change.job.id)):
        line += [DOT, say("owner {person}", person=Person(owner))]
    return tuple(line)


def _sentence(job: _JobChanges, style: TimeStyle | None) -> Text:
    """Return the line of a job as a sentence, for screen readers."""
    name, count = job_words(job.last.job), len(job.changes)
    if style is None:
        return say_many(
            "{job}: {way}.", "{job}: {way}, {count} changes.", count, job=name, way=job.way
        )
    return say_many(
        "{job}: {way}, at {time}.",
        "{job}: {way}, {count} changes, the last at {time}.",
        count,
        job=name,
        way=job.way,
        time=Moment(job.last.seen_at, style),
    )
