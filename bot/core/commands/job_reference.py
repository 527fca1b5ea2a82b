"""The ways in which a sentence names one job."""

import re
from dataclasses import dataclass

from bot.core.commands.tokens import Word, shown
from bot.core.commands.vocabulary import quoted
from bot.core.errors import BadCommand
from bot.core.job import LARGEST_JOB_ID, JobId


@dataclass(frozen=True, slots=True)
class JobNumber:
    """Digits as typed: an id first; if there is none, a name; if both, we ask."""

    text: str

    @property
    def id(self) -> JobId:
        return JobId(int(self.text))


@dataclass(frozen=True, slots=True)
class JobById:
    """An id and nothing else: `id:197`, or a pasted link."""

    id: JobId

    @property
    def text(self) -> str:
        return f"id:{self.id}"


@dataclass(frozen=True, slots=True)
class JobByName:
    """A name and nothing else: `name:197`."""

    name: str

    @property
    def text(self) -> str:
        return f"name:{quoted(self.name)}"


@dataclass(frozen=True, slots=True)
class JobByWord:
    """A word that may be a name, the beginning of one, or a mistyped verb."""

    word: str

    @property
    def text(self) -> str:
        return quoted(self.word)


@dataclass(frozen=True, slots=True)
class LastJob:
    """The job that this person last asked for."""

    text: str = "last"


JobRef = JobNumber | JobById | JobByName | JobByWord | LastJob


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
