"""`help`: list the sentences that people can type."""

from dataclasses import dataclass

from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import sentence
from bot.core.text import say

_BRIEF = "short"
_THANKS = "thanks"
# `help me` asks for help, not for a command of that name.
_NEEDLESS = ("me", "please")
# Words of `help me with snooze` and `help about the command keep`.
_AROUND_A_VERB = (
    *_NEEDLESS,
    "with",
    "on",
    "about",
    "for",
    "the",
    "command",
    "how",
    "to",
    "do",
    "i",
)


@dataclass(frozen=True, slots=True)
class Help:
    """Show all sentences, or those of one `verb`, or with `is_brief` the most useful ones.
    `unknown` is a word after `help` that is no verb; `is_nod` acknowledges thanks."""

    verb: str = ""
    is_brief: bool = False
    unknown: str = ""
    is_nod: bool = False

    @property
    def text(self) -> str:
        short = _BRIEF if self.is_brief else ""
        return sentence("help", _THANKS if self.is_nod else short or self.verb or self.unknown)


def _parse(words: list[Word], share: bool) -> Help:
    del share  # help is for the asker alone
    if words and words[0].means(_BRIEF):
        return Help(is_brief=True)
    if words and words[0].means(_THANKS):
        return Help(is_nod=True)
    about = [word for word in words if word.keyword not in _AROUND_A_VERB]
    if about and about[0].verb:
        return Help(about[0].verb)
    word = words[0].keyword if words and not any(map(words[0].means, _NEEDLESS)) else ""
    return Help(unknown=word if word.isidentifier() and word != "share" else "")


HELP = Verb(
    name="help",
    parse=_parse,
    group=HelpGroup.OPERATE,
    overview=HelpRow("help list", say("explain one command, with examples")),
    help=(
        HelpRow("help", say("list all commands")),
        HelpRow("help list", say("explain one command, with examples")),
    ),
)
