"""`history`: the states of a job over time."""

from dataclasses import dataclass
from datetime import timedelta

from bot.core.commands.targets.job_reference import JobRef, with_labels
from bot.core.commands.targets.targets import only_job
from bot.core.commands.targets.time_words import job_text, single_word, without_of
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import sentence
from bot.core.text import say

#: The words for how far `history` looks back.
SPANS = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
USUAL_SPAN = "7d"


@dataclass(frozen=True, slots=True)
class History:
    """Show which states a job was in, and for how long."""

    job: JobRef
    #: A key of SPANS.
    span: str = USUAL_SPAN
    share: bool = False

    @property
    def text(self) -> str:
        span = "" if self.span == USUAL_SPAN else self.span
        return sentence("history", job_text(self.job, SPANS), span, share=self.share)


def _parse(words: list[Word], share: bool) -> History:
    words = with_labels(without_of(words))
    span, words = single_word(words, SPANS, verb="history", example="history 205 7d")
    return History(only_job(words, verb="history"), span or USUAL_SPAN, share)


HISTORY = Verb(
    name="history",
    parse=_parse,
    group=HelpGroup.ASK,
    overview=HelpRow("history 205 [24h|7d|30d]", say("show a job's states over time")),
    help=(
        HelpRow(
            "history 205", say("show its states during the last 7 days, and how long each lasted")
        ),
        HelpRow(
            "history 205 24h", say("show those of the last 24 hours; `30d`: of the last 30 days")
        ),
    ),
)
