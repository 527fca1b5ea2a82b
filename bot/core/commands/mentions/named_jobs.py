"""Find the jobs that are named among words."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.commands.command import AboutJob
from bot.core.commands.grammar import parse_words
from bot.core.commands.mentions.glued import NamesJob
from bot.core.commands.several import one_at_a_time
from bot.core.commands.targets.job_links import is_link
from bot.core.commands.targets.job_reference import (
    JobNumber,
    JobRef,
    is_reference,
    parse_job,
    with_labels,
)
from bot.core.commands.times.until import is_span
from bot.core.commands.verbs.show import Show
from bot.core.commands.words.politeness import (
    is_asking,
    is_beside_the_point,
    is_dispensable,
    is_greeting,
)
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare
from bot.core.errors import BadCommand

_EXCLUDING = ("not", "except", "without", "besides", "excluding", "instead", "rather")
_JOINING = ("and", "then", "or", "also", "plus", "", "&", "&&", "und", "oder", "和", "然后")
_BEFORE_A_TIME = ("at", "until", "till", "til", "last", "past", "next", "after", "before")


def job_among(words: Sequence[Word], names_job: NamesJob) -> Show | None:
    """Return the command that shows the one job named among words; None if no job is named. Raises
    BadCommand if several jobs are named."""
    words = with_labels(list(words))
    share = bool(words) and words[-1].means("share")
    is_sole = len([word for word in words if not is_greeting(word)]) == 1
    named = [
        word
        for word in named_among(words, names_job)
        if is_sole or word.quoted or not is_beside_the_point(word)
    ]
    refs = list(dict.fromkeys(_parsed_all([_plain(word, names_job) for word in named])))
    known = [ref for ref in refs if not isinstance(ref, JobNumber) or names_job(ref.text)]
    refs = known or refs
    if len(refs) > 1:
        raise one_at_a_time([Show(ref) for ref in refs])
    return Show(refs[0], share) if refs else None


def check_several(words: Sequence[Word], names_job: NamesJob) -> None:
    """Raise BadCommand for several commands in one line, or one for several jobs: `stop 205 and
    restart 188`, `restart 205 or 231`; suggest each of them."""
    said = [word for word in words if bare(word.keyword) not in _JOINING]
    verbs = [at for at, word in enumerate(said) if word.verb]
    if not verbs and len(said) > 1 and all(names_one(word, names_job) for word in said):
        job_among(said, names_job)
    if not verbs or not all(map(is_asking, said[: verbs[0]])):
        return
    ends = [*verbs[1:], len(said)]
    parts = [said[begin:end] for begin, end in zip(verbs, ends, strict=True)]
    if len(parts) == 1:
        verb, *rest = [word for word in parts[0] if not _adds_nothing(word)]
        is_plain = len(rest) > 1 and all(names_one(word, names_job) for word in rest)
        parts = [[verb, word] for word in rest] if is_plain else []
    asked = [_whole(part, names_job) for part in parts]
    commands = list(dict.fromkeys(one for one in asked if one))
    if len(commands) > 1 and all(asked):
        raise one_at_a_time(commands)


def with_one_verb(words: Sequence[Word]) -> list[Word]:
    """Return the words before the second verb, whose jobs are its own: `stop 205 and keep 231`."""
    first = next((at for at, word in enumerate(words) if word.verb), len(words))
    for at in range(first + 1, len(words)):
        said = [one for one in words[first:at] if not one.verb and not is_dispensable(one)]
        if words[at].verb and any(one.keyword != "and" for one in said):
            return list(words[:at])
    return list(words)


def without_excluded(words: Sequence[Word]) -> list[Word]:
    """Return the words without those after `not`, `except` or `instead`, up to a `but`."""
    kept, is_excluded = list[Word](), False
    for word in words:
        if word.keyword in _EXCLUDING or (word.keyword == "but" and not is_excluded):
            is_excluded = True
        elif word.keyword == "but":
            is_excluded = False
        elif not is_excluded:
            kept.append(word)
    return kept


def _adds_nothing(word: Word) -> bool:
    return is_dispensable(word) or word.keyword in ("to", "from")


def _whole(words: Sequence[Word], names_job: NamesJob) -> AboutJob | None:
    """Return the command of a verb and the one known job after it; None for other words."""
    verb, *rest = [word for word in words if not is_dispensable(word)]
    if len(rest) != 1 or not names_one(rest[0], names_job):
        return None
    try:
        command = parse_words([verb, _plain(rest[0], names_job)])
    except BadCommand:
        return None
    return command if isinstance(command, AboutJob) else None


def _plain(word: Word, names_job: NamesJob) -> Word:
    """Return the word without the comma after a name."""
    is_plain = word.quoted or names_job(word.typed) or not names_job(bare(word.text))
    return word if is_plain else replace(word, text=bare(word.text), raw="")


def named_among(words: Sequence[Word], names_job: NamesJob) -> list[Word]:
    """Return the words that name jobs. The number of a time or of a span, as in `until 9` and
    `last 2 days`, names none, unless a job has it."""
    return [
        word
        for at, word in enumerate(words)
        if names_one(word, names_job)
        and (names_job(bare(word.text)) or not _is_of_a_time(words, at))
    ]


def _is_of_a_time(words: Sequence[Word], at: int) -> bool:
    is_led = at > 0 and words[at - 1].keyword in _BEFORE_A_TIME
    is_small = words[at].text.isdecimal() and len(words[at].text) <= 2
    return is_small and (is_led or is_span(" ".join(one.plain for one in words[at : at + 2])))


def names_one(word: Word, names_job: NamesJob) -> bool:
    """Return whether a word names a job, or can mean nothing else."""
    return is_link(word) or is_reference(word) or names_job(word.text) or names_job(bare(word.text))


def _parsed_all(words: list[Word]) -> list[JobRef]:
    refs = []
    for word in words:
        try:
            refs.append(parse_job(word))
        except BadCommand:
            if len(words) == 1:
                raise
    return refs
