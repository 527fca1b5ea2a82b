"""`<job>`: one card. The one sentence that needs no verb."""

from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef, ThisJob
from bot.core.commands.verb import HelpRow
from bot.core.commands.verbs import VERB_NAMES
from bot.core.commands.vocabulary import sentence
from bot.core.text import say

#: What people say before a job though nothing is needed there.
SHOW_WORDS = ("show", "refresh")

#: Every word that means something else than a job at the beginning of a sentence.
FIRST_WORDS = {
    **VERB_NAMES,
    **dict.fromkeys(SHOW_WORDS, "show"),
}


@dataclass(frozen=True, slots=True)
class Show:
    """One job's card."""

    job: JobRef
    share: bool = False

    @property
    def text(self) -> str:
        if isinstance(self.job, ThisJob):
            return sentence("show", share=self.share)
        job = self.job.text
        return sentence(f'"{job}"' if job.lower() in FIRST_WORDS else job, share=self.share)


SHOW_HELP = (
    HelpRow(
        "205", say("show one job, by its id, its name, the beginning of its name or a pasted link")
    ),
    HelpRow("last", say("show the job that you last asked about")),
)
