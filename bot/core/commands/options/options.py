"""Parse the options after a target, in any order, and their values."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.commands.options.option_guess import with_options
from bot.core.commands.targets.job_reference import with_labels
from bot.core.commands.times.until import is_end
from bot.core.commands.words.tokens import Word, joined, shown
from bot.core.commands.words.vocabulary import OPTIONS
from bot.core.errors import BadCommand
from bot.core.place_ids import channel_id_in
from bot.core.text import Code, Text, Words, enumeration, say, sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRules:
    """The options that a verb allows, and example sentences with them."""

    verb: str
    allowed: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """The words of each option's value; `example` is the hint in error messages."""

    words: dict[str, list[Word]]
    example: Words


def split_options(words: list[Word], rules: OptionRules) -> tuple[Word | None, Options]:
    """Split the words after a verb into the target (None if none is named) and the options. Raises
    BadCommand."""
    examples = enumeration([Code(example) for example in rules.examples])
    example = say("For example: {examples}.", examples=examples)
    words = with_labels(_without_preposition(words, rules.allowed))
    words = [word for word in words if word.text != "-" or word.quoted]  # `205 - for failed`
    has_target = bool(words) and words[0].keyword not in OPTIONS
    target = words[0] if has_target else None
    options: dict[str, list[Word]] = {}
    values: list[Word] | None = None
    for word in words[1:] if has_target else words:
        if word.keyword in rules.allowed:
            values = _open(options, word.keyword)
        elif values is None:
            meant = with_options(words, rules.allowed) if target else ""
            raise BadCommand(
                say(
                    "`{word}` is one word too many after `{job}`.",
                    word=shown(word.text),
                    job=shown(target.text if target else rules.verb),
                ),
                hint=sentences(_may_follow(rules), example),
                suggestions=(f"{rules.verb} {meant}",) if meant else (),
            )
        else:
            values.append(word)
    return target, Options(options, example)


def _without_preposition(words: list[Word], allowed: tuple[str, ...]) -> list[Word]:
    """Drop the preposition of `subscribe to 205` and `unsubscribe from 205`."""
    is_followed = len(words) > 1 and words[1].keyword not in OPTIONS
    says_nothing = words and words[0].keyword in ("to", "from") and words[0].keyword not in allowed
    return words[1:] if says_nothing and is_followed else words


def option_value(options: Options, name: str, read: Callable[[str], str]) -> str:
    """Return the one word after an option, as `read` parses it; empty without the option.
    Raises BadCommand."""
    words = options.words.get(name)
    if words and len(words) > 1:
        raise BadCommand(
            say(
                "`{option}` takes one word, {expected}; you wrote `{words}`.",
                option=name,
                expected=_EXPECTED[name],
                words=shown(joined(words)),
            ),
            hint=options.example,
            option=name,
        )
    return option_words(options, name, read)


def option_words(options: Options, name: str, read: Callable[[str], str]) -> str:
    """Return all words after an option, as `read` parses them; empty without the option.
    Raises BadCommand."""
    words = options.words.get(name)
    if words is None:
        return ""
    if not words:
        raise BadCommand(
            say("`{option}` needs {expected} after it.", option=name, expected=_EXPECTED[name]),
            hint=options.example,
            option=name,
        )
    return read(" ".join(word.text for word in words))


def option_place(options: Options, name: str) -> str:
    """Return the place after an option: `dm`, or `#` and a channel's id; empty without the option.
    Raises BadCommand."""
    said = joined(options.words.get(name, []))
    if is_end(said):
        raise BadCommand(
            say("`{words}` is a time; `{option}` takes a channel.", words=shown(said), option=name),
            hint=sentences(PICK_A_CHANNEL, options.example),
            option=name,
        )
    return option_value(
        options, name, lambda word: checked_place(word, option=name, example=options.example)
    )


def checked_place(text: str, *, option: str, example: Words) -> str:
    """Return `dm`, or `#` and a channel's id, for the word of a place. Raises BadCommand."""
    if text.lower() == "dm":
        return "dm"
    if text.startswith("#") and (channel_id := channel_id_in(text[1:])):
        return f"#{channel_id}"
    raise BadCommand(
        say("I can't reach a channel called `{word}`.", word=shown(text)),
        hint=sentences(PICK_A_CHANNEL, example),
        option=option,
    )


def option_is_set(options: Options, name: str) -> bool:
    """Return whether an option without a value is present. Raises BadCommand if it has a value."""
    words = options.words.get(name)
    if words:
        raise BadCommand(
            say(
                "`{option}` takes no word; you wrote `{words}`.",
                option=name,
                words=shown(joined(words)),
            ),
            hint=say("Leave the word out."),
            option=name,
        )
    return words is not None


def _may_follow(rules: OptionRules) -> Text:
    options = enumeration([Code(option) for option in rules.allowed])
    return say("After the job, in any order: {options}.", options=options)


#: The hint for a word that names no place.
PICK_A_CHANNEL = say("Pick the channel from the list that Slack shows after #, or type `dm`.")

# What each option expects after it, for error messages.
_EXPECTED = {
    "in": say("a channel or `dm`"),
    "to": say("a channel or `dm`"),
    "until": say("a time or a span"),
    "as": say("`thread`, `card` or `channel`"),
}


def _open(options: dict[str, list[Word]], name: str) -> list[Word]:
    if name in options:
        raise BadCommand(
            say("`{option}` is there twice.", option=name), hint=say("Use it once."), option=name
        )
    options[name] = []
    return options[name]
