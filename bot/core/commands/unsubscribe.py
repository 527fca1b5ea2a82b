"""`unsubscribe`: a place stops following."""

from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef
from bot.core.commands.options import option_place, target_and_options
from bot.core.commands.targets import AllTargets, NamePattern, WholeProject, parse_target
from bot.core.commands.tokens import Word
from bot.core.commands.vocabulary import option, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Tell a place no more."""

    job: JobRef | NamePattern | WholeProject | AllTargets
    where: str = ""

    @property
    def text(self) -> str:
        return sentence("unsubscribe", self.job.text, option("in", self.where))


def parse_unsubscribe(words: list[Word], share: bool) -> Unsubscribe:
    """What comes after `unsubscribe`. Raises BadCommand."""
    del share
    target, options = target_and_options("unsubscribe", words, ("in",))
    everything = target.keyword == "all"
    return Unsubscribe(
        job=AllTargets() if everything else parse_target(target),
        where=option_place(options, "in"),
    )
