"""`find`: open a picker of jobs with typeahead."""

from dataclasses import dataclass

from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word, joined
from bot.core.commands.words.vocabulary import quoted, sentence
from bot.core.text import say


@dataclass(frozen=True, slots=True)
class Find:
    """Open a picker with typeahead; `containing` is the text that the search begins with."""

    containing: str = ""

    @property
    def text(self) -> str:
        return sentence("find", quoted(self.containing))


def _parse(words: list[Word], share: bool) -> Find:
    del share  # a picker is for the asker alone
    return Find(joined(words))


FIND = Verb(
    name="find",
    parse=_parse,
    group=HelpGroup.ASK,
    overview=HelpRow("find text", say("search by name while you type")),
    help=(
        HelpRow("find", say("open a search box that finds jobs while you type")),
        HelpRow("find flowers", say("do the same, with what the text finds already")),
    ),
)
