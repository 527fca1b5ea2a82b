"""Translate Chinese sentences into sentences of the grammar.

The bot never runs a translation: it suggests the translation, and the person decides.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.core.commands.chinese.chinese_parts import Part, is_chinese, parts_of
from bot.core.commands.chinese.chinese_words import (
    ENDING,
    EXCLUDING,
    HOW,
    LATER,
    MESSAGES,
    NEGATIONS,
    NOTIFY,
    NOTIFY_ALL,
    PARTICLES,
    TELL,
)
from bot.core.commands.chinese.wanted_events import (
    BY_SUBSCRIPTION,
    MESSAGES_STOP,
    NO_TIMERS,
    NOT_LATER,
    subscription,
    widened,
)
from bot.core.commands.times.until import is_end, is_span
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import folded
from bot.core.text import Words

#: Returns a valid sentence itself, or the sentences that are suggested for an invalid one.
Meant = Callable[[str], tuple[str, ...]]

_TIMES = re.compile(r"[0-9]{1,2}(?::[0-9]{2})?-[0-9]{1,2}(?::[0-9]{2})?")
_EVENTS = ("failed", "running", "finished", "stopped", "started", "stuck", "deleted", "changes")
# The verbs that name an event: `停止时通知我`.
_EVENT_OF_VERB = {"stop": "stopped", "restart": "started"}
_EVENT_OF_WORDS = {"for failures": "failed"}
_NOTIFY_VERBS = (NOTIFY, NOTIFY_ALL, TELL)
_LANGUAGES = ("zh-CN", "en")
_QUESTIONS = ("吗", "么", "呢", "状态")
_PLACES = ("here", "me")
_FOR_A_PLACE = ("snooze", "wake", "quiet", "digest")
_ACTING = ("stop", "restart")
_ABOUT_ONE_JOB = ("why", "history", "details", "claim", "disclaim")
_SUGGESTED_AT_MOST = 2


class Translated(NamedTuple):
    """The Chinese verb as typed, and the sentences that the person may mean, likeliest first."""

    verb: str
    sentences: tuple[str, ...]
    #: The answer, if it is not that the verb is unknown.
    problem: Words = ""


def translated(words: Sequence[Word], meant: Meant) -> Translated | None:
    """Translate a request with a Chinese verb. Return None for words that are no request: they have
    no verb, negate it, or report what happened."""
    parts = list(parts_of(" ".join(map(_plain, words))))
    if request := _unwanted_messages(parts, meant):
        return request
    requests = [at for at, part in enumerate(parts) if part.verb in _NOTIFY_VERBS]
    if requests and (request := _notify_request(parts, requests[0], meant)):
        return request
    verbs = [at for at, part in enumerate(parts) if part.verb and part.verb not in _NOTIFY_VERBS]
    at = next((at for at in verbs if parts[at].verb != "settings"), verbs[0]) if verbs else None
    if at is None or (requests and parts[at].verb in _ACTING) or not _asks(parts, at):
        return None
    others = [part for part in (*parts[:at], *parts[at + 1 :]) if part.said]
    if not others and not all(part.is_known for part in parts):
        return None
    typed, verb = parts[at].text, parts[at].verb
    if not HOW.isdisjoint(part.text for part in parts) and not _jobs(parts):
        return Translated(typed, (f"help {verb.partition(' ')[0]}",))
    if verb in _ACTING and (request := _unusual_act(parts, at)):
        return request
    return Translated(typed, _sentences(verb, others, meant))


def _jobs(parts: Sequence[Part]) -> list[str]:
    return [part.said for part in parts if part.is_typed and not is_end(part.said)]


def _unwanted_messages(parts: Sequence[Part], meant: Meant) -> Translated | None:
    """Translate a request for no messages: `停止订阅205`, `不要通知我`; None for any other."""
    ending = next((part.text for part in parts if part.text in ENDING), "")
    is_of_messages = any(
        part.text in MESSAGES or part.verb in (*_NOTIFY_VERBS, "subscribe") for part in parts
    )
    if not ending or not is_of_messages:
        return None
    jobs = _jobs(parts)
    is_plain = all(part.text in ENDING or _adds_nothing(part) for part in parts)
    if not is_plain or len(jobs) > 1:
        return None
    job = "".join(jobs)
    sentences = (f"unsubscribe {job}".rstrip(), f"snooze {job or 'here'} 4h")
    return Translated(ending, tuple(one for one in sentences if meant(one)), MESSAGES_STOP)


def _adds_nothing(part: Part) -> bool:
    """Return whether a part names no event, time or condition, and asks nothing."""
    is_question = part.text in _QUESTIONS or part.verb == "why"
    is_conditional = part.text in LATER or bool(_event(part)) or is_end(part.said)
    return part.is_known and not is_question and not is_conditional


def _unusual_act(parts: Sequence[Part], at: int) -> Translated | None:
    """Translate a request to stop or restart all but one job, several jobs, or one at a later
    time; None for a usual one."""
    typed, verb = parts[at].text, parts[at].verb
    if any(part.text in EXCLUDING for part in parts):
        return Translated(typed, ())
    if _names_several(parts):
        return Translated(typed, ("list running" if verb == "stop" else "list failed",))
    if sentences := _at_a_later_time(verb, [*parts[:at], *parts[at + 1 :]]):
        return Translated(typed, sentences, NOT_LATER)
    return None


def _names_several(parts: Sequence[Part]) -> bool:
    """Return whether the parts mean more than one job: `所有作业`, `失败的作业`."""
    if _jobs(parts):
        return False
    is_of_a_state = any(_event(one) and next.text == "的" for one, next in pairwise(parts))
    return is_of_a_state or any(part.said in ("all", "project") for part in parts)


def _at_a_later_time(verb: str, parts: Sequence[Part]) -> tuple[str, ...]:
    """Return the sentences for `明天停止205`; none for a request to act at once."""
    end = next((part.said for part in parts if is_end(part.said)), "")
    if not end and all(part.text not in LATER and not _event(part) for part in parts):
        return ()
    job = "".join(_jobs(parts)[:1])
    keep = end if is_span(end) else f"until {end}"
    keeps = (" ".join(f"keep {job} {keep}".split()),) if end and verb == "stop" else ()
    return (*keeps, f"{verb} {job}".rstrip())


def _notify_request(parts: Sequence[Part], at: int, meant: Meant) -> Translated | None:
    """Translate a request to be notified; None if a word is unknown or negates it."""
    is_known = all(part.is_known and part.text not in NEGATIONS for part in parts)
    is_question = any(part.text in _QUESTIONS for part in parts)
    jobs = _jobs(parts)
    is_timed = any(is_end(part.said) for part in parts)
    events = [event for part in parts if (event := _event(part))]
    is_told = parts[at].verb != TELL or any(map(_event, parts[:at])) or is_timed
    others = [part for part in parts[:at] if part.verb and not _event(part)]
    is_of_its_thread = not others and (bool(events) or not any(part.said for part in parts))
    if not ((jobs or is_of_its_thread) and is_known and is_told) or is_question:
        return None
    wanted = ("stuck", "cost") if is_timed else widened(events)
    where = "" if parts[at].verb == NOTIFY_ALL else "dm"
    asked = [subscription(job, wanted, where=where) for job in jobs or [""]]
    sentences = [one for sentence in asked for one in meant(sentence)[:1]]
    problem = NO_TIMERS if is_timed else BY_SUBSCRIPTION
    return Translated(parts[at].text, tuple(sentences), problem)


def _event(part: Part) -> str:
    said = _EVENT_OF_VERB.get(part.verb) or _EVENT_OF_WORDS.get(part.said, part.said)
    return said if said in _EVENTS else ""


def has_acting_verb(text: str) -> bool:
    """Return whether a Chinese text asks to stop or restart a job: `停止231`, but not `停止的`."""
    parts = list(parts_of(folded(text)))
    at = next((at for at, part in enumerate(parts) if part.verb), None)
    return at is not None and parts[at].verb in _ACTING and _asks(parts, at)


def _asks(parts: Sequence[Part], at: int) -> bool:
    """Return whether the verb at `at` is a request, unlike in `231停止了吗`, `不要停止231` and
    `昨天停止231`: no negation or unknown word may precede it, and no mark of the past follow it."""
    before, after = parts[:at], parts[at + 1 :]
    if any(part.text in NEGATIONS or not part.is_known for part in before):
        return False
    if after and after[0].text in PARTICLES and parts[at].verb != "why":
        return False
    is_behind_its_job = any(part.said for part in before)
    if parts[at].verb == "status" and is_behind_its_job:
        return False  # `205状态`: the job's card answers this
    return not is_behind_its_job or all(part.is_known for part in after)


def _sentences(verb: str, others: Sequence[Part], meant: Meant) -> tuple[str, ...]:
    said = _ranged(" ".join(part.said for part in others).split())
    if verb == "snooze" and "off" in said:  # `取消205的静音`
        verb, said = "wake", [one for one in said if one != "off"]
    verb = _meant_verb(verb, said)
    said = _options_of(verb, said)
    is_open = verb in _FOR_A_PLACE and not any(one in _PLACES for one in said)
    job = _jobs(others)
    options = [
        [_about(verb, job[0])] if len(job) == 1 and verb in ("why", "status") else [],
        [" ".join([verb, place, *said]) for place in _PLACES if is_open],
        [" ".join([verb, *said])],
        [f"{verb} {one}" for one in job],
    ]
    for sentences in options:
        if found := [one for one in sentences if meant(one) == (one,)]:
            return tuple(found[:_SUGGESTED_AT_MOST])
    return meant(" ".join([verb, *said])) or meant(" ".join([verb, *job[:1]]))


def _meant_verb(verb: str, said: Sequence[str]) -> str:
    """Return `quiet` for a snooze of a time range, `snooze` for quiet hours of a span."""
    is_of_hours = any(map(_TIMES.fullmatch, said))
    if verb == "snooze" and is_of_hours:
        return "quiet"
    is_once = any(map(is_span, said)) or ("until" in said and not is_of_hours)
    return "snooze" if verb == "quiet" and is_once else verb


def _options_of(verb: str, said: list[str]) -> list[str]:
    """Return the words as the verb takes them."""
    if verb == "copy":
        return ["to" if one == "until" else one for one in said]
    if verb == "subscribe":
        return _of_a_subscription(said)
    if verb in _ABOUT_ONE_JOB:
        return [one for one in said if one not in (*_EVENTS, "for", "failures")]
    if verb in _ACTING:
        return [one for one in said if one != "all"]
    if verb == "settings" and len(said) == 1 and said[0] in _LANGUAGES:
        return ["language", *said]
    if verb in ("keep", "snooze"):
        return [one for one in said if one not in _EVENTS]
    return said


def _of_a_subscription(said: list[str]) -> list[str]:
    """Return the words with `for` before events, `in` before a place, and `project` for `all`."""
    found: list[str] = []
    where: list[str] = []
    for one in said:
        if one == "dm" or one.startswith("#"):
            found = found[:-1] if found[-1:] in (["until"], ["in"]) else found
            where += ["in", one]
        elif is_span(one) and found[-1:] != ["until"]:
            found += ["until", one]
        else:
            found.append(f"for {one}" if one in _EVENTS else "project" if one == "all" else one)
    return [*found, *where]


def _about(verb: str, job: str) -> str:
    """Return the sentence for a question about one job; for its status, the job alone."""
    return job if verb == "status" and job != "letters" else f"{verb} {job}"


def _ranged(said: list[str]) -> list[str]:
    """Join `22:00 until 8:00` into the range `22:00-8:00`."""
    for at in range(len(said) - 2):
        times = f"{said[at]}-{said[at + 2]}"
        if said[at + 1] == "until" and _TIMES.fullmatch(times) and ":" in times:
            return [*said[:at], times, *said[at + 3 :]]
    return said


def _plain(word: Word) -> str:
    text = folded(word.typed)
    return word.sentence if word.quoted and not is_chinese(text[:1]) else text
