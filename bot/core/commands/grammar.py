"""The grammar: reads a sentence. One parser for what is typed and what is clicked."""

import difflib
from functools import lru_cache

from bot.core.commands.command import Command
from bot.core.commands.help import Help
from bot.core.commands.job_reference import parse_job
from bot.core.commands.show import Show
from bot.core.commands.tokens import Word, shown, split
from bot.core.commands.verbs import VERB_NAMES, VERBS
from bot.core.errors import BadCommand

_PARSERS = {verb.name: verb.parse for verb in VERBS}


# Many people say the same few sentences: every button says one.
@lru_cache(maxsize=512)
def parse(text: str) -> Command:
    """Read a sentence. `parse(command.text) == command`. Raises BadCommand and nothing else."""
    words = split(text, VERB_NAMES)
    share = len(words) > 1 and words[-1].keyword == "share"
    if share:
        words = words[:-1]
    if not words:
        return Help()
    if words[0].verb:
        return _PARSERS[words[0].verb](words[1:], share)
    if len(words) == 1:
        return Show(parse_job(words[0]), share)
    raise _unknown_verb(words, share)


def nearest_verbs(word: str) -> tuple[str, ...]:
    """The verbs that a mistyped word may have meant, likeliest first."""
    near = difflib.get_close_matches(word.lower(), VERB_NAMES, n=3, cutoff=0.6)
    return tuple(dict.fromkeys(VERB_NAMES[word] for word in near))


def _unknown_verb(words: list[Word], share: bool) -> BadCommand:
    first, *rest = words
    if first.text.isdecimal() and not rest[0].verb:
        return BadCommand(
            f"`{shown(rest[0].text)}` is one word too many after `{shown(first.text)}`.",
            hint="After a job comes nothing but `share`.",
            suggestions=(first.sentence,) if _parses(first.sentence) else (),
        )
    said = " ".join([*(word.sentence for word in rest), *(["share"] if share else [])])
    guesses = [f"{verb} {said}" for verb in nearest_verbs(first.text)]
    # Only these can be sentences; parsing others would recurse through their words one by one.
    if not guesses and (len(rest) == 1 or rest[0].verb):
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
