"""`status` and `status letters`: is the bot itself well."""

from dataclasses import dataclass

from bot.core.commands.tokens import Word, joined, shown
from bot.core.commands.verb import HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand


@dataclass(frozen=True, slots=True)
class Status:
    """Is the bot itself well?"""

    share: bool = False

    @property
    def text(self) -> str:
        return sentence("status", share=self.share)


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The deliveries that were given up, and why."""

    text: str = "status letters"


def _parse(words: list[Word], share: bool) -> Status | DeadLetters:
    if [word.keyword for word in words] == ["letters"]:
        return DeadLetters()  # never shared: some dead letters are the asker's alone
    if words:
        raise BadCommand(
            f"`status` takes no more words than `letters`, and you wrote `{shown(joined(words))}`.",
            hint="It tells whether the bot itself is well; status letters, what was never sent.",
            suggestions=("status", "status letters"),
        )
    return Status(share)


STATUS = Verb(
    name="status",
    parse=_parse,
    overview=HelpRow("status [letters]", "is the bot itself well; what was never sent, and why"),
    help=(
        HelpRow("status", "last good read of the cloud, database, Slack: is the bot well?"),
        HelpRow("status letters", "what was never sent, and why, with buttons that send it again"),
    ),
)
