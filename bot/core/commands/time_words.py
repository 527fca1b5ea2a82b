"""The one word for a stretch of time that may stand beside a job: `7d`, `month`."""

import re
from collections.abc import Collection

from bot.core.commands.job_reference import JobByWord, JobRef
from bot.core.commands.tokens import Word, shown
from bot.core.errors import BadCommand
from bot.core.text import Code, any_of, say

# What looks like a stretch of time rather than like a job.
_LIKE_TIME = re.compile(
    r"[0-9]++(?:s|min|m|h|d|w|y|hours?+|days?+|weeks?+|months?+|years?+)|hour|day|week|month|year|today"
    r"|yesterday|daily|weekly|monthly|all"
)


def job_text(job: JobRef, reserved: Collection[str]) -> str:
    """How a job is named beside such a word; one that is named like it is quoted."""
    is_taken = isinstance(job, JobByWord) and _is_time(job.word.lower(), reserved)
    return f'"{job.text}"' if is_taken and not job.text.startswith('"') else job.text


def single_word(
    words: list[Word], allowed: Collection[str], *, verb: str, example: str
) -> tuple[str, list[Word]]:
    """The one of the words that is allowed, wherever it stands, or an empty one; and the one that
    is left at most. Raises BadCommand."""
    found = [word.keyword for word in words if word.keyword in allowed]
    rest = [word for word in words if word.keyword not in allowed]
    odd = [word for word in rest if _is_time(word.keyword, allowed)] or rest[1:]
    if len(found) <= 1 and not odd:
        return "".join(found), rest
    spans = any_of([Code(one) for one in allowed])
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
    )


def _is_time(word: str, allowed: Collection[str]) -> bool:
    return word in allowed or bool(_LIKE_TIME.fullmatch(word))
