"""The state of a followed job: what it is, since when, and when the bot reads it next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.audience import is_live
from bot.core.cards.card import day_and_clock
from bot.core.cards.jobs.job_lines import unconfirmed_sentence
from bot.core.cards.wording import called, duration_words, job_sentence, told_span
from bot.core.cards.words.change_words import gone_sentence
from bot.core.job import Phase, VisualizationJob
from bot.core.next_look import until_next_look
from bot.core.subscription import REVIVAL_HOURS, DeliveryMode, Subscription
from bot.core.text import Text, Value, Words, say, sentences
from bot.core.timeline import JobRecord

_INTERVALS_OF_DOUBT = 3
_A_MOMENT = timedelta(seconds=2)
_TOLD_SPAN_SAYS_IT = (Phase.RUNNING, Phase.QUEUED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentState:
    """A job as last read, its record, and the rhythm of its reads."""

    job: VisualizationJob
    now: datetime
    #: The time between two reads while nothing changes.
    interval: timedelta
    #: The record of the job; None if nobody follows it.
    record: JobRecord | None = None

    @property
    def is_gone(self) -> bool:
        """Return True if the job was deleted."""
        return self.record is not None and self.record.is_gone

    @property
    def is_confirmed(self) -> bool:
        """Return False if reads have failed for so long that the state may have changed."""
        between = until_next_look(self.job.status, self.interval)
        return self.now - self.job.read_at <= _INTERVALS_OF_DOUBT * between

    @property
    def until_next(self) -> timedelta:
        """Return the time until the next read of the job."""
        due = self.job.read_at + until_next_look(self.job.status, self.interval)
        return max(due - self.now, timedelta())


def state_now(state: CurrentState, style: Callable[[Words], Value] = lambda name: name) -> Words:
    """Return `flowers-tb (205) has been running for 2 h 14 min.`, with the name in a `style`."""
    job, name = state.job, called(state.job, style)
    if state.is_gone:
        return gone_sentence(name)
    if not state.is_confirmed:
        return unconfirmed_sentence(job, name, job.read_at)
    return sentences(job_sentence(job, name=name), _since(state))


def _since(state: CurrentState) -> Words:
    job, record = state.job, state.record
    is_told = job.status.phase in _TOLD_SPAN_SAYS_IT and told_span(job) is not None
    if record is None or is_told:
        return ""
    last = record.changes[-1] if record.changes else None
    if (last.step.after if last else record.job.status) != job.status:
        return ""  # a newer read shows a status that is not recorded yet
    if last:
        return say("Unchanged since {time}.", time=day_and_clock(last.seen_at))
    first = day_and_clock(record.watched_since)
    return say("Unchanged since {time}, when I first looked.", time=first)


def nothing_yet(here: Sequence[Subscription], latest: datetime | None) -> Words:
    """Return since when a place follows the job, if nothing has changed since; else empty. `latest`
    is when the last change was seen."""
    live = [one for one in here if is_live(one)]
    if not live:
        return ""
    since = min(one.created_at for one in live)
    if latest is not None and latest >= since:
        return ""
    return say("Followed since {time}; nothing has changed since then.", time=day_and_clock(since))


def no_change(*, is_followed: bool) -> Words:
    """Return that no change is recorded; if nobody follows the job, also why."""
    return sentences(
        say("I have recorded no change in the last 7 days."),
        "" if is_followed else say("I record what I see of a job while somebody follows it."),
    )


def next_look(
    state: CurrentState | None, here: Sequence[Subscription], *, is_held: bool = False
) -> Words:
    """Return when the bot reads the job next, and how the place gets a change: on a card, in a
    post, or, if the place `is_held`, not yet."""
    live = [one for one in here if is_live(one)]
    if here and not live:
        return say(
            "Following has ended. It resumes if the job restarts within {hours}\u00a0h.",
            hours=REVIVAL_HOURS,
        )
    if not live or state is None or state.is_gone:
        return ""
    if not state.is_confirmed:
        return say("ModelArts isn't answering. Until it does, I can't see any changes.")
    when = _when(state.until_next)
    if all(one.delivery_mode is DeliveryMode.CARD for one in live):
        return say("I look again {when}, and show on its card what has changed.", when=when)
    if is_held:
        return say("I look again {when}.", when=when)
    return say("I look again {when}, and post here what has changed.", when=when)


def looks_again(state: CurrentState, followed: Sequence[Subscription]) -> Words:
    """Return when the bot reads the job next, without a place; empty if nobody follows the job."""
    if state.is_gone or not any(map(is_live, followed)):
        return ""
    if not state.is_confirmed:
        return say("ModelArts isn't answering. Until it does, I can't see any changes.")
    return say("I look again {when}.", when=_when(state.until_next))


def _when(span: timedelta) -> Text:
    if span < _A_MOMENT:
        return say("in a moment")
    return say("in about {span}", span=duration_words(span))
