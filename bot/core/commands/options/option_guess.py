"""Insert options that a person left out: `subscribe 205 dm` becomes `subscribe 205 in dm`."""

from collections.abc import Collection, Sequence

from bot.core.change import Event
from bot.core.commands.times.until import is_end
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import OPTIONS
from bot.core.subscription import DeliveryMode, Preset

_EVENTS = frozenset(known.value for known in (*Event, *Preset))
_MODES = frozenset(mode.value for mode in DeliveryMode)
# Words before a value that are dropped, unless they are options of the verb.
_LEADING = frozenset({"to", "on", "when", "if", "only", "and", "or", "at", "by"})


def with_options(words: Sequence[Word], allowed: Collection[str]) -> str:
    """Return the target and the words after it, with the missing options inserted; empty if a word
    fits no allowed option."""
    said = [target_of(words[0].sentence, allowed)]
    last = ""
    for at, word in enumerate(words[1:], 1):
        if word.keyword in allowed:
            rest = [one.sentence for one in words[at:]] if last else []
            return " ".join([*said, *rest]) if rest else ""
        if word.keyword in _LEADING:
            continue
        option = "" if word.keyword in OPTIONS else _option_of(word, allowed)
        if option not in allowed:
            return ""
        said += [word.sentence] if option == last else [option, word.sentence]
        last = option
    return " ".join(said)


def target_of(said: str, allowed: Collection[str]) -> str:
    """Return the target of a subscription that a word means: `project` for `all`."""
    return "project" if "for" in allowed and said.lower() in _EVERYTHING else said


_EVERYTHING = ("all", "any", "everything", "every")


def _option_of(word: Word, allowed: Collection[str]) -> str:
    """Return the option of a value; for a place, `to` if the verb has it."""
    option = option_of(word)
    return "to" if option == "in" and "to" in allowed else option


def option_of(word: Word) -> str:
    """Return the option that takes a value such as this word; empty if no option does."""
    text = word.keyword
    if text == "dm" or text.startswith("#"):
        return "in"
    if text in _MODES:
        return "as"
    events = [event for event in text.split(",") if event]
    if events and _EVENTS.issuperset(events):
        return "for"
    return "until" if is_end(text) else ""
