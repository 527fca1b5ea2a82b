"""`help`: what can be typed."""

from dataclasses import dataclass

from bot.core.commands.tokens import Word
from bot.core.commands.vocabulary import VERBS, sentence


@dataclass(frozen=True, slots=True)
class Help:
    """What can be said; `verb` narrows it to one."""

    verb: str = ""

    @property
    def text(self) -> str:
        return sentence("help", self.verb)


def parse_help(words: list[Word], share: bool) -> Help:
    del share
    verb = words[0].verb if words else ""
    return Help(verb if verb in VERBS else "")
