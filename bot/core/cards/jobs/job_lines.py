"""The lines of a job on cards: its status, its facts, and the small print."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.cards.card import Code, Line, Moment, Person, Span, Strong, TimeStyle
from bot.core.cards.cleaning import shown, visible
from bot.core.cards.wording import age_words, called, full_words, state_words, symbol
from bot.core.cards.words.change_words import GONE_SYMBOL
from bot.core.cards.words.status_meaning import job_meaning, needs_explanation
from bot.core.job import JobStatus, Phase, VisualizationJob
from bot.core.listed import first_of
from bot.core.text import NO_BREAK, Text, Words, all_of, enumeration, say, say_many
from bot.core.timeline import Span as StateSpan

#: The separator of two facts of a line. Where the line wraps, it stays with the later fact.
DOT = Text(f"  ·{NO_BREAK}{NO_BREAK}")

# The card shows only the begin of the description; Details shows all of it.
_LONGEST_DESCRIPTION = 120


def status_line(job: VisualizationJob) -> Line:
    """Return `🟢 flowers-tb (205) · Running · 2 h 14 min`, with the name and the state in bold."""
    return _line(job, Strong(state_words(job.status)))


def listed_line(job: VisualizationJob) -> Line:
    """Return the status line for a list, in which only the name is bold."""
    return _line(job, state_words(job.status))


def _line(job: VisualizationJob, state: Span) -> Line:
    age = age_words(job)
    return (f"{symbol(job.status)} ", called(job, Strong), DOT, state, *((DOT, age) if age else ()))


def gone_line(job: VisualizationJob) -> Line:
    """Return `🗑️ flowers-tb (205) · Deleted · last seen running`."""
    name, state = called(job, Strong), Strong(say("Deleted"))
    return (f"{GONE_SYMBOL} ", name, DOT, state, DOT, last_seen(job))


def unconfirmed_line(job: VisualizationJob, since: datetime) -> Line:
    """Return `⚠️ flowers-tb (205) · Not confirmed since today 22:00; last seen running`."""
    time = Moment(since, TimeStyle.DAY_AND_CLOCK)
    words = say("Not confirmed since {time}; {last_seen}", time=time, last_seen=last_seen(job))
    return ("⚠️ ", called(job, Strong), DOT, words)


def last_seen_line(job: VisualizationJob) -> Line:
    """Return `⚠️ flowers-tb (205) · last seen running`, for the rows of a list in an outage."""
    return ("⚠️ ", called(job, Strong), DOT, last_seen(job))


def unconfirmed_sentence(job: VisualizationJob, name: Words, since: datetime) -> Text:
    """Return the line of an unconfirmed job as a sentence, for a text without layout."""
    return say(
        "{name} has not been confirmed since {time}; {last_seen}.",
        name=name,
        time=Moment(since, TimeStyle.DAY_AND_CLOCK),
        last_seen=last_seen(job),
    )


def last_seen(job: VisualizationJob) -> Text:
    """Return `last seen running`."""
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
    """Return the cause and the next step of a problem; nothing for other statuses."""
    return ((job_meaning(job, last_run),),) if needs_explanation(job.status) else ()


def facts_line(job: VisualizationJob) -> tuple[Line, ...]:
    """Return the description, the OBS path and the creation time; no line for a job with none."""
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
    """Return the vendor's status name, further `facts`, and the time of the read."""
    return dotted(job.status.vendor_name, *facts, as_of)


def read_time(job: VisualizationJob, style: TimeStyle = TimeStyle.CLOCK) -> Text:
    """Return when the job was read; a card that people see for days needs a style with the day."""
    return say("as\u00a0of {time}", time=Moment(job.read_at, style))


def seen_time(job: VisualizationJob) -> Text:
    """Return when a job was last read that the bot no longer reads."""
    return say("last\u00a0seen {time}", time=Moment(job.read_at, TimeStyle.DAY_AND_CLOCK))


def read_sentence(job: VisualizationJob, style: TimeStyle = TimeStyle.CLOCK) -> Text:
    """Return the id of the job, the vendor's status name, and the time of the read."""
    code, time = job.status.vendor_name, Moment(job.read_at, style)
    return say("Job {id}, {code}, as of {time}.", id=job.id, code=code, time=time)


def card_sentence(job: VisualizationJob) -> Text:
    """Return the begin of a card's text. It names no state: Slack shows an old copy of it above
    each reply and in its lists of threads."""
    return say("{job} has its card here.", job=full_words(job))


def followed_by(people: Sequence[str]) -> Span:
    """Return who subscribed the place of a card: the first names, and how many more."""
    named = [Person(one) for one in first_of(people, _NAMED_AT_MOST)]
    if rest := len(people) - len(named):
        return say_many(
            "followed by {people} and {count} more",
            "followed by {people} and {count} more",
            rest,
            people=enumeration(named),
        )
    return say("followed by {people}", people=all_of(named))


_NAMED_AT_MOST = 2


def dotted(*facts: Span) -> Line:
    """Join facts to a line, with dots between them."""
    line: list[Span] = []
    for fact in facts:
        line += [DOT, fact]
    return tuple(line[1:])
