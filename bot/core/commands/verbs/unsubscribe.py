"""`unsubscribe`: end subscriptions of a place."""

from dataclasses import dataclass

from bot.core.commands.options.options import OptionRules, option_place, split_options
from bot.core.commands.targets.job_reference import JobRef, ThisJob
from bot.core.commands.targets.targets import (
    AllTargets,
    NamePattern,
    WholeProject,
    parse_any_target,
)
from bot.core.commands.targets.whom import check_whom
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import option, sentence
from bot.core.text import say

_RULES = OptionRules(
    verb="unsubscribe",
    allowed=("in",),
    examples=("unsubscribe 205", "unsubscribe flowers* in dm", "unsubscribe all"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """End subscriptions of the place `where`; empty means the place where the sentence was sent."""

    job: JobRef | NamePattern | WholeProject | AllTargets
    where: str = ""

    @property
    def text(self) -> str:
        return sentence("unsubscribe", self.job.text, option("in", self.where))


def _parse(words: list[Word], share: bool) -> Unsubscribe:
    del share  # the answer is for the asker alone
    check_whom("unsubscribe", words)
    target, options = split_options(words, _RULES)
    job = parse_any_target(target) if target else ThisJob()
    return Unsubscribe(job=job, where=option_place(options, "in"))


UNSUBSCRIBE = Verb(
    name="unsubscribe",
    aliases=("unwatch",),
    parse=_parse,
    group=HelpGroup.FOLLOW,
    overview=HelpRow("unsubscribe 205", say("stop posting about the job here")),
    help=(
        HelpRow(
            "unsubscribe 205",
            say("end the subscription to the job here; or to a pattern, or `project`"),
        ),
        HelpRow(
            "unsubscribe all in dm",
            say("end all subscriptions of your direct messages, or of a #channel"),
        ),
    ),
)
