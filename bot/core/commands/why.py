"""`why`: what was seen of a job, and what was sent."""

from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef, parse_job
from bot.core.commands.tokens import Word
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand


@dataclass(frozen=True, slots=True)
class Why:
    """What was seen of a job, and what this place was told of it."""

    job: JobRef

    @property
    def text(self) -> str:
        return sentence("why", self.job.text)


def parse_why(words: list[Word], share: bool) -> Why:
    """What comes after `why`. Raises BadCommand."""
    del share
    if len(words) != 1:
        raise BadCommand("`why` takes one job.", hint="For example: why 205.")
    return Why(parse_job(words[0]))
