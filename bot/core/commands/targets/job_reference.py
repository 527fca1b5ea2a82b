"""The ways in which a sentence names one job."""

import re
from dataclasses import dataclass

from bot.core.commands.chinese.chinese import has_acting_verb
from bot.core.commands.targets.job_links import id_in_link
from bot.core.commands.words.numbers import WHERE_IDS_ARE, is_odd_number, unknown_job_words
from bot.core.commands.words.tokens import Word, shown
from bot.core.commands.words.typed import bare, folded, plain_runs
from bot.core.commands.words.vocabulary import PRONOUNS, quoted
from bot.core.errors import BadCommand
from bot.core.job import LARGEST_JOB_ID, JobId
from bot.core.text import say


@dataclass(frozen=True, slots=True)
class JobNumber:
    """Digits as typed: the id or the name of a job. If they are both, the bot asks which."""

    text: str

    @property
    def id(self) -> JobId:
        return JobId(int(self.text))


@dataclass(frozen=True, slots=True)
class JobById:
    """A reference by id only: `id:197`, or a pasted link."""

    id: JobId

    @property
    def text(self) -> str:
        return f"id:{self.id}"


@dataclass(frozen=True, slots=True)
class JobByName:
    """A reference by name only: `name:197`."""

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
    """The job that this person asked about last."""

    text: str = "last"


@dataclass(frozen=True, slots=True)
class ThisJob:
    """No named job: the sentence is about the job of the card in whose thread it was sent."""

    text: str = ""


JobRef = JobNumber | JobById | JobByName | JobByWord | LastJob | ThisJob


# Documented names have 20 characters; a longer one may come from a newer console.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

_DIGITS = re.compile(r"[0-9]++")

_NEGATIVE = re.compile(r"-[0-9]++")

_BETWEEN_JOBS = re.compile(r"[,;|&+、，；和与及或]")
_THOUSANDS = re.compile(r"[0-9]{1,2}(?:,[0-9]{3})++|[0-9]{3}(?:,[0-9]{3}){2,}")

# Labels that people type before a job. After a label for ids, digits are never a name.
_ID_LABELS = ("id", "job_id", "job-id", "jobid")
_JOB_LABELS = ("job", "作业", "任务", "编号")
_LABELS = (*_ID_LABELS, *_JOB_LABELS, "name")

# `job205` is a name if a job has it, or else a label and an id.
_LABELLED_NUMBER = re.compile(r"(?:job|id|job[_-]?id)[_-]?([0-9]++)", re.IGNORECASE)


def parse_job(word: Word) -> JobRef:
    """Parse the reference to a job in one word. Raises BadCommand."""
    if unnamed := _unnamed(word):
        return unnamed
    text = folded(word.typed)
    if number := id_in_link(text):
        return JobById(_job_id(number))
    if labelled := _labelled(word):
        return labelled
    if _NAME.fullmatch(text) and not text.isdecimal() and not _NEGATIVE.fullmatch(text):
        return JobByWord(word.typed)
    plain = bare(text)
    if plain.isdecimal() or _NEGATIVE.fullmatch(plain):
        return _job_number(plain)
    if _NAME.fullmatch(plain):
        return JobByWord(word.typed)
    if len(runs := plain_runs(text)) == 1 and not has_acting_verb(text):
        return parse_job(Word(runs[0], quoted=word.quoted))
    raise _no_job(text)


def _unnamed(word: Word) -> LastJob | ThisJob | None:
    """Return the job of `last` or `it`; None for any other word."""
    if word.means("last") and (word.keyword == "last" or not _NAME.fullmatch(word.text)):
        return LastJob()
    return ThisJob() if word.keyword in PRONOUNS else None


def as_typed(ref: JobRef) -> str:
    """Return a reference without the quotes that `text` puts around some words."""
    return ref.word if isinstance(ref, JobByWord) else ref.text


def plain_name(ref: JobByName) -> JobByName:
    """Return the name without decoration, to try if no job has the name as typed."""
    return JobByName(bare(folded(ref.name)) or ref.name)


def plain_ref(ref: JobByWord) -> JobByWord | JobNumber | LastJob:
    """Parse the word without decoration and label, to try if no job matches the word as typed."""
    plain = bare(folded(ref.word)) or ref.word
    numbered = _LABELLED_NUMBER.fullmatch(plain)
    number = numbered[1] if numbered else plain
    if number.isdecimal() and _fits(number):
        return JobNumber(number)
    return LastJob() if plain.lower() == "last" != ref.word.lower() else JobByWord(plain)


def is_name(text: str) -> bool:
    """Return whether a job may have this name."""
    return bool(_NAME.fullmatch(text))


def has_name_only(word: Word) -> bool:
    """Return whether a word may be a name including its decoration: `_list_`."""
    return bool(_NAME.fullmatch(word.text)) and bare(word.text) != word.text


def is_reference(word: Word) -> bool:
    """Return whether a word surely refers to a job: it is a number, or it begins with a label."""
    text = bare(folded(word.typed))
    label = text.replace("=", ":").partition(":")
    return text.isdecimal() or (label[0].lower() in _LABELS and bool(label[2]))


def with_labels(words: list[Word], *, is_alone: bool = False) -> list[Word]:
    """Join each label with the word after it: `id: 205`, `job 205`. A label without a colon may be
    a job's name, so it is joined only with digits, or if `is_alone` and there are two words."""
    words = [word for word in words if word.quoted or word.text != "="] or words
    is_whole = is_alone and len(words) == 2
    joined: list[Word] = []
    waiting = iter(range(len(words)))
    for at in waiting:
        if at + 1 < len(words) and _is_label(words[at], words[at + 1], is_whole=is_whole):
            label = bare(words[at].text).lower()
            joined.append(Word(f"{label}:{words[at + 1].typed}", quoted=words[at + 1].quoted))
            next(waiting)
        else:
            joined.append(words[at])
    return joined


def _is_label(word: Word, following: Word, *, is_whole: bool) -> bool:
    if word.quoted or bare(word.text).lower() not in _LABELS:
        return False
    is_open = folded(word.typed).endswith((":", "=", "#"))
    return is_open or is_whole or bare(following.text).isdecimal()


def _labelled(word: Word) -> JobRef | None:
    """Parse the job after a label and its `:`, `=` or `#`; None without them. Raises BadCommand."""
    text = folded(word.typed)
    if not word.quoted:
        text = text[text.find(word.text) :]
    at = min((at for mark in ":=#" if (at := text.find(mark)) > 0), default=0)
    label, rest = text[:at].lower(), text[at + 1 :]
    if label not in _LABELS:
        return None
    plain = bare(rest)
    if label in _ID_LABELS:
        return JobById(_job_id(plain if plain.isdecimal() else rest))
    if not rest:
        raise _no_job(text)
    if label in _JOB_LABELS:
        return parse_job(Word(rest, quoted=word.quoted))
    typed = word.typed.partition(text[at])[2]
    return JobByName(typed if word.quoted else bare(typed, keep="_*#") or rest)


_WHAT_NAMES_ARE = say("An id is a number such as 205; a name has letters, digits, _ and - only.")


def in_one_word(text: str) -> list[str]:
    """Return the jobs that were typed as one word, `205,240`; empty for one job, or 1,000,000."""
    parts = [] if _THOUSANDS.fullmatch(text) else _BETWEEN_JOBS.split(text)
    return parts if len(parts) > 1 and all(map(_NAME.fullmatch, parts)) else []


def _no_job(text: str) -> BadCommand:
    if in_one_word(text):
        return BadCommand(
            say("`{word}` names several jobs; I take one at a time.", word=shown(text)),
            hint=say("Name one of them."),
        )
    if is_odd_number(text):
        return _odd_number(text)
    if not text.strip():
        return BadCommand(say("That names no job."), hint=_WHAT_NAMES_ARE)
    return BadCommand(
        say("`{word}` is neither a job id nor a job name.", word=shown(text)),
        hint=_WHAT_NAMES_ARE,
    )


def _job_id(text: str) -> JobId:
    if not _DIGITS.fullmatch(text):
        raise no_such_id(text)
    if not _fits(text):
        raise BadCommand(
            say(
                "`{word}` is too large for a job id: it has {count} digits.",
                word=shown(text),
                count=len(text),
            ),
            hint=say("The largest id is {id}.", id=LARGEST_JOB_ID),
        )
    if not int(text):
        raise no_such_id(text)
    return JobId(int(text))


def _job_number(text: str) -> JobNumber:
    if text.strip("0"):  # 0 is no id, but a job may have the name `0`
        _job_id(text)
    return JobNumber(text)


def _fits(text: str) -> bool:
    # Check the length first: int() raises ValueError for more than 4300 digits.
    digits = text.lstrip("0") or "0"
    return len(digits) <= len(str(LARGEST_JOB_ID)) and int(digits) <= LARGEST_JOB_ID


def _odd_number(text: str) -> BadCommand:
    digits = text.removeprefix("+")
    return BadCommand(
        unknown_job_words(shown(text)),
        hint=WHERE_IDS_ARE,
        suggestions=(digits,) if _is_id(digits) else (),
        offers=("list",),
    )


def _is_id(text: str) -> bool:
    return bool(_DIGITS.fullmatch(text)) and bool(text.strip("0")) and _fits(text)


def no_such_id(text: str) -> BadCommand:
    """Return the error for an id that no job can have."""
    if is_odd_number(text) and not _NEGATIVE.fullmatch(text):
        return _odd_number(text)
    number = text.lstrip("+-")
    digits = "".join(str(int(char)) for char in number)[:19] if number.isdecimal() else ""
    return BadCommand(
        say("`{word}` is not a job id.", word=shown(text))
        if text
        else say("A job id belongs after `id:`."),
        hint=say("A job id is a positive whole number in the digits 0 to 9, such as 205."),
        suggestions=(digits,) if _is_id(digits) else (),
    )
