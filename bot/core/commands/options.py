"""Options after a target, in any order, and their values."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.core.commands.tokens import Word, joined, shown
from bot.core.commands.vocabulary import OPTIONS
from bot.core.errors import BadCommand

# An id is written in capitals, and no name is: `#general` is a name. One that somebody typed anew
# is known by its 0.
_CHANNEL = re.compile(r"#[CGD][A-Z0-9]{2,20}|#[cgd]0[a-z0-9]{6,20}")

_EXAMPLES = {
    "subscribe": "subscribe 205, subscribe flowers* for failed in dm until 18:00 as card",
    "unsubscribe": "unsubscribe 205, unsubscribe flowers* in dm, unsubscribe all",
    "copy": "copy 205 to dm, copy all to #channel",
}

# What comes after an option that takes one word.
_EXPECTED = {
    "in": "a channel or dm",
    "to": "a channel or dm",
    "until": "a time or a span",
    "as": "thread, card or channel",
}


@dataclass(frozen=True, slots=True)
class Options:
    """The words after a target, by the option before them, and an example for who erred."""

    words: dict[str, list[Word]]
    example: str


def target_and_options(
    verb: str, words: list[Word], allowed: tuple[str, ...]
) -> tuple[Word, Options]:
    example = f"For example: {_EXAMPLES[verb]}."
    if not words or words[0].keyword in OPTIONS:
        raise BadCommand(f"`{verb}` needs a job, a pattern or `project`.", hint=example)
    options: dict[str, list[Word]] = {}
    values: list[Word] | None = None
    for word in words[1:]:
        if word.keyword in allowed:
            values = _opened(options, word.keyword)
        elif values is None:
            raise BadCommand(
                f"`{shown(word.text)}` is one word too many after `{shown(words[0].text)}`.",
                hint=f"After the job come, in any order: {', '.join(allowed)}. {example}",
            )
        else:
            values.append(word)
    return words[0], Options(options, example)


def _opened(options: dict[str, list[Word]], name: str) -> list[Word]:
    if name in options:
        raise BadCommand(f"`{name}` is said twice.", hint="Say it once.")
    options[name] = []
    return options[name]


def option_value(options: Options, name: str, read: Callable[[str], str]) -> str:
    words = options.words.get(name)
    if words is None:
        return ""
    if not words:
        raise BadCommand(f"`{name}` needs {_EXPECTED[name]} after it.", hint=options.example)
    if len(words) > 1:
        raise BadCommand(
            f"`{name}` takes one word, {_EXPECTED[name]}, and you wrote `{shown(joined(words))}`.",
            hint=options.example,
        )
    return read(words[0].text)


def option_place(options: Options, name: str) -> str:
    said = option_value(options, name, str)
    if said.lower() in ("", "dm"):
        return said.lower()
    if _CHANNEL.fullmatch(said):
        return said.upper()
    raise BadCommand(
        f"`{shown(said)}` is no channel that I can reach.",
        hint="Pick the channel from the list that Slack shows after you type #, or say dm. "
        + options.example,
    )
