"""How a job is named in a sentence: by id, name, link, or as the last one."""

import re

from bot.core.command import JobById, JobByName, JobByWord, JobNumber, JobRef, LastJob
from bot.core.errors import BadCommand
from bot.core.job import LARGEST_JOB_ID, JobId
from bot.core.words import Word, shown

# Documented names have 20 characters; a longer one may come from a newer console.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DIGITS = re.compile(r"[0-9]+")
_NEGATIVE = re.compile(r"[-−–][0-9]+")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_ID_IN_LINK = re.compile(r"/([0-9]+)/?$")


def parse_job(word: Word) -> JobRef:
    """The job that one word names. Raises BadCommand."""
    text = word.text
    if word.keyword == "last":
        return LastJob()
    if _LINK.fullmatch(text):
        return _job_in_link(text)
    prefix, colon, rest = text.partition(":")
    if colon and prefix.lower() == "name" and rest:
        return JobByName(rest)
    if colon and prefix.lower() == "id":
        return JobById(_job_id(rest))
    if text.isdecimal() or _NEGATIVE.fullmatch(text):
        _job_id(text)
        return JobNumber(text)
    if _NAME.fullmatch(text):
        return JobByWord(text)
    raise BadCommand(
        f"`{shown(text)}` is neither a job id nor a job name.",
        hint="An id is a number such as 205; a name has letters, digits, _ and - only.",
    )


def _job_id(text: str) -> JobId:
    if not _DIGITS.fullmatch(text):
        raise _not_a_number(text)
    if not _fits(text):
        raise BadCommand(
            f"`{shown(text)}` is too large for a job id: it has {len(text)} digits.",
            hint=f"The largest id is {LARGEST_JOB_ID}.",
        )
    return JobId(int(text))


def _fits(text: str) -> bool:
    # Length first: turning a very long string of digits into a number is slow on purpose.
    digits = text.lstrip("0") or "0"
    return len(digits) <= len(str(LARGEST_JOB_ID)) and int(digits) <= LARGEST_JOB_ID


def _not_a_number(text: str) -> BadCommand:
    digits = "".join(str(int(c)) for c in text if c.isdecimal())[:19]
    return BadCommand(
        f"`{shown(text)}` is not a job id." if text else "After `id:` comes a job id.",
        hint="A job id is a positive whole number in the digits 0 to 9, such as 205.",
        suggestions=(digits,) if digits and _fits(digits) else (),
    )


def _job_in_link(url: str) -> JobRef:
    found = _ID_IN_LINK.search(url.partition("?")[0].partition("#")[0])
    if not found:
        raise BadCommand(
            "I found no job id in that link.",
            hint="A TensorBoard link ends in the job's id, as …/tensorboard/…/205/ does.",
        )
    return JobById(_job_id(found[1]))
