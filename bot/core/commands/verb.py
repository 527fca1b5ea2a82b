"""What a verb consists of."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, NamedTuple

from bot.core.commands.answers import AnswerGrammar, CommandT_co
from bot.core.commands.tokens import Word
from bot.core.text import Words


class HelpGroup(Enum):
    """Under which heading of the overview a verb stands; in this order."""

    ASK = "ask"
    FOLLOW = "follow"
    ACT = "act"
    CARE = "care"
    CALM = "calm"
    BOT = "bot"


class HelpRow(NamedTuple):
    """One line of help: a sentence, and what it does."""

    sentence: str
    meaning: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb(Generic[CommandT_co]):
    """One verb of the grammar: its names, its parser and its help."""

    name: str
    aliases: tuple[str, ...] = ()
    #: Takes the words after the verb, and whether `share` was the last one. Raises BadCommand.
    parse: Callable[[list[Word], bool], CommandT_co]
    group: HelpGroup
    #: Its line in the overview of all verbs.
    overview: HelpRow
    #: What `help <verb>` lists: sentences that can be typed as they stand.
    help: tuple[HelpRow, ...]
    #: How the answers of its form are read, if it has a form.
    answers: AnswerGrammar[CommandT_co] | None = None
