"""The grammar: how a sentence is read. One parser for what is typed and what is clicked."""

import difflib
import re
from collections.abc import Callable
from functools import lru_cache

from bot.core.command import Command, Find, Help, ListJobs, Show, Status
from bot.core.errors import BadCommand
from bot.core.job_reference import parse_job
from bot.core.letter_commands import EVERY_LETTER, DeadLetters, Redeliver
from bot.core.subscribing_grammar import (
    parse_copy,
    parse_subscribe,
    parse_subscriptions,
    parse_unsubscribe,
    parse_why,
)
from bot.core.vocabulary import ALIASES, LISTED_PHASES, VERBS
from bot.core.words import Word, joined, shown, split

_LETTER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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


def _parse_list(words: list[Word], share: bool) -> Command:
    phases = {phase.value: phase for phase in LISTED_PHASES}
    phase = phases.get(words[0].keyword) if words else None
    return ListJobs(phase, joined(words[1:] if phase else words), share)


def _parse_find(words: list[Word], share: bool) -> Command:
    del share  # a picker is for the one who types
    return Find(joined(words))


def _parse_status(words: list[Word], share: bool) -> Command:
    if [word.keyword for word in words] == ["letters"]:
        return DeadLetters()  # for the one who asks: some are theirs alone
    if words:
        raise BadCommand(
            f"`status` takes no more words than `letters`, and you wrote `{shown(joined(words))}`.",
            hint="It tells whether the bot itself is well; status letters, what was never sent.",
            suggestions=("status", "status letters"),
        )
    return Status(share)


def _parse_redeliver(words: list[Word], share: bool) -> Command:
    del share
    letter = words[0].text.lower() if len(words) == 1 else ""
    if letter != EVERY_LETTER and not _LETTER.fullmatch(letter):
        raise BadCommand(
            "`redeliver` takes the id of one dead letter, or `all`.",
            hint="Say status letters: a button under each says it.",
            suggestions=("status letters",),
        )
    return Redeliver(letter)


def _parse_help(words: list[Word], share: bool) -> Command:
    del share
    verb = words[0].verb if words else ""
    return Help(verb if verb in VERBS else "")


# Each takes the words after its verb, and whether `share` was the last one.
_PARSERS: dict[str, Callable[[list[Word], bool], Command]] = {
    "list": _parse_list,
    "find": _parse_find,
    "status": _parse_status,
    "redeliver": _parse_redeliver,
    "help": _parse_help,
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
