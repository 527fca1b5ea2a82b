"""The options after a target, in any order, and their values."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.core.commands.job_reference import with_labels
from bot.core.commands.tokens import Word, joined, shown
from bot.core.commands.vocabulary import OPTIONS
from bot.core.errors import BadCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRules:
    """Which options a verb allows, and sentences that show them."""

    verb: str
    allowed: tuple[str, ...]
    examples: str


@dataclass(frozen=True, slots=True)
class Options:
    """The words after a target, by the option before them; `example` is a hint for mistakes."""

    words: dict[str, list[Word]]
    example: str


def split_options(words: list[Word], rules: OptionRules) -> tuple[Word | None, Options]:
    """The target, if one is named, and the options of a sentence, without its verb. Raises
    BadCommand."""
    example = f"For example: {rules.examples}."
    words = with_labels(_without_preposition(words, rules.allowed))
    has_target = bool(words) and words[0].keyword not in OPTIONS
    target = words[0] if has_target else None
    options: dict[str, list[Word]] = {}
    values: list[Word] | None = None
    for word in words[1:] if has_target else words:
        if word.keyword in rules.allowed:
            values = _open(options, word.keyword)
        elif values is None:
            raise BadCommand(
                f"`{shown(word.text)}` is one word too many after "
                f"`{shown(target.text if target else rules.verb)}`.",
                hint=f"After the job come, in any order: {', '.join(rules.allowed)}. {example}",
            )
        else:
            values.append(word)
    return target, Options(options, example)


def _without_preposition(words: list[Word], allowed: tuple[str, ...]) -> list[Word]:
    """`subscribe to 205` and `unsubscribe from 205`, as people say it."""
    is_followed = len(words) > 1 and words[1].keyword not in OPTIONS
    says_nothing = words and words[0].keyword in ("to", "from") and words[0].keyword not in allowed
    return words[1:] if says_nothing and is_followed else words


def option_value(options: Options, name: str, read: Callable[[str], str]) -> str:
    """The one word after an option, as `read` reads it; empty without the option.
    Raises BadCommand."""
    words = options.words.get(name)
    if words is None:
        return ""
    if not words:
        raise BadCommand(
            f"`{name}` needs {_EXPECTED[name]} after it.", hint=options.example, option=name
        )
    if len(words) > 1:
        raise BadCommand(
            f"`{name}` takes one word, {_EXPECTED[name]}, and you wrote `{shown(joined(words))}`.",
            hint=options.example,
            option=name,
        )
    return read(words[0].text)


def option_place(options: Options, name: str) -> str:
    """The place after an option: `dm`, or `#` and a channel's id. Raises BadCommand."""
    return option_value(
        options, name, lambda word: checked_place(word, option=name, example=options.example)
    )


def checked_place(text: str, *, option: str, example: str) -> str:
    """The word for a place in its one spelling. Raises BadCommand."""
    if text.lower() == "dm":
        return "dm"
    if _CHANNEL.fullmatch(text):
        return text.upper()
    raise BadCommand(
        f"`{shown(text)}` is no channel that I can reach.",
        hint="Pick the channel from the list that Slack shows after you type #, or say dm. "
        + example,
        option=option,
    )


def option_is_set(options: Options, name: str) -> bool:
    """True if an option that takes no value is there. Raises BadCommand."""
    words = options.words.get(name)
    if words:
        raise BadCommand(
            f"`{name}` takes no word, and you wrote `{shown(joined(words))}`.",
            hint="Leave the word out.",
            option=name,
        )
    return words is not None


# What comes after an option that takes one word.
_EXPECTED = {
    "in": "a channel or dm",
    "to": "a channel or dm",
    "until": "a time or a span",
    "as": "thread, card or channel",
}

# An id is written in capitals, and no name is: `#general` is a name. An id that somebody retyped
# in small letters is known by its 0.
_CHANNEL = re.compile(r"#[CGD][A-Z0-9]{2,20}|#[cgd]0[a-z0-9]{6,20}")


def _open(options: dict[str, list[Word]], name: str) -> list[Word]:
    if name in options:
        raise BadCommand(f"`{name}` is said twice.", hint="Say it once.")
    options[name] = []
    return options[name]
