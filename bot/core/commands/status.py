"""`status` and `status letters`: is the bot itself well."""

from dataclasses import dataclass

from bot.core.commands.tokens import Word, joined, shown
from bot.core.commands.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say


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
            say(
                "Only `letters` can follow `status`; you wrote `{words}`.",
                words=shown(joined(words)),
            ),
            hint=say("`status` is about the bot; `status letters` is about undelivered messages."),
            suggestions=("status", "status letters"),
        )
    return Status(share)


STATUS = Verb(
    name="status",
    parse=_parse,
    group=HelpGroup.BOT,
    overview=HelpRow(
        "status [letters]", say("check the bot's health; `letters` lists undelivered messages")
    ),
    help=(
        HelpRow("status", say("check the bot's health: ModelArts, the database, Slack")),
        HelpRow(
            "status letters",
            say("list undelivered messages and why, with buttons that try them again"),
        ),
    ),
)
