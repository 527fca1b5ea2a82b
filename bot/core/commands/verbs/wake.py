"""`wake`: end a snooze, and post what it held."""

from dataclasses import dataclass

from bot.core.commands.options.options import checked_place
from bot.core.commands.targets.hold_targets import (
    HoldTarget,
    check_everything,
    hold_target_text,
    parse_hold_target,
)
from bot.core.commands.targets.job_reference import ThisJob, with_labels
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import option, sentence
from bot.core.errors import BadCommand
from bot.core.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """End a snooze before its time, and post the messages that it holds."""

    job: HoldTarget
    #: `#` and the id of the channel whose snooze ends; empty for the place of the sentence.
    where: str = ""

    @property
    def text(self) -> str:
        return sentence("wake", hold_target_text(self.job), option("in", self.where))


def _parse(words: list[Word], share: bool) -> Wake:
    del share  # the answer is for the asker alone
    words, where = _without_place(with_labels(words))
    check_everything("wake", words)
    if len(words) > 1 and words[0].keyword == "up":
        words = words[1:]
    if len(words) > 1:
        raise BadCommand(
            say("`wake` takes one job, `here` or `me`."),
            hint=say("For example: `{example}`.", example="wake 205"),
        )
    return Wake(job=parse_hold_target(words[0]) if words else ThisJob(), where=where)


def _without_place(words: list[Word]) -> tuple[list[Word], str]:
    """Split off the place, as in `in #general`; empty if none is named. Raises BadCommand."""
    if len(words) < 2 or words[-2].keyword != "in":
        return words, ""
    example = say("For example: `{example}`.", example="wake here in dm")
    return words[:-2], checked_place(words[-1].text, option="in", example=example)


WAKE = Verb(
    name="wake",
    parse=_parse,
    group=HelpGroup.CARE,
    overview=HelpRow("wake 205", say("end a snooze, and post what it held back")),
    help=(
        HelpRow("wake 205", say("post about the job here again, and what I held back")),
        HelpRow("wake here", say("do the same for all that is snoozed in this channel")),
        HelpRow("wake me", say("do the same for your direct messages")),
    ),
)
