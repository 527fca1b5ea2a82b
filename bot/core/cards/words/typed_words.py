"""A command as the label of a button, in the language of the reader."""

import re
from collections.abc import Callable, Sequence
from functools import reduce

from bot.core.commands.words.tokens import Word, split
from bot.core.text import Text, Words, enumeration, say
from bot.core.time_zone import zone_named

# In English these are the words of the grammar.
_VERBS = {
    one.message: one
    for one in (
        say("audit"), say("claim"), say("copy"), say("cost"), say("details"), say("digest"),
        say("disclaim"), say("find"), say("help"), say("history"), say("keep"), say("list"),
        say("quiet"), say("redeliver"), say("restart"), say("settings"),
        say("snooze"), say("status"), say("stop"), say("subscribe"), say("subscriptions"),
        say("unsubscribe"), say("wake"), say("why"),
    )
}  # fmt: skip
_OPTIONS = {
    one.message: one
    for one in (
        say("all"), say("anyway"), say("card"), say("changes"), say("channel"), say("deleted"),
        say("dm"), say("done"), say("export"), say("failed"), say("failures"), say("finished"),
        say("friday"), say("here"), say("last"), say("letters"), say("link"), say("me"),
        say("mine"), say("monday"), say("month"), say("never"), say("off"), say("preview"),
        say("project"), say("queued"), say("running"), say("saturday"), say("share"),
        say("started"), say("stopped"), say("stuck"), say("sunday"), say("thread"),
        say("thursday"), say("today"), say("tomorrow"), say("tuesday"), say("wednesday"),
        say("week"), say("weekdays"),
    )
}  # fmt: skip
# An option follows what is said so far; a translation may put it before that.
_WITH_A_VALUE: dict[str, Callable[[Words, Words], Text]] = {
    "as": lambda said, what: say("{said} as {what}", said=said, what=what),
    "at": lambda said, what: say("{said} at {what}", said=said, what=what),
    "except": lambda said, what: say("{said} except {what}", said=said, what=what),
    "for": lambda said, what: say("{said} for {what}", said=said, what=what),
    "in": lambda said, what: say("{said} in {what}", said=said, what=what),
    "language": lambda said, what: say("{said} language {what}", said=said, what=what),
    "to": lambda said, what: say("{said} to {what}", said=said, what=what),
    "until": lambda said, what: say("{said} until {what}", said=said, what=what),
}
_SPANS: dict[str, Callable[[str], Text]] = {
    "m": lambda count: say("{count}m", count=count),
    "h": lambda count: say("{count}h", count=count),
    "d": lambda count: say("{count}d", count=count),
}
_A_SPAN = re.compile(r"([0-9]+)([mhd])")
# After these verbs comes a job or a part of a name, which is never translated.
_OF_A_JOB = frozenset(
    ("claim", "copy", "details", "disclaim", "find", "history", "keep", "redeliver",
     "restart", "stop", "why")
)  # fmt: skip
_LAST = "last"


def typed_words(sentence: str) -> Words:
    """Return the words for a command: `stop 231`, in Chinese `停止 231`. Names, clock times and
    ids stay as they are."""
    first, *rest = split(sentence, {})
    said: Words | None = _VERBS.get(first.keyword)
    if said is None:
        return sentence
    if first.keyword == "keep" and len(rest) > 1:
        return _keep(rest)
    if first.keyword == "list" and rest and rest[0].keyword in _OPTIONS:
        said = say("list {state}", state=_known(rest.pop(0)))
    elif rest and first.keyword in _OF_A_JOB and rest[0].keyword != _LAST:
        said = _joined(said, rest.pop(0).sentence)
    while rest:
        word = rest.pop(0)
        with_value = _WITH_A_VALUE.get(word.keyword)
        if with_value and rest:
            said = _with_option(said, word.keyword, rest.pop(0))
        else:
            said = _joined(said, _known(word))
    return said


def _keep(words: Sequence[Word]) -> Text:
    job, *end = words
    name = _known(job) if job.keyword == _LAST else job.sentence
    if end[0].keyword == "until" and len(end) > 1:
        return say("keep {job} until {end}", job=name, end=_all_known(end[1:]))
    if end[0].keyword == "off":
        return say("keep {job} off", job=name)
    return say("keep {job} {span}", job=name, span=_all_known(end))


def _with_option(said: Words, option: str, value: Word) -> Text:
    """Return what is said so far with an option. A span and a time zone read otherwise than a
    moment and a place."""
    if option == "until" and _A_SPAN.fullmatch(value.keyword):
        return say("{said} until {span}", said=said, span=_known(value))
    if option == "in" and zone_named(value.text):
        return say("{said} in {zone}", said=said, zone=value.text)
    return _WITH_A_VALUE[option](said, _known(value))


def _joined(said: Words, what: Words) -> Text:
    return say("{verb} {what}", verb=said, what=what)


def _all_known(words: Sequence[Word]) -> Words:
    first, *rest = map(_known, words)
    return reduce(_joined, rest, first)


def _known(word: Word) -> Words:
    """Return words of the grammar in the reader's language, and any other word as it is."""
    if span := _A_SPAN.fullmatch(word.keyword):
        return _SPANS[span[2]](span[1])
    found = [_OPTIONS.get(part) for part in word.sentence.split(",")]
    options = [one for one in found if one]
    return enumeration(options) if len(options) == len(found) else word.sentence
