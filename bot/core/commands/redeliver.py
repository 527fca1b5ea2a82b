"""`redeliver`: send a dead letter again."""

import re
from dataclasses import dataclass

from bot.core.commands.tokens import Word
from bot.core.errors import BadCommand

#: Of dead letters: all of them.
EVERY_DEAD_LETTER = "all"


@dataclass(frozen=True, slots=True)
class Redeliver:
    """Try again to send a dead letter, by its id, or all."""

    letter: str

    @property
    def text(self) -> str:
        return f"redeliver {self.letter}"


_LETTER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def parse_redeliver(words: list[Word], share: bool) -> Redeliver:
    del share
    letter = words[0].text.lower() if len(words) == 1 else ""
    if letter != EVERY_DEAD_LETTER and not _LETTER.fullmatch(letter):
        raise BadCommand(
            "`redeliver` takes the id of one dead letter, or `all`.",
            hint="Say status letters: a button under each says it.",
            suggestions=("status letters",),
        )
    return Redeliver(letter)
