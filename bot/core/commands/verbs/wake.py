"""`wake`: end a snooze, and post what it held."""

from dataclasses import dataclass

from bot.core.commands.targets.hold_targets import (
    HoldTarget,
    check_everything,
    hold_target_text,
    parse_hold_target,
)
from bot.core.commands.targets.job_reference import ThisJob, with_labels
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """End a snooze before its time, and post the messages that it holds."""

    job: HoldTarget

    @property
    def text(self) -> str:
        return sentence("wake", hold_target_text(self.job))


def _parse(words: list[Word], share: bool) -> Wake:
    del share  # the answer is for the asker alone
    words = with_labels(words)
    check_everything("wake", words)
    if len(words) > 1:
        raise BadCommand(
            say("`wake` takes one job, `here` or `me`."),
            hint=say("For example: `{example}`.", example="wake 205"),
        )
    return Wake(job=parse_hold_target(words[0]) if words else ThisJob())


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
