"""`copy`: subscribe another place to what a place follows."""

from dataclasses import dataclass

from bot.core.commands.options.options import OptionRules, option_place, split_options
from bot.core.commands.targets.job_reference import JobRef, ThisJob
from bot.core.commands.targets.targets import (
    AllTargets,
    NamePattern,
    WholeProject,
    parse_any_target,
)
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import option, sentence
from bot.core.errors import BadCommand
from bot.core.text import say

_RULES = OptionRules(
    verb="copy", allowed=("in", "to"), examples=("copy 205 to dm", "copy all to #channel")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Copy subscriptions of the place `where` to the place `to`.

    `to` is empty if the person still has to pick the place; a channel picker appends it.
    """

    job: JobRef | NamePattern | WholeProject | AllTargets
    to: str
    where: str = ""

    @property
    def text(self) -> str:
        return sentence("copy", self.job.text, option("in", self.where), option("to", self.to))


def _parse(words: list[Word], share: bool) -> Copy:
    del share  # the answer is for the asker alone
    target, options = split_options(words, _RULES)
    has_place = "to" in options.words
    if not has_place and not target:
        raise BadCommand(say("`copy` needs a channel to copy to, or `dm`."), hint=options.example)
    return Copy(
        job=parse_any_target(target) if target else ThisJob(),
        to=option_place(options, "to") if has_place else "",
        where=option_place(options, "in"),
    )


COPY = Verb(
    name="copy",
    parse=_parse,
    group=HelpGroup.FOLLOW,
    overview=HelpRow("copy 205 to dm", say("subscribe another channel to it, too, or yourself")),
    help=(
        HelpRow(
            "copy 205 to dm",
            say("send you what this channel gets about the job, by direct message"),
        ),
        HelpRow(
            "copy all to #channel",
            say(
                "subscribe another channel to all that this one follows; pick it from Slack's list"
            ),
        ),
    ),
)
