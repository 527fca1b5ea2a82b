"""`why`: what was seen of a job, and what was sent."""

from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef, ThisJob, parse_job, with_labels
from bot.core.commands.tokens import Word
from bot.core.commands.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say

_DETAILS = "details"


@dataclass(frozen=True, slots=True)
class Why:
    """The recorded changes of a job, and what became of each in this place; `details` adds the
    exact times."""

    job: JobRef
    details: bool = False

    @property
    def text(self) -> str:
        return sentence("why", self.job.text, _DETAILS if self.details else "")


def _parse(words: list[Word], share: bool) -> Why:
    del share  # what a place received is its own business
    details = bool(words) and words[-1].keyword == _DETAILS
    words = with_labels(words[:-1] if details else words)
    if len(words) > 1:
        raise BadCommand(
            say("`why` takes one job, and `details` after it."),
            hint=say("For example: `why 205`."),
        )
    return Why(parse_job(words[0]) if words else ThisJob(), details)


WHY = Verb(
    name="why",
    parse=_parse,
    group=HelpGroup.ASK,
    overview=HelpRow("why 205", say("explain what I saw of a job, and what I posted here")),
    help=(
        HelpRow(
            "why 205",
            say("say how the job is, when it changed, and what I posted here, or why not"),
        ),
        HelpRow("why 205 details", say("do the same with the exact times")),
    ),
)
