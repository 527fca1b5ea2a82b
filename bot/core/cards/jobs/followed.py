"""The card of a job in a place that follows it, or followed it until the job ended."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.card_content import CardContent
from bot.core.cards.card import Action, Card, Control, Line, Moment, Span, TimeStyle
from bot.core.cards.jobs.asked import asked_sentence, stopped_sentence
from bot.core.cards.jobs.care import care_facts, care_sentences
from bot.core.cards.jobs.job_actions import Following, JobCard, job_actions, subscribe_sentence
from bot.core.cards.jobs.job_answer import link_note, link_sentence
from bot.core.cards.jobs.job_lines import (
    card_sentence,
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
from bot.core.cards.jobs.span_words import bar_lines, run_sentence_of
from bot.core.cards.wording import job_sentence, job_words, told_span
from bot.core.cards.words.change_words import gone_sentence
from bot.core.cards.words.hold_words import snoozed_here, snoozed_sentence
from bot.core.cards.words.status_meaning import job_meaning, needs_explanation
from bot.core.change import StatusChange
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.job import VisualizationJob
from bot.core.link import live_link
from bot.core.subscription import REVIVAL_HOURS
from bot.core.text import Text, Words, say, say_many, sentences
from bot.core.timeline import Span as StateSpan
from bot.core.timeline import joined


def followed_card(
    shown: CardContent, *, link_hosts: Iterable[str], act: Action | None = None
) -> Card:
    """Return the card of a job in a place that follows it. While no good read confirms the state,
    the card warns, and shows no running clock. `act` is the button of the legal action, or None."""
    doubts = _doubts(shown.unconfirmed, shown.job)
    if shown.is_gone:
        return _gone_card(shown.job, doubts, shown.last_run)
    job, change, confirmed_at = shown.job, shown.change, shown.confirmed_at
    is_asked = asked_sentence(job, change, shown.asked)
    acted = is_asked or stopped_sentence(job, change, shown.asked)
    if change is not None:
        job = job._replace(duration=told_span(job, just_changed=_just_changed(job, change)))
    link = live_link(job, link_hosts)
    status = unconfirmed_line(job, confirmed_at) if confirmed_at else status_line(job)
    snoozed = (snoozed_here(shown.snooze),) if shown.snooze else ()
    facts = (*link_note(job, link), *care_facts(job, shown.care), *snoozed, *_follower_span(shown))
    return Card(
        summary=sentences(
            card_sentence(job),
            _state_sentence(job, confirmed_at),
            acted or "",
            "" if confirmed_at else link_sentence(job, link),
            job_meaning(job, shown.last_run) if needs_explanation(job.status) else "",
            run_sentence_of(shown.last_run),
            _facts_sentence(job, confirmed_at),
            *care_sentences(job, shown.care),
            snoozed_sentence(shown.snooze) if shown.snooze else "",
            ENDED_SENTENCE if shown.has_ended else "",
            *doubts,
        ),
        lines=(
            status,
            *(((acted,),) if acted else ()),
            *_run_line(shown.last_run),
            *explanation(job, shown.last_run),
            *facts_line(job),
        ),
        notes=(
            small_print(job, *facts, as_of=_as_of(job, confirmed_at)),
            *((doubt,) for doubt in doubts),
        ),
        controls=_controls(shown, link, None if is_asked else act),
    )


def _follower_span(shown: CardContent) -> tuple[Span, ...]:
    if shown.followers:
        return (followed_by(shown.followers),)
    return (ENDED_NOTE,) if shown.has_ended else ()


def _state_sentence(job: VisualizationJob, confirmed_at: datetime | None) -> Text:
    if confirmed_at is not None:
        return unconfirmed_sentence(job, job_words(job), confirmed_at)
    return job_sentence(job)


def _gone_card(
    job: VisualizationJob, doubts: tuple[Text, ...], last_run: Sequence[StateSpan]
) -> Card:
    last_read = Moment(job.read_at, TimeStyle.DAY_AND_CLOCK)
    return Card(
        summary=sentences(
            card_sentence(job),
            gone_sentence(job_words(job)),
            run_sentence_of(last_run),
            say("Job {id}, last seen {time}.", id=job.id, time=last_read),
            GONE_SENTENCE,
            *doubts,
        ),
        lines=(gone_line(job), *_run_line(last_run), *facts_line(job)),
        notes=(small_print(job, GONE_NOTE, as_of=seen_time(job)), *((doubt,) for doubt in doubts)),
    )


def _run_line(last_run: Sequence[StateSpan]) -> tuple[Line, ...]:
    """Return the states of the last run as a bar; nothing for a single one, which the status line
    has with its length."""
    return bar_lines(last_run) if len([one for one in joined(last_run) if one.length]) > 1 else ()


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
        return read_time(job, TimeStyle.DAY_AND_CLOCK)
    return say("last confirmed {time}", time=Moment(confirmed_at, TimeStyle.DAY_AND_CLOCK))


def _facts_sentence(job: VisualizationJob, confirmed_at: datetime | None) -> Words:
    if confirmed_at is not None:
        return say("Job {id}, {code}.", id=job.id, code=job.status.vendor_name)
    return read_sentence(job, TimeStyle.DAY_AND_CLOCK)


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


def _following(shown: CardContent) -> Following:
    if shown.has_ended:
        return Following.ENDED
    return Following.WITH_OTHERS if shown.is_with_others else Following.YES


def _controls(shown: CardContent, link: str, act: Action | None) -> tuple[Control, ...]:
    job, is_ended = shown.job, shown.has_ended
    return job_actions(
        JobNumber(str(job.id)),
        card=JobCard.FOLLOWED,
        following=_following(shown),
        link=link,
        subscribe=subscribe_sentence(shown.resubscribe_sentence) if is_ended else None,
        name=job_words(job),
        act=act,
        is_snoozed=shown.snooze is not None,
    )
