"""A command as the label of a button, in the language of the reader."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce

from bot.core.commands.words.tokens import Word, split
from bot.core.text import Text, Words, enumeration, say

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
_WITH_A_VALUE: dict[str, Callable[[Words], Text]] = {
    "as": lambda what: say("as {what}", what=what),
    "at": lambda what: say("at {what}", what=what),
    "except": lambda what: say("except {what}", what=what),
    "for": lambda what: say("for {what}", what=what),
    "in": lambda what: say("in {what}", what=what),
    "language": lambda what: say("language {what}", what=what),
    "to": lambda what: say("to {what}", what=what),
    "until": lambda what: say("until {what}", what=what),
}
# After these verbs comes a job or a part of a name, which is never translated.
_OF_A_JOB = frozenset(
    ("claim", "copy", "details", "disclaim", "find", "history", "keep", "redeliver",
     "restart", "stop", "why")
)  # fmt: skip
_LAST = "last"


def typed_words(sentence: str) -> Words:
    """Return the words for a command: `stop 231`, in Chinese `停止 231`. Names, times and ids
    stay as they are."""
    first, *rest = split(sentence, {})
    verb = _VERBS.get(first.keyword)
    if verb is None:
        return sentence
    return reduce(_joined, _rest(first.keyword, rest), verb)


def _joined(said: Text, word: Words) -> Text:
    return say("{verb} {what}", verb=said, what=word)


def _rest(verb: str, words: Sequence[Word]) -> Iterator[Words]:
    """Yield the words after a verb; an option with its value is one."""
    rest = list(words)
    if rest and verb in _OF_A_JOB and rest[0].keyword != _LAST:
        yield rest.pop(0).sentence
    while rest:
        word = rest.pop(0)
        with_value = _WITH_A_VALUE.get(word.keyword)
        yield with_value(_known(rest.pop(0))) if with_value and rest else _known(word)


def _known(word: Word) -> Words:
    """Return words of the grammar in the reader's language, and any other word as it is."""
    found = [_OPTIONS.get(part) for part in word.sentence.split(",")]
    options = [one for one in found if one]
    return enumeration(options) if len(options) == len(found) else word.sentence
