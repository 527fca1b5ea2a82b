"""Recognize requests to be notified, such as `tell me when 205 is done` or `remind me about 205 in
2h`, and suggest the subscription that does it. Each word is looked up in a table."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from bot.core.commands.chinese.wanted_events import (
    BY_SUBSCRIPTION,
    EVENT_WORDS,
    NO_TIMERS,
    NOTIFY_HINT,
    events_of,
    subscription,
)
from bot.core.commands.mentions.glued import NamesJob
from bot.core.commands.targets.job_reference import is_name, is_reference
from bot.core.commands.times.spans import spelled_span
from bot.core.commands.times.until import is_end
from bot.core.commands.times.vague_ends import runs
from bot.core.commands.words.politeness import is_asking, is_beside_the_point
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import word_set
from bot.core.errors import BadCommand
from bot.core.place_ids import channel_id_in

_ALL = word_set("us here everyone everybody")
# What the words in capitals below stand for.
_SETS = {
    "WHOM": {"me", *_ALL},
    "NOTIFY": word_set("notify email ping alert message dm pm warn inform remind poke nudge"),
    "MESSAGES": word_set("messages notifications alerts updates reminders"),
    "NOTE": word_set("message dm ping notification alert note nudge reminder heads-up"),
}


def _heads(*patterns: str) -> set[tuple[str, ...]]:
    """Return the beginnings that the patterns allow; `a|b` is one word of the two."""
    said = ([_SETS.get(one, one.split("|")) for one in pattern.split()] for pattern in patterns)
    return {head for words in said for head in product(*words)}


# These also begin questions about the present: `tell me if 205 is running`.
_TELL_HEADS = _heads("tell WHOM", "let WHOM know", "want|like|need to know", "lmk")
_REQUEST_HEADS = _TELL_HEADS | _heads(
    "NOTIFY",
    "NOTIFY WHOM",
    "tag|mention|call|text|update WHOM",
    "keep WHOM posted|updated|informed",
    "enable|activate|send|post MESSAGES",
    "send WHOM MESSAGES",
    "turn on MESSAGES",
    "send|give WHOM a NOTE",
    "get a NOTE",
    "get|be notified",
    "hit WHOM up",
    "give WHOM a shout",
    "set reminder",
    "set a reminder",
    "reminder",
    "wake me",
    "wake me up",
)
_LONGEST_HEAD = max(map(len, _REQUEST_HEADS))
_WHEN = word_set("when once whenever after as soon if")
_IS = word_set("is are was has have did does")
_CHANNELS = word_set("channel team group here")
_IT = (
    word_set("it it's its this that when once if about is are gets has in at for on the of me")
    | EVENT_WORDS
    | _CHANNELS
)
_OTHERS = ("@", "<@")
_BEFORE_A_JOB = word_set("when once whenever if as after of about on for")
_REMINDING = word_set("remind reminder")
_AT_A_TIME = word_set("still before")
_TIME_AT_MOST = 4
_OFFERED_AT_MOST = 2


class _NotifyRequest(NamedTuple):
    head: tuple[str, ...]
    #: The words beside the head; of these, the jobs, and the lower-case text of other words.
    rest: list[Word]
    jobs: list[Word]
    said: list[str]

    @property
    def is_timed(self) -> bool:
        """Return whether the request names a time; no subscription has one."""
        is_at_a_time = not _AT_A_TIME.isdisjoint(self.said) or _has_time(self.said)
        return is_at_a_time or (self.is_reminder and _WHEN.isdisjoint(self.said))

    @property
    def is_reminder(self) -> bool:
        """Return whether the person asked for a reminder."""
        return not _REMINDING.isdisjoint(self.head)


def check_notify_request(words: Sequence[Word], names_job: NamesJob) -> None:
    """Raise BadCommand for a request to be notified of a job; suggest the subscription."""
    request = _notify_request(words, names_job)
    if request is None or not _is_meant(request):
        return
    events = ("stuck", "cost") if request.is_timed else events_of(request.said)
    jobs = [job.sentence for job in request.jobs] or [""]  # the job of the thread, or the bot asks
    sentences = [subscription(job, events, where=_where(request)) for job in jobs]
    raise BadCommand(
        NO_TIMERS if request.is_timed else BY_SUBSCRIPTION,
        hint=NOTIFY_HINT,
        suggestions=tuple(dict.fromkeys(sentences))[:_OFFERED_AT_MOST],
    )


def _is_meant(request: _NotifyRequest) -> bool:
    """Return False for a question about the present, such as `tell me if 205 is running`."""
    if request.head in _TELL_HEADS:
        is_of_now = "if" in request.said and not _IS.isdisjoint(request.said)
        if is_of_now or not (_WHEN.intersection(request.said) or _has_time(request.said)):
            return False
    is_plain = all(word in _IT or word.startswith(_OTHERS) for word in request.said)
    if request.jobs:
        return request.is_reminder or is_plain or len(request.head) > 1
    return (is_plain and len(request.said) + len(request.head) > 1) or (
        request.is_reminder and request.is_timed
    )


def _jobs(words: Sequence[Word], names_job: NamesJob) -> list[Word]:
    """Return the words that name jobs; the number of `30 minutes` does not."""
    return [
        word
        for at, word in enumerate(words)
        if (is_reference(word) or names_job(word.text))
        and not spelled_span(" ".join(one.text for one in words[at : at + 2]))
    ]


def _read(head: tuple[str, ...], rest: list[Word], names_job: NamesJob) -> _NotifyRequest:
    jobs = _jobs(rest, names_job) or _unknown_job(rest)
    said = [word.plain for word in rest if word not in jobs and not word.text.startswith("#")]
    return _NotifyRequest(head, rest, jobs, said)


def _unknown_job(rest: list[Word]) -> list[Word]:
    """Return the word that may begin a name, if it is the only unknown one: `when resnet is done`;
    else nothing."""
    unknown = [word for word in rest if word.plain not in _IT and not is_beside_the_point(word)]
    before = [word.plain for word in rest[: rest.index(unknown[0])]] if len(unknown) == 1 else []
    is_job = bool(before) and is_name(unknown[0].text) and before[-1] in _BEFORE_A_JOB
    return unknown if is_job else []


def _where(request: _NotifyRequest) -> str:
    """Return the channel that is named, or `dm`; empty, for the channel of the request, if others
    shall be notified."""
    named = [word.text for word in request.rest if channel_id_in(word.text.removeprefix("#"))]
    if named:
        return named[0]
    is_for_others = any(word.text.startswith(_OTHERS) for word in request.rest)
    is_for_others = is_for_others or not _CHANNELS.isdisjoint(request.said)
    return "" if is_for_others or any(whom in request.head for whom in _ALL) else "dm"


def _notify_request(words: Sequence[Word], names_job: NamesJob) -> _NotifyRequest | None:
    """Return the request that begins or ends the words, apart from polite words."""
    said = [word.plain for word in words]
    for at in range(len(said)):
        for size in range(min(_LONGEST_HEAD, len(said) - at), 0, -1):
            head = tuple(said[at : at + size])
            if head not in _REQUEST_HEADS:
                continue
            before, after = list(words[:at]), list(words[at + size :])
            jobs = [word for word in before if not is_asking(word)]
            if _jobs(jobs, names_job) == jobs:
                return _read(head, [*jobs, *after], names_job)
            is_last = said[0] in _WHEN and all(map(is_beside_the_point, after))
            return _read(head, before, names_job) if is_last else None
    return None


def _has_time(said: Sequence[str]) -> bool:
    runs_of_words = runs(len(said), _TIME_AT_MOST)
    return any(is_end(" ".join(said[begin:end])) for begin, end in runs_of_words)
