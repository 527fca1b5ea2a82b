"""Parse the word for a period that may stand beside a job: `7d`, `month`."""

import re
from collections.abc import Collection

from bot.core.commands.chinese.chinese_words import WORDS
from bot.core.commands.targets.job_reference import JobByWord, JobRef
from bot.core.commands.times.stretches import nearest_stretch
from bot.core.commands.words.tokens import Word, shown
from bot.core.errors import BadCommand
from bot.core.text import Code, any_of, say

# Words that look like a period rather than like a job.
_LIKE_TIME = re.compile(
    r"[0-9]++(?:s|min|m|h|d|w|y|hours?+|days?+|weeks?+|months?+|years?+)|hour|day|week|month|year|today"
    r"|yesterday|daily|weekly|monthly|all"
)


def job_text(job: JobRef, reserved: Collection[str]) -> str:
    """Return a job as people type it beside a period. Quote a name that looks like a period."""
    is_taken = isinstance(job, JobByWord) and _is_time(job.word.lower(), reserved)
    return f'"{job.text}"' if is_taken and not job.text.startswith('"') else job.text


def single_word(
    words: list[Word], allowed: Collection[str], *, verb: str, example: str
) -> tuple[str, list[Word]]:
    """Return the allowed word among the words (empty for none), and the words that are left, at
    most one. Raises BadCommand."""
    words = [_in_english(word, allowed) for word in _without_this(words, allowed)]
    found = [word.keyword for word in words if word.keyword in allowed]
    rest = [word for word in words if word.keyword not in allowed]
    odd = [word for word in rest if _is_time(word.keyword, allowed)] or rest[1:]
    if len(found) <= 1 and not odd:
        return "".join(found), rest
    spans = any_of([Code(one) for one in allowed])
    meant = nearest_stretch(words, allowed)
    raise BadCommand(
        say(
            "`{verb}` does not know `{word}`; beside a job it takes {spans}.",
            verb=verb,
            word=shown(odd[0].text),
            spans=spans,
        )
        if odd
        else say("`{verb}` takes only one of {spans}.", verb=verb, spans=spans),
        hint=say("For example: `{example}`.", example=example),
        suggestions=(f"{verb} {meant}",) if meant else (),
    )


def without_of(words: list[Word]) -> list[Word]:
    """Drop the preposition of `cost of 205` and `history for 205`."""
    return words[1:] if len(words) > 1 and words[0].keyword in ("of", "for", "about") else words


def _in_english(word: Word, allowed: Collection[str]) -> Word:
    """Return `week` for `本周`."""
    meant = "" if word.quoted else WORDS.get(word.text, "")
    return Word(meant, quoted=False) if meant in allowed else word


def _without_this(words: list[Word], allowed: Collection[str]) -> list[Word]:
    """Drop the unquoted `this` of `this week`. A person can quote a job that is named `this`."""
    before = [at for at, word in enumerate(words[1:]) if word.keyword in allowed]
    return [w for at, w in enumerate(words) if not (at in before and w.keyword == "this")]


def _is_time(word: str, allowed: Collection[str]) -> bool:
    return word in allowed or bool(_LIKE_TIME.fullmatch(word))
