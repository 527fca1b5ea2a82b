"""`help`: what can be typed."""

from dataclasses import dataclass

from bot.core.commands.tokens import Word
from bot.core.commands.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.text import say

_BRIEF = "short"


@dataclass(frozen=True, slots=True)
class Help:
    """All sentences; `verb` narrows them to one verb, `is_brief` to the few that do most."""

    verb: str = ""
    is_brief: bool = False

    @property
    def text(self) -> str:
        return sentence("help", _BRIEF if self.is_brief else self.verb)


def _parse(words: list[Word], share: bool) -> Help:
    del share  # help is for the asker alone
    if words and words[0].means(_BRIEF):
        return Help(is_brief=True)
    return Help(words[0].verb if words else "")


HELP = Verb(
    name="help",
    parse=_parse,
    group=HelpGroup.BOT,
    overview=HelpRow("help list", say("explain one command, with examples")),
    help=(
        HelpRow("help", say("list everything you can type")),
        HelpRow("help list", say("explain one command, with examples")),
    ),
)
