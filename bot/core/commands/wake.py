"""`wake`: end a snooze, and hear what it held."""

from dataclasses import dataclass

from bot.core.commands.calm_targets import CalmTarget, calm_target_text, parse_calm_target
from bot.core.commands.job_reference import ThisJob, with_labels
from bot.core.commands.tokens import Word
from bot.core.commands.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Post what a snooze holds, now."""

    job: CalmTarget

    @property
    def text(self) -> str:
        return sentence("wake", calm_target_text(self.job))


def _parse(words: list[Word], share: bool) -> Wake:
    del share  # a place is told by itself
    words = with_labels(words)
    if len(words) > 1:
        raise BadCommand(
            say("`wake` takes one job, `here` or `me`."),
            hint=say("For example: `{example}`.", example="wake 205"),
        )
    return Wake(job=parse_calm_target(words[0]) if words else ThisJob())


WAKE = Verb(
    name="wake",
    parse=_parse,
    group=HelpGroup.CALM,
    overview=HelpRow("wake 205", say("end a snooze, and post what it held back")),
    help=(
        HelpRow("wake 205", say("post about the job here again, and what I held back")),
        HelpRow("wake here", say("do the same for all that is snoozed in this channel")),
        HelpRow("wake me", say("do the same for your direct messages")),
    ),
)
