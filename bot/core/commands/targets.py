"""What a subscription can be about: a job, a name pattern, the project, or all of these."""

import re
from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef, parse_job
from bot.core.commands.tokens import Word


@dataclass(frozen=True, slots=True)
class NamePattern:
    """Every job whose name matches, `*` standing for anything."""

    text: str


@dataclass(frozen=True, slots=True)
class WholeProject:
    """Every job of the project."""

    text: str = "project"


@dataclass(frozen=True, slots=True)
class AllTargets:
    """Every subscription of a place."""

    text: str = "all"


_PATTERN = re.compile(r"[A-Za-z0-9_*-]{1,64}")


def parse_target(word: Word) -> JobRef | NamePattern | WholeProject:
    """What one word makes a place follow. Raises BadCommand."""
    if word.keyword == "project":
        return WholeProject()
    if "*" in word.text and _PATTERN.fullmatch(word.text):
        return NamePattern(word.text)
    return parse_job(word)


def parse_any_target(word: Word) -> JobRef | NamePattern | WholeProject | AllTargets:
    """The same, or `all` that the place follows. Raises BadCommand."""
    return AllTargets() if word.keyword == "all" else parse_target(word)
