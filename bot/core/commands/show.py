"""`<job>`: one card. The one sentence without a verb."""

from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef
from bot.core.commands.verb import HelpRow
from bot.core.commands.verbs import VERB_NAMES
from bot.core.commands.vocabulary import sentence


@dataclass(frozen=True, slots=True)
class Show:
    """One job's card."""

    job: JobRef
    share: bool = False

    @property
    def text(self) -> str:
        job = self.job.text
        return sentence(f'"{job}"' if job.lower() in VERB_NAMES else job, share=self.share)


SHOW_HELP = (
    HelpRow("205", "how job 205 is: by id, name, the beginning of a name, or a pasted link"),
    HelpRow("last", "the job you last asked for"),
)
