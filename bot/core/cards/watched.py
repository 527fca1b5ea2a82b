"""The card of a job in a place that follows it, or did."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.acting import Asked
from bot.core.cards.asked import asked_sentence
from bot.core.cards.card import Action, Card, Control, Line, Moment, Span, TimeStyle
from bot.core.cards.care import care_facts, care_sentences
from bot.core.cards.change_words import gone_sentence
from bot.core.cards.job_actions import Following, JobCard, job_actions, subscribe_sentence
from bot.core.cards.job_answer import link_note, link_sentence
from bot.core.cards.job_lines import (
    explanation,
    facts_line,
    followed_by,
    gone_line,
    read_sentence,
    read_time,
    seen_time,
    small_print,
    status_line,
    unconfirmed_line,
    unconfirmed_sentence,
)
from bot.core.cards.span_words import bar_lines, run_sentence_of
from bot.core.cards.status_meaning import meaning, needs_explanation
from bot.core.cards.wording import (
    full_words,
    job_sentence,
    job_words,
    moment_words,
    told_span,
)
from bot.core.care import NO_CARE, JobCare
from bot.core.change import NO_JOB, StatusChange
from bot.core.commands.job_reference import JobNumber
from bot.core.job import ENDED_PHASES, VisualizationJob
from bot.core.link import live_link
from bot.core.subscription import REVIVAL_HOURS
from bot.core.text import Text, Words, say, say_many, sentences
from bot.core.timeline import Span as StateSpan


def watched_card(
    job: VisualizationJob,
    *,
    change: StatusChange | None,
    link_hosts: Iterable[str],
    confirmed_at: datetime | None = None,
    unconfirmed: int = 0,
    followers: Sequence[str] = (),
    again: str = "",
    care: JobCare = NO_CARE,
    asked: Asked | None = None,
    act: Action | None = None,
    last_run: Sequence[StateSpan] = (),
) -> Card:
    """A job in a place that follows it. `change` is its latest, if there was one. `confirmed_at`
    is set while no good read confirms the state; the card then warns, and shows no running clock.
    `unconfirmed` counts messages under the card that may be missing; `followers` are the people
    who subscribed the place; `again` follows an ended job as before; `care` is what people said
    of the job; `asked` is the last action on the job, `act` what may be done now; `last_run` what
    was seen of its last run where that is over."""
    doubts = _doubts(unconfirmed, job)
    if change is not None and change.step.after == NO_JOB:
        return _gone_card(job, doubts, last_run)
    is_asked = asked_sentence(job, change, asked)
    if change is not None and told_span(job, just_changed=_just_changed(job, change)) is None:
        job = job._replace(duration=None)
    link = live_link(job, link_hosts)
    is_ended = job.status.phase in ENDED_PHASES and not followers
    ended: tuple[Span, ...] = (ENDED_NOTE,) if is_ended else ()
    facts = (*care_facts(job, care), *((followed_by(followers),) if followers else ended))
    status = unconfirmed_line(job, confirmed_at) if confirmed_at else status_line(job)
    more = (*care_sentences(job, care), ENDED_SENTENCE if is_ended else "", *doubts)
    return Card(
        summary=sentences(_summary(job, link, confirmed_at, is_asked, last_run), *more),
        lines=(status, *_asked_line(is_asked), *_run_line(last_run), *_rest(job)),
        notes=(
            small_print(job, *link_note(job, link), *facts, as_of=_as_of(job, confirmed_at)),
            *((doubt,) for doubt in doubts),
        ),
        controls=_controls(job, link, None if is_asked else act, is_ended=is_ended, again=again),
    )


def _summary(
    job: VisualizationJob,
    link: str,
    confirmed_at: datetime | None,
    is_asked: Text | None,
    last_run: Sequence[StateSpan],
) -> Words:
    return sentences(
        _state_sentence(job, confirmed_at),
        is_asked or "",
        "" if confirmed_at else link_sentence(job, link),
        meaning(job.status) if needs_explanation(job.status) else "",
        run_sentence_of(last_run),
        _facts_sentence(job, confirmed_at),
    )


def _rest(job: VisualizationJob) -> tuple[Line, ...]:
    return (*explanation(job), *facts_line(job))


def _asked_line(is_asked: Text | None) -> tuple[Line, ...]:
    return ((is_asked,),) if is_asked else ()


def _state_sentence(job: VisualizationJob, confirmed_at: datetime | None) -> Text:
    """What the thread is called in Slack's lists begins with it, so with the name and the id."""
    if confirmed_at is not None:
        return unconfirmed_sentence(job, full_words(job), confirmed_at)
    return job_sentence(job, name=full_words(job))


def _gone_card(
    job: VisualizationJob, doubts: tuple[Text, ...], last_run: Sequence[StateSpan]
) -> Card:
    return Card(
        summary=sentences(
            gone_sentence(full_words(job)),
            run_sentence_of(last_run),
            say("Job {id}, last seen {time}.", id=job.id, time=moment_words(job.read_at)),
            GONE_SENTENCE,
            *doubts,
        ),
        lines=(gone_line(job), *_run_line(last_run), *facts_line(job)),
        notes=(small_print(job, GONE_NOTE, as_of=seen_time(job)), *((doubt,) for doubt in doubts)),
    )


def _run_line(last_run: Sequence[StateSpan]) -> tuple[Line, ...]:
    return bar_lines(last_run) if last_run else ()


def _just_changed(job: VisualizationJob, change: StatusChange) -> bool:
    return (job.read_at - change.seen_at).total_seconds() < _A_MINUTE


_A_MINUTE = 60

ENDED_NOTE = say(
    "following has ended; it resumes if the job restarts within {hours}\u00a0h",
    hours=REVIVAL_HOURS,
)
ENDED_SENTENCE = say(
    "Following has ended. It resumes if the job restarts within {hours}\u00a0h.",
    hours=REVIVAL_HOURS,
)
GONE_NOTE = say("following has ended")
GONE_SENTENCE = say("Nothing more will be posted about it.")


def _as_of(job: VisualizationJob, confirmed_at: datetime | None) -> Text:
    if confirmed_at is None:
        return read_time(job)
    return say("last confirmed {time}", time=Moment(confirmed_at, TimeStyle.DAY_AND_CLOCK))


def _facts_sentence(job: VisualizationJob, confirmed_at: datetime | None) -> Words:
    if confirmed_at is not None:
        return say("Job {id}, {code}.", id=job.id, code=job.status.vendor_name)
    return read_sentence(job)


def _doubts(unconfirmed: int, job: VisualizationJob) -> tuple[Text, ...]:
    if not unconfirmed:
        return ()
    return (
        say_many(
            "{count} message below may be missing: I could not check Slack. Type `why {id}` to see"
            " which.",
            "{count} messages below may be missing: I could not check Slack. Type `why {id}` to see"
            " which.",
            unconfirmed,
            id=job.id,
        ),
    )


def _controls(
    job: VisualizationJob, link: str, act: Action | None, *, is_ended: bool, again: str
) -> tuple[Control, ...]:
    return job_actions(
        JobNumber(str(job.id)),
        card=JobCard.FOLLOWED,
        following=Following.ENDED if is_ended else Following.YES,
        link=link,
        subscribe=subscribe_sentence(again) if is_ended else None,
        name=job_words(job),
        act=act,
    )
