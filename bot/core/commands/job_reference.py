"""The ways in which a sentence names one job."""

import re
from dataclasses import dataclass

from bot.core.commands.numbers import WHERE_IDS_ARE, is_odd_number, unknown_job_words
from bot.core.commands.tokens import Word, shown
from bot.core.commands.typed import bare, folded, plain_runs
from bot.core.commands.vocabulary import quoted
from bot.core.errors import BadCommand
from bot.core.job import LARGEST_JOB_ID, JobId
from bot.core.text import say


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


@dataclass(frozen=True, slots=True)
class ThisJob:
    """No job was named: it is the one of the card under which the sentence was said."""

    text: str = ""


JobRef = JobNumber | JobById | JobByName | JobByWord | LastJob | ThisJob


# Documented names have 20 characters; a longer one may come from a newer console.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

_DIGITS = re.compile(r"[0-9]++")

_NEGATIVE = re.compile(r"-[0-9]++")

_LINK = re.compile(r"https?://\S++", re.IGNORECASE)

# What people put before a job: digits after most of these are an id and nothing else.
_ID_LABELS = ("id", "job_id", "job-id", "jobid")
_LABELS = (*_ID_LABELS, "job", "name")


def parse_job(word: Word) -> JobRef:
    """The job that one word names. Raises BadCommand."""
    if word.means("last") and (word.keyword == "last" or not _NAME.fullmatch(word.text)):
        return LastJob()
    text = folded(word.typed)
    if link := _LINK.search(text):
        return _job_in_link(link[0])
    if labelled := _labelled(word):
        return labelled
    if _NAME.fullmatch(text) and not text.isdecimal() and not _NEGATIVE.fullmatch(text):
        return JobByWord(word.typed)
    plain = bare(text)
    if plain.isdecimal() or _NEGATIVE.fullmatch(plain):
        _job_id(plain)
        return JobNumber(plain)
    if _NAME.fullmatch(plain):
        return JobByWord(word.typed)
    if len(runs := plain_runs(text)) == 1:
        return parse_job(Word(runs[0], quoted=word.quoted))
    raise _no_job(text)


def as_typed(ref: JobRef) -> str:
    """A reference in words, without the quotes that a sentence of ours needs around some."""
    return ref.word if isinstance(ref, JobByWord) else ref.text


def plain_name(ref: JobByName) -> JobByName:
    """The same without decoration, for a name that no job has just so."""
    return JobByName(bare(folded(ref.name)) or ref.name)


def plain_ref(ref: JobByWord) -> JobByWord | JobNumber | LastJob:
    """The same without decoration, for a word that names no job just so."""
    plain = bare(folded(ref.word)) or ref.word
    if plain.isdecimal() and _fits(plain):
        return JobNumber(plain)
    return LastJob() if plain.lower() == "last" != ref.word.lower() else JobByWord(plain)


def has_name_only(word: Word) -> bool:
    """True if a decorated word may be a name just as it stands: `_list_`."""
    return bool(_NAME.fullmatch(word.text)) and bare(word.text) != word.text


def is_reference(word: Word) -> bool:
    """True for digits and for what has a label: such a word is surely about a job."""
    text = bare(folded(word.typed))
    label = text.replace("=", ":").partition(":")
    return text.isdecimal() or (label[0].lower() in _LABELS and bool(label[2]))


def is_link(word: Word) -> bool:
    """True for a pasted address."""
    return bool(_LINK.search(word.text))


def with_labels(words: list[Word], *, is_alone: bool = False) -> list[Word]:
    """Words with each label and what it says made one: `id: 205`, `job 205`. A label may be a name
    itself, unless two words stand alone where one job is expected."""
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
    """The job after a label and its colon; None without them."""
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
    if label == "job":
        return parse_job(Word(rest, quoted=word.quoted))
    typed = word.typed.partition(text[at])[2]
    return JobByName(typed if word.quoted else bare(typed, keep="_*#") or rest)


def _no_job(text: str) -> BadCommand:
    if is_odd_number(text):
        return _odd_number(text)
    return BadCommand(
        say("`{word}` is neither a job id nor a job name.", word=shown(text)),
        hint=say("An id is a number such as 205; a name has letters, digits, _ and - only."),
    )


def _job_id(text: str) -> JobId:
    if not _DIGITS.fullmatch(text):
        raise _not_a_number(text)
    if not _fits(text):
        raise BadCommand(
            say(
                "`{word}` is too large for a job id: it has {count} digits.",
                word=shown(text),
                count=len(text),
            ),
            hint=say("The largest id is {id}.", id=LARGEST_JOB_ID),
        )
    return JobId(int(text))


def _fits(text: str) -> bool:
    # Length first: turning a very long string of digits into a number is slow on purpose.
    digits = text.lstrip("0") or "0"
    return len(digits) <= len(str(LARGEST_JOB_ID)) and int(digits) <= LARGEST_JOB_ID


def _odd_number(text: str) -> BadCommand:
    return BadCommand(unknown_job_words(shown(text)), hint=WHERE_IDS_ARE, offers=("list",))


def _not_a_number(text: str) -> BadCommand:
    if is_odd_number(text) and not _NEGATIVE.fullmatch(text):
        return _odd_number(text)
    number = text.lstrip("+-")
    digits = "".join(str(int(char)) for char in number)[:19] if number.isdecimal() else ""
    return BadCommand(
        say("`{word}` is not a job id.", word=shown(text))
        if text
        else say("A job id belongs after `id:`."),
        hint=say("A job id is a positive whole number in the digits 0 to 9, such as 205."),
        suggestions=(digits,) if digits and _fits(digits) else (),
    )


def _job_in_link(url: str) -> JobRef:
    address, _, fragment = url.partition("#")
    path = address.partition("?")[0].split("/")
    numbers = _ids_in(path[3:]) or _ids_in(fragment.split("/"))
    if not numbers:
        raise BadCommand(
            say("I found no job id in that link."),
            hint=say("A TensorBoard link ends in the job's id, as …/tensorboard/…/205/ does."),
        )
    return JobById(_job_id(numbers[-1]))


def _ids_in(parts: list[str]) -> list[str]:
    """The numbers of a path; only that of a TensorBoard page or of the API where there is one."""
    for at, part in enumerate(parts):
        following = parts[at + 2 :] if part == "tensorboard" else parts[at + 1 :]
        is_known = part in ("tensorboard", "visualization-jobs")
        if is_known and following and (number := bare(following[0])).isdecimal():
            return [number]
    return [number for part in parts if (number := bare(part)).isdecimal()]
