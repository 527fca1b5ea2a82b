"""`redeliver`: send dead letters again."""

import re
from dataclasses import dataclass

from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word, shown
from bot.core.commands.words.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say

#: The word for all dead letters, in place of an id.
EVERY_DEAD_LETTER = "all"

_DELIVERY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Redeliver:
    """Send one dead letter again, by its delivery id, or EVERY_DEAD_LETTER."""

    dead_letter: str

    @property
    def text(self) -> str:
        return sentence("redeliver", self.dead_letter)


def _parse(words: list[Word], share: bool) -> Redeliver:
    del share  # some dead letters are the asker's alone
    dead_letter = words[0].text.lower() if len(words) == 1 else ""
    if dead_letter != EVERY_DEAD_LETTER and not _DELIVERY_ID.fullmatch(dead_letter):
        said = " ".join(word.text for word in words)
        raise BadCommand(
            say("`{word}` is not the id of an undelivered message.", word=shown(said))
            if said
            else say("`redeliver` needs to know which message to send again."),
            hint=say(
                "`status letters` lists the undelivered messages, each with a button; "
                "`redeliver all` tries all of them again."
            ),
            offers=("status letters",),
        )
    return Redeliver(dead_letter)


REDELIVER = Verb(
    name="redeliver",
    parse=_parse,
    group=HelpGroup.OPERATE,
    overview=HelpRow("redeliver all", say("try undelivered messages again")),
    help=(
        HelpRow(
            "redeliver all",
            say("try undelivered messages again; I check Slack first, so nothing is posted twice"),
        ),
    ),
)
