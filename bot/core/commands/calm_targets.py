"""Whom calm is for: all that goes to a place, to a person, or one job."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.core.commands.job_reference import JobByWord, JobRef, parse_job
from bot.core.commands.tokens import Word
from bot.core.errors import BadCommand
from bot.core.text import say

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Here:
    """Everything that goes to the place in which it is said."""

    text: str = "here"


@dataclass(frozen=True, slots=True)
class Me:
    """Everything that goes to a person by direct message."""

    text: str = "me"


WholePlace = Here | Me
CalmTarget = JobRef | Here | Me

_WHOLE_PLACES: dict[str, WholePlace] = {"here": Here(), "me": Me()}


def parse_calm_target(word: Word) -> CalmTarget:
    """A place or a job. Raises BadCommand."""
    return _WHOLE_PLACES.get(word.keyword) or parse_job(word)


def calm_target_text(target: CalmTarget) -> str:
    """How it is typed; a job that is named like a place is quoted."""
    is_taken = isinstance(target, JobByWord) and target.word.lower() in _WHOLE_PLACES
    return f'"{target.text}"' if is_taken else target.text


def read_rule(
    words: list[Word], read: Callable[[str], T], *, verb: str, example: str
) -> tuple[WholePlace, T]:
    """The place of a rule, wherever it stands, and what `read` makes of what else was said.
    Raises BadCommand."""
    named = [_WHOLE_PLACES[word.keyword] for word in words if word.keyword in _WHOLE_PLACES]
    rest = " ".join(word.text for word in words if word.keyword not in _WHOLE_PLACES)
    if len(named) == 1:
        return named[0], read(rest)
    said = rest
    try:
        read(rest)
    except BadCommand:
        said = example  # what was typed would be no suggestion
    raise BadCommand(
        say("`{verb}` is for one place, `here` or `me`.", verb=verb)
        if named
        else say("`{verb}` needs to know for whom: `here` or `me`.", verb=verb),
        hint=say("For example: `{example}`.", example=f"{verb} here {example}"),
        suggestions=tuple(f"{verb} {place} {said}" for place in _WHOLE_PLACES),
    )
