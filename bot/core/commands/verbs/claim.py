"""`claim`: a person becomes a job's owner, whom failures and guard notices mention."""

from dataclasses import dataclass

from bot.core.commands.targets.job_reference import JobRef, with_labels
from bot.core.commands.targets.targets import only_job
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import sentence
from bot.core.text import say

_ANYWAY = "anyway"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Become the owner of a job; with `is_taken_over`, even if another person has claimed it."""

    job: JobRef
    is_taken_over: bool = False

    @property
    def text(self) -> str:
        return sentence("claim", self.job.text, _ANYWAY if self.is_taken_over else "")


def _parse(words: list[Word], share: bool) -> Claim:
    del share  # the job's card shows its owner
    is_taken_over = bool(words) and words[-1].keyword == _ANYWAY
    words = with_labels(words[:-1] if is_taken_over else words)
    return Claim(job=only_job(words, verb="claim"), is_taken_over=is_taken_over)


CLAIM = Verb(
    name="claim",
    parse=_parse,
    group=HelpGroup.CARE,
    overview=HelpRow("claim 205", say("make a job yours: I mention you when it needs somebody")),
    help=(
        HelpRow("claim 205", say("mention you when the job fails, is stuck or runs for long")),
        HelpRow("claim 205 anyway", say("do the same, even if somebody else has claimed it")),
    ),
)
