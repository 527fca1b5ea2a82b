"""`205`: show one job's card. Only this sentence needs no verb."""

from dataclasses import dataclass

from bot.core.commands.targets.job_reference import JobRef, ThisJob
from bot.core.commands.verbs.registry import VERB_NAMES
from bot.core.commands.words.vocabulary import sentence

#: Verbs that people type before a job, although the job alone is enough.
SHOW_WORDS = ("show", "open", "refresh")

#: Each word that is a verb at the beginning of a sentence, with the name of its verb.
FIRST_WORDS = {
    **VERB_NAMES,
    **dict.fromkeys(SHOW_WORDS, "show"),
}


@dataclass(frozen=True, slots=True)
class Show:
    """Show one job's card."""

    job: JobRef
    share: bool = False

    @property
    def text(self) -> str:
        if isinstance(self.job, ThisJob):
            return sentence("show", share=self.share)
        job = self.job.text
        return sentence(f'"{job}"' if job.lower() in FIRST_WORDS else job, share=self.share)
