"""`help`: what can be typed."""

from dataclasses import dataclass

from bot.core.commands.tokens import Word
from bot.core.commands.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.text import say


@dataclass(frozen=True, slots=True)
class Help:
    """All sentences; `verb` narrows them to one verb."""

    verb: str = ""

    @property
    def text(self) -> str:
        return sentence("help", self.verb)


def _parse(words: list[Word], share: bool) -> Help:
    del share  # help is for the asker alone
    return Help(words[0].verb if words else "")


HELP = Verb(
    name="help",
    parse=_parse,
    group=HelpGroup.BOT,
    overview=None,
    help=(
        HelpRow("help", say("everything you can type")),
        HelpRow("help list", say("one command, with examples")),
    ),
)
