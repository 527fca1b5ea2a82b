"""The grammar: how a sentence is read. One parser for what is typed and what is clicked."""

import difflib
from collections.abc import Callable
from functools import lru_cache

from bot.core.commands.command import Command
from bot.core.commands.copy import parse_copy
from bot.core.commands.find import parse_find
from bot.core.commands.help import Help, parse_help
from bot.core.commands.job_reference import parse_job
from bot.core.commands.list_jobs import parse_list
from bot.core.commands.redeliver import parse_redeliver
from bot.core.commands.show import Show
from bot.core.commands.status import parse_status
from bot.core.commands.subscribe import parse_subscribe
from bot.core.commands.subscriptions import parse_subscriptions
from bot.core.commands.tokens import Word, shown, split
from bot.core.commands.unsubscribe import parse_unsubscribe
from bot.core.commands.vocabulary import ALIASES, VERBS
from bot.core.commands.why import parse_why
from bot.core.errors import BadCommand


# Few sentences are said by many: every button says one.
@lru_cache(maxsize=512)
def parse(text: str) -> Command:
    """Read a sentence. `parse(command.text) == command`. Raises BadCommand and nothing else."""
    words = split(text)
    share = len(words) > 1 and words[-1].keyword == "share"
    if share:
        words = words[:-1]
    if not words:
        return Help()
    if words[0].verb in _PARSERS:
        return _PARSERS[words[0].verb](words[1:], share)
    if len(words) == 1:
        return Show(parse_job(words[0]), share)
    raise _unknown_verb(words, share)


def nearest_verbs(word: str) -> tuple[str, ...]:
    """The verbs that a mistyped word may have meant, likeliest first."""
    known = [*VERBS, *ALIASES]
    near = difflib.get_close_matches(word.lower(), known, n=3, cutoff=0.6)
    return tuple(dict.fromkeys(ALIASES.get(verb, verb) for verb in near))


# Each takes the words after its verb, and whether `share` was the last one.
_PARSERS: dict[str, Callable[[list[Word], bool], Command]] = {
    "list": parse_list,
    "find": parse_find,
    "status": parse_status,
    "redeliver": parse_redeliver,
    "help": parse_help,
    "subscribe": parse_subscribe,
    "unsubscribe": parse_unsubscribe,
    "subscriptions": parse_subscriptions,
    "copy": parse_copy,
    "why": parse_why,
}


def _unknown_verb(words: list[Word], share: bool) -> BadCommand:
    first, *rest = words
    if first.text.isdecimal() and rest[0].verb not in _PARSERS:
        return BadCommand(
            f"`{shown(rest[0].text)}` is one word too many after `{shown(first.text)}`.",
            hint="After a job comes nothing but `share`.",
            suggestions=(first.sentence,) if _parses(first.sentence) else (),
        )
    said = " ".join([*(word.sentence for word in rest), *(["share"] if share else [])])
    guesses = [f"{verb} {said}" for verb in nearest_verbs(first.text)]
    # Only these can be sentences, and parsing others would go through their words one by one.
    if not guesses and (len(rest) == 1 or rest[0].verb in _PARSERS):
        guesses = [f"{said} share" if first.keyword == "share" else said]
    return BadCommand(
        f"I do not know `{shown(first.text)}`.",
        hint="Type one job, or a verb and what it is about.",
        suggestions=tuple(guess for guess in guesses if _parses(guess))[:2],
    )


def _parses(sentence: str) -> bool:
    try:
        parse(sentence)
    except BadCommand:
        return False
    return True
