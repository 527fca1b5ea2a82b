"""`status` and `status letters`: how the bot itself is."""

from dataclasses import dataclass

from bot.core.commands.tokens import Word, joined, shown
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """What was never sent, and will not be unless somebody asks for it."""

    text: str = "status letters"


@dataclass(frozen=True, slots=True)
class Status:
    """Is the bot itself well?"""

    share: bool = False

    @property
    def text(self) -> str:
        return sentence("status", share=self.share)


def parse_status(words: list[Word], share: bool) -> Status | DeadLetters:
    if [word.keyword for word in words] == ["letters"]:
        return DeadLetters()  # for the one who asks: some are theirs alone
    if words:
        raise BadCommand(
            f"`status` takes no more words than `letters`, and you wrote `{shown(joined(words))}`.",
            hint="It tells whether the bot itself is well; status letters, what was never sent.",
            suggestions=("status", "status letters"),
        )
    return Status(share)
