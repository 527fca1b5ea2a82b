"""The lines of a job on cards: its status, its facts, and the small print."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.cards.card import Code, Line, Moment, Person, Span, Strong, TimeStyle
from bot.core.cards.change_words import GONE_SYMBOL
from bot.core.cards.cleaning import shown, visible
from bot.core.cards.status_meaning import job_meaning, needs_explanation
from bot.core.cards.wording import age_words, called, full_words, state_words, symbol
from bot.core.job import JobStatus, Phase, VisualizationJob
from bot.core.text import Text, Words, say, say_many
from bot.core.timeline import Span as StateSpan

#: Between two facts of a line.
DOT = "  ·  "

# The card gives a taste of it; Details has it all.
_LONGEST_DESCRIPTION = 120


def status_line(job: VisualizationJob) -> Line:
    """`🟢 flowers-tb (205) · Running · 2 h 14 min`."""
    return _line(job, Strong(state_words(job.status)))


def listed_line(job: VisualizationJob) -> Line:
    """The same as a row of a list, where only the name stands out."""
    return _line(job, state_words(job.status))


def _line(job: VisualizationJob, state: Span) -> Line:
    age = age_words(job)
    return (f"{symbol(job.status)} ", called(job, Strong), DOT, state, *((DOT, age) if age else ()))


def gone_line(job: VisualizationJob) -> Line:
    """`🗑️ flowers-tb (205) · Deleted · last seen running`."""
    name, state = called(job, Strong), Strong(say("Deleted"))
    return (f"{GONE_SYMBOL} ", name, DOT, state, DOT, last_seen(job))


def unconfirmed_line(job: VisualizationJob, since: datetime) -> Line:
    """`⚠️ flowers-tb (205) · Not confirmed since 22:00; last seen running`."""
    words = say(
        "Not confirmed since {time}; {last_seen}", time=Moment(since), last_seen=last_seen(job)
    )
    return ("⚠️ ", called(job, Strong), DOT, words)


def last_seen_line(job: VisualizationJob) -> Line:
    """The same of one among many in an outage, where no clock runs."""
    return ("⚠️ ", called(job, Strong), DOT, last_seen(job))


def unconfirmed_sentence(job: VisualizationJob, name: Words, since: datetime) -> Text:
    """The same where it can only be written."""
    return say(
        "{name} has not been confirmed since {time}; {last_seen}.",
        name=name,
        time=Moment(since, TimeStyle.DAY_AND_CLOCK),
        last_seen=last_seen(job),
    )


def last_seen(job: VisualizationJob) -> Text:
    """`last seen running`."""
    return say("last seen lost") if job.status is JobStatus.LOST else _LAST_SEEN[job.status.phase]


_LAST_SEEN = {
    Phase.QUEUED: say("last seen queued"),
    Phase.RUNNING: say("last seen running"),
    Phase.STOPPING: say("last seen stopping"),
    Phase.FINISHED: say("last seen finished"),
    Phase.STOPPED: say("last seen stopped"),
    Phase.FAILED: say("last seen failed"),
    Phase.DELETE_FAILED: say("last seen when it could not be deleted"),
    Phase.UNKNOWN: say("last seen in an unknown state"),
}


def explanation(job: VisualizationJob, last_run: Sequence[StateSpan] = ()) -> tuple[Line, ...]:
    """The cause and the next step, where something went wrong."""
    return ((job_meaning(job, last_run),),) if needs_explanation(job.status) else ()


def facts_line(job: VisualizationJob) -> tuple[Line, ...]:
    """Its description, its OBS path and since when it is there; no line where it has none."""
    facts: list[Span] = []
    if description := visible(shown(job.description, _LONGEST_DESCRIPTION)):
        facts.append(description)
    if path := visible(shown(job.train_url, len(job.train_url))):
        facts.append(Code(path))
    if job.created_at:
        created = Moment(job.created_at, TimeStyle.DAY_AND_CLOCK)
        facts.append(say("created {time}", time=created))
    return (dotted(*facts),) if facts else ()


def small_print(job: VisualizationJob, *facts: Span, as_of: Span) -> Line:
    """The vendor's raw status name, what a card has to add, and the time of the read."""
    return dotted(job.status.vendor_name, *facts, as_of)


def read_time(job: VisualizationJob, style: TimeStyle = TimeStyle.CLOCK) -> Text:
    """When it was read; with the day on a card that may stand for days."""
    return say("as of {time}", time=Moment(job.read_at, style))


def seen_time(job: VisualizationJob) -> Text:
    """The same for a job that is read no more."""
    return say("last seen {time}", time=Moment(job.read_at, TimeStyle.DAY_AND_CLOCK))


def read_sentence(job: VisualizationJob, style: TimeStyle = TimeStyle.CLOCK) -> Text:
    """Its id, the vendor's name of its status, and when it was read."""
    code, time = job.status.vendor_name, Moment(job.read_at, style)
    return say("Job {id}, {code}, as of {time}.", id=job.id, code=code, time=time)


def card_sentence(job: VisualizationJob) -> Text:
    """How the text of a card begins, whatever its state: Slack shows it above each reply, and in
    its lists of threads, as it was at some time."""
    return say("{job} has its card here.", job=full_words(job))


def followed_by(people: Sequence[str]) -> Span:
    """Who subscribed the place of a card."""
    named = [Person(one) for one in people[:2]]
    if len(people) == 1:
        return say("followed by {person}", person=named[0])
    if len(people) == 2:
        return say("followed by {first} and {second}", first=named[0], second=named[1])
    return say_many(
        "followed by {first}, {second} and {count} more",
        "followed by {first}, {second} and {count} more",
        len(people) - 2,
        first=named[0],
        second=named[1],
    )


def dotted(*facts: Span) -> Line:
    """Facts with dots between them."""
    line: list[Span] = []
    for fact in facts:
        line += [DOT, fact]
    return tuple(line[1:])
