"""`status` and `status letters`: show the health of the bot, or the dead letters."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.commands.targets.job_links import is_link
from bot.core.commands.targets.job_reference import is_name, is_reference, with_labels
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.politeness import without_closing
from bot.core.commands.words.tokens import Word, joined, shown
from bot.core.commands.words.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say


@dataclass(frozen=True, slots=True)
class Status:
    """Show the health of the bot itself."""

    share: bool = False

    @property
    def text(self) -> str:
        return sentence("status", share=self.share)


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """List the dead letters, with the reason of each."""

    text: str = "status letters"


_BEFORE_A_JOB = ("of", "for", "the")
_NO_JOBS = (
    "job",
    "jobs",
    "bot",
    "visjob",
    "letters",
    "it",
    "this",
    "that",
    "me",
    "us",
    "all",
    "everything",
    "project",
)


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
            suggestions=(*_jobs(words), "status", "status letters")[:2],
        )
    return Status(share)


def asked_job(words: Sequence[Word]) -> Word | None:
    """Return the job of `status 205` and `status of flowers-tb`, requests for its card; None for
    words that may be about the bot."""
    named = [word for word in words if word.quoted or word.keyword not in _BEFORE_A_JOB]
    said = with_labels(without_closing(named))
    if len(said) != 1:
        return None
    is_sure = is_link(said[0]) or is_reference(said[0])
    is_of_it = len(words) > 1 and is_name(said[0].text) and said[0].keyword not in _NO_JOBS
    return said[0] if is_sure or is_of_it else None


def _jobs(words: list[Word]) -> list[str]:
    """Return the word that looks like the name of a job, with digits or hyphens in it."""
    is_job = len(words) == 1 and is_name(words[0].text) and not words[0].text.isalpha()
    return [words[0].sentence] if is_job else []


STATUS = Verb(
    name="status",
    parse=_parse,
    group=HelpGroup.OPERATE,
    overview=HelpRow(
        "status [letters]", say("check the bot's health, or list undelivered messages")
    ),
    help=(
        HelpRow("status", say("check the bot's health: ModelArts, the database, Slack")),
        HelpRow(
            "status letters",
            say("list undelivered messages and why, with buttons that try them again"),
        ),
    ),
)
