"""The grammar: how a sentence is read. One parser for what is typed and what is clicked."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.core.command import (
    ALIASES,
    LISTED_PHASES,
    VERBS,
    Command,
    Find,
    Help,
    JobById,
    JobByName,
    JobByWord,
    JobNumber,
    JobRef,
    LastJob,
    ListJobs,
    Show,
    Status,
)
from bot.core.errors import BadCommand
from bot.core.job import LARGEST_JOB_ID, JobId

# A sentence is a line that a person types; more than this is a paste by mistake.
_LONGEST_SENTENCE = 1000
# Documented names have 20 characters; a longer one may come from a newer console.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DIGITS = re.compile(r"[0-9]+")
_NEGATIVE = re.compile(r"[-−–][0-9]+")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_ID_IN_LINK = re.compile(r"/([0-9]+)/?$")
_WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
_QUOTES = str.maketrans({mark: '"' for mark in "“”„‟«»"})


@dataclass(frozen=True, slots=True)
class _Word:
    """One word; a quoted one is never a keyword."""

    text: str
    quoted: bool

    @property
    def keyword(self) -> str:
        return "" if self.quoted else self.text.lower()

    @property
    def verb(self) -> str:
        return ALIASES.get(self.keyword, self.keyword)

    @property
    def sentence(self) -> str:
        return f'"{self.text}"' if self.quoted else self.text


def parse(text: str) -> Command:
    """Read a sentence. `parse(command.text) == command`. Raises BadCommand and nothing else."""
    words = _split(text)
    share = len(words) > 1 and words[-1].keyword == "share"
    if share:
        words = words[:-1]
    if not words:
        return Help()
    if words[0].verb in _PARSERS:
        return _PARSERS[words[0].verb](words[1:], share)
    if len(words) == 1:
        return Show(_parse_job(words[0]), share)
    raise _unknown_verb(words, share)


def nearest_verbs(word: str) -> tuple[str, ...]:
    """The verbs that a mistyped word may have meant, likeliest first."""
    known = [*VERBS, *ALIASES]
    near = difflib.get_close_matches(word.lower(), known, n=3, cutoff=0.6)
    return tuple(dict.fromkeys(ALIASES.get(verb, verb) for verb in near))


def _parse_list(words: list[_Word], share: bool) -> Command:
    phases = {phase.value: phase for phase in LISTED_PHASES}
    phase = phases.get(words[0].keyword) if words else None
    return ListJobs(phase, _joined(words[1:] if phase else words), share)


def _parse_find(words: list[_Word], share: bool) -> Command:
    del share  # a picker is for the one who types
    return Find(_joined(words))


def _parse_status(words: list[_Word], share: bool) -> Command:
    if words:
        raise BadCommand(
            f"`status` takes no more words, and you wrote `{_shown(_joined(words))}`.",
            hint="It tells whether the bot itself is well.",
            suggestions=("status",),
        )
    return Status(share)


def _parse_help(words: list[_Word], share: bool) -> Command:
    del share
    verb = words[0].verb if words else ""
    return Help(verb if verb in VERBS else "")


_PARSERS: dict[str, Callable[[list[_Word], bool], Command]] = {
    "list": _parse_list,
    "find": _parse_find,
    "status": _parse_status,
    "help": _parse_help,
}


def _parse_job(word: _Word) -> JobRef:
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
        f"`{_shown(text)}` is neither a job id nor a job name.",
        hint="An id is a number such as 205; a name has letters, digits, _ and - only.",
    )


def _job_id(text: str) -> JobId:
    if not _DIGITS.fullmatch(text):
        raise _not_a_number(text)
    # Length first: turning a very long string of digits into a number is slow on purpose.
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(LARGEST_JOB_ID)) or int(digits) > LARGEST_JOB_ID:
        raise BadCommand(
            f"`{_shown(text)}` is too large for a job id: it has {len(text)} digits.",
            hint=f"The largest id is {LARGEST_JOB_ID}.",
        )
    return JobId(int(digits))


def _not_a_number(text: str) -> BadCommand:
    digits = "".join(str(int(c)) for c in text if c.isdecimal())[:19]
    return BadCommand(
        f"`{_shown(text)}` is not a job id.",
        hint="A job id is a positive whole number in the digits 0 to 9, such as 205.",
        suggestions=(digits,) if digits and _parses(digits) else (),
    )


def _job_in_link(url: str) -> JobRef:
    found = _ID_IN_LINK.search(url.partition("?")[0].partition("#")[0])
    if not found:
        raise BadCommand(
            "I found no job id in that link.",
            hint="A TensorBoard link ends in the job's id, as …/tensorboard/…/205/ does.",
        )
    return JobById(_job_id(found[1]))


def _unknown_verb(words: list[_Word], share: bool) -> BadCommand:
    first, *rest = words
    said = " ".join([*(word.sentence for word in rest), *(["share"] if share else [])])
    guesses = [f"{verb} {said}" for verb in nearest_verbs(first.text)]
    # Only these can be sentences, and parsing others would go through their words one by one.
    if not guesses and (len(rest) == 1 or rest[0].verb in _PARSERS):
        guesses = [f"{said} share" if first.keyword == "share" else said]
    return BadCommand(
        f"I do not know `{_shown(first.text)}`.",
        hint="Type one job, or a verb and what it is about.",
        suggestions=tuple(guess for guess in guesses if _parses(guess))[:2],
    )


def _parses(sentence: str) -> bool:
    try:
        parse(sentence)
    except BadCommand:
        return False
    return True


def _split(text: str) -> list[_Word]:
    if len(text) > _LONGEST_SENTENCE:
        raise BadCommand(
            f"That is {len(text)} characters long, and a sentence has at most {_LONGEST_SENTENCE}.",
            hint="Ask for one job by its id or name.",
        )
    text = text.translate(_QUOTES)
    if text.count('"') % 2:
        raise BadCommand(
            "A quote is opened and not closed.",
            hint='Put the whole text between two quotes: list "my text".',
        )
    words = [_Word(match.replace('"', ""), '"' in match) for match in _WORD.findall(text)]
    return [word for word in words if word.text]


def _joined(words: list[_Word]) -> str:
    return " ".join(word.text for word in words)


def _shown(text: str) -> str:
    """The part of somebody's words that is worth repeating to them, fit to stand in backticks."""
    text = text.replace("`", "'")
    return text if len(text) <= 60 else f"{text[:59]}…"
