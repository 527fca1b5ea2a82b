"""The definition of a verb: its names, its parser and its help."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, NamedTuple

from bot.core.commands.verbs.answers import AnswerGrammar, CommandT_co
from bot.core.commands.words.tokens import Word
from bot.core.text import Words


class HelpGroup(Enum):
    """The headings of the overview of all verbs, in this order."""

    ASK = "ask"
    FOLLOW = "follow"
    CARE = "care"
    CHANNEL = "channel"
    OPERATE = "operate"


class HelpRow(NamedTuple):
    """One line of help: an example sentence, and what the sentence does."""

    sentence: str
    meaning: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb(Generic[CommandT_co]):
    """One verb of the grammar: its names, its parser and its help."""

    name: str
    aliases: tuple[str, ...] = ()
    #: Parses the words after the verb; the flag tells whether `share` followed. Raises BadCommand.
    parse: Callable[[list[Word], bool], CommandT_co]
    group: HelpGroup
    #: What the picker of the overview says of it.
    overview: HelpRow
    #: What `help <verb>` lists: sentences that can be typed as they stand.
    help: tuple[HelpRow, ...]
    #: The rules that parse the answers of the verb's form; None for a verb without a form.
    answers: AnswerGrammar[CommandT_co] | None = None
