"""`stop` and `restart`: what the bot does not do itself."""

from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef, ThisJob, parse_job
from bot.core.commands.tokens import Word
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say

CONSOLE_ACTIONS = ("stop", "restart")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConsole:
    """Say where a job can be stopped or restarted."""

    action: str
    job: JobRef

    @property
    def text(self) -> str:
        return sentence(self.action, self.job.text)


def parse_console(action: str, words: list[Word]) -> OpenConsole:
    """What is said after `stop` or `restart`. Raises BadCommand."""
    if len(words) > 1:
        raise BadCommand(
            say("`{verb}` takes one job.", verb=action),
            hint=say("For example: `{verb} 205`.", verb=action),
        )
    return OpenConsole(action=action, job=parse_job(words[0]) if words else ThisJob())
