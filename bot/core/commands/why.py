"""`why`: what was seen of a job, and what was sent."""

from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef, ThisJob, parse_job, with_labels
from bot.core.commands.tokens import Word
from bot.core.commands.verb import HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say


@dataclass(frozen=True, slots=True)
class Why:
    """The recorded changes of a job, and what became of each in this place."""

    job: JobRef

    @property
    def text(self) -> str:
        return sentence("why", self.job.text)


def _parse(words: list[Word], share: bool) -> Why:
    del share  # what a place received is its own business
    words = with_labels(words)
    if len(words) > 1:
        raise BadCommand(say("`why` takes one job."), hint=say("For example: `why 205`."))
    return Why(parse_job(words[0]) if words else ThisJob())


WHY = Verb(
    name="why",
    parse=_parse,
    overview=HelpRow("why 205", say("what I saw of a job, and what I posted")),
    help=(HelpRow("why 205", say("when the job changed, and what I posted here, or why not")),),
)
