"""The recognizers of requests, in the order in which a text is shown to them.

Each returns the command of the words, None if the words are none of its own, or raises BadCommand
with the sentences between which the person decides.
"""

from collections.abc import Callable

from bot.core.commands.command import Command
from bot.core.commands.mentions.glued import NamesJob
from bot.core.commands.mentions.named_jobs import check_several, job_among
from bot.core.commands.mentions.notifying import check_notify_request
from bot.core.commands.mentions.phrases import in_own_words
from bot.core.commands.mentions.sentences import (
    behind_its_job,
    check_request,
    check_synonym,
    check_target,
    sentence,
    slip,
)
from bot.core.commands.words.tokens import Word

_Recognizer = Callable[[list[Word], NamesJob], Command | None]

# What the grammar refuses, whether it follows the slash command or a mention.
_IN_OWN_WORDS: tuple[_Recognizer, ...] = (check_notify_request, in_own_words, check_several)
# A mention is surrounded by other words.
_AMONG_OTHER_WORDS: tuple[_Recognizer, ...] = (
    check_target,
    sentence,
    behind_its_job,
    check_request,
    *_IN_OWN_WORDS,
    slip,
    check_synonym,
    job_among,
)


def recognized(words: list[Word], names_job: NamesJob) -> Command | None:
    """Return the command of a line that mentions the bot; None if it has none. Raises
    BadCommand."""
    return _first(_AMONG_OTHER_WORDS, words, names_job)


def recognized_in_own_words(words: list[Word], names_job: NamesJob) -> Command | None:
    """Return the command of words that the grammar refuses; None for other words. Raises
    BadCommand."""
    return _first(_IN_OWN_WORDS, words, names_job)


def _first(
    recognizers: tuple[_Recognizer, ...], words: list[Word], names_job: NamesJob
) -> Command | None:
    return next((found for one in recognizers if (found := one(words, names_job))), None)
