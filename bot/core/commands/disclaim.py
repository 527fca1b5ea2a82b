"""`disclaim`: a job is not theirs who say so."""

from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef, ThisJob, parse_job, with_labels
from bot.core.commands.tokens import Word
from bot.core.commands.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclaim:
    """Own a job no more, also where its description names its owner."""

    job: JobRef

    @property
    def text(self) -> str:
        return sentence("disclaim", self.job.text)


def _parse(words: list[Word], share: bool) -> Disclaim:
    del share  # whose a job is, its card says
    words = with_labels(words)
    if len(words) > 1:
        raise BadCommand(say("`disclaim` takes one job."), hint=say("For example: `disclaim 205`."))
    return Disclaim(job=parse_job(words[0]) if words else ThisJob())


DISCLAIM = Verb(
    name="disclaim",
    parse=_parse,
    group=HelpGroup.CARE,
    overview=HelpRow("disclaim 205", say("say that a job is not yours, or no longer")),
    help=(
        HelpRow(
            "disclaim 205", say("no longer mention you, even if the job's description names you")
        ),
    ),
)
