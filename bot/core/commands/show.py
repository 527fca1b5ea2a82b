"""`<job>`: one card."""

from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef
from bot.core.commands.vocabulary import sentence


@dataclass(frozen=True, slots=True)
class Show:
    """One job's card."""

    job: JobRef
    share: bool = False

    @property
    def text(self) -> str:
        return sentence(self.job.text, share=self.share)
