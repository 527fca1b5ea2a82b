"""The targets of subscriptions: a job, a name pattern, the project, or all that a place follows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.commands.targets.job_reference import JobRef, ThisJob, parse_job
from bot.core.commands.words.tokens import Word
from bot.core.errors import BadCommand
from bot.core.subscription import spelled_pattern
from bot.core.text import say


@dataclass(frozen=True, slots=True)
class NamePattern:
    """Every job whose name matches; `*` stands for any text."""

    text: str


@dataclass(frozen=True, slots=True)
class WholeProject:
    """Every job of the project."""

    text: str = "project"


@dataclass(frozen=True, slots=True)
class AllTargets:
    """All targets that a place follows."""

    text: str = "all"


_PATTERN = re.compile(r"[A-Za-z0-9_*-]{1,64}")


def parse_target(word: Word) -> JobRef | NamePattern | WholeProject:
    """Parse one word as a target. Raises BadCommand."""
    if word.keyword == "project":
        return WholeProject()
    if "*" in word.text and _PATTERN.fullmatch(word.text):
        return NamePattern(spelled_pattern(word.text))
    return parse_job(word)


def only_job(words: Sequence[Word], *, verb: str) -> JobRef:
    """Return the one job that the words after a verb name, and ThisJob for no words. Raises
    BadCommand."""
    if len(words) > 1:
        raise BadCommand(
            say("`{verb}` takes one job.", verb=verb),
            hint=say("For example: `{verb} 205`.", verb=verb),
        )
    return parse_job(words[0]) if words else ThisJob()


def parse_any_target(word: Word) -> JobRef | NamePattern | WholeProject | AllTargets:
    """Parse one word as a target, or as `all` that a place follows. Raises BadCommand."""
    return AllTargets() if word.keyword in ("all", "everything") else parse_target(word)
