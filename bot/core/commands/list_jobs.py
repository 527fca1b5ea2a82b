"""`list`: the jobs of the project."""

from dataclasses import dataclass

from bot.core.commands.tokens import Word, joined
from bot.core.commands.vocabulary import LISTED_PHASES, quoted, sentence
from bot.core.job import Phase


@dataclass(frozen=True, slots=True)
class ListJobs:
    """The project's jobs, all or of one phase, with `containing` in name or description."""

    phase: Phase | None = None
    containing: str = ""
    share: bool = False

    @property
    def text(self) -> str:
        phase = self.phase.value if self.phase else ""
        return sentence("list", phase, quoted(self.containing), share=self.share)


def parse_list(words: list[Word], share: bool) -> ListJobs:
    phases = {phase.value: phase for phase in LISTED_PHASES}
    phase = phases.get(words[0].keyword) if words else None
    return ListJobs(phase, joined(words[1:] if phase else words), share)
