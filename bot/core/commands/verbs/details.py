"""`details`: show every field that the API has of a job."""

from dataclasses import dataclass

from bot.core.commands.targets.job_reference import JobRef, with_labels
from bot.core.commands.targets.targets import only_job
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import sentence
from bot.core.text import say


@dataclass(frozen=True, slots=True)
class Details:
    """Show all fields of one job, as text to copy."""

    job: JobRef

    @property
    def text(self) -> str:
        return sentence("details", self.job.text)


def _parse(words: list[Word], share: bool) -> Details:
    del share  # so many fields would flood a channel
    return Details(only_job(with_labels(words), verb="details"))


DETAILS = Verb(
    name="details",
    parse=_parse,
    group=HelpGroup.ASK,
    overview=HelpRow("details 205", say("show every field of a job, to copy")),
    help=(
        HelpRow(
            "details 205",
            say("show every field that ModelArts has of a job, and what its state means"),
        ),
    ),
)
