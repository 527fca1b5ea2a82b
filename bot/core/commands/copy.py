"""`copy`: another place follows the same."""

from dataclasses import dataclass

from bot.core.commands.job_reference import JobRef
from bot.core.commands.options import option_place, target_and_options
from bot.core.commands.targets import AllTargets, NamePattern, WholeProject, parse_target
from bot.core.commands.tokens import Word
from bot.core.commands.vocabulary import option, sentence
from bot.core.errors import BadCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Tell another place of what this one is told of. `to` is like a `where`, and never empty,
    but on a picker of channels: it adds the one that was picked."""

    job: JobRef | NamePattern | WholeProject | AllTargets
    to: str
    where: str = ""

    @property
    def text(self) -> str:
        return sentence("copy", self.job.text, option("in", self.where), option("to", self.to))


def parse_copy(words: list[Word], share: bool) -> Copy:
    """What comes after `copy`. Raises BadCommand."""
    del share
    target, options = target_and_options("copy", words, ("in", "to"))
    if "to" not in options.words:
        raise BadCommand("`copy` needs a place to copy to.", hint=options.example)
    return Copy(
        job=AllTargets() if target.keyword == "all" else parse_target(target),
        to=option_place(options, "to"),
        where=option_place(options, "in"),
    )
