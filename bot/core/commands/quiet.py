"""`quiet`: hours in which a place hears nothing."""

from dataclasses import dataclass

from bot.core.commands.calm_targets import WholePlace, read_rule
from bot.core.commands.day_times import quiet_hours_of, quiet_text
from bot.core.commands.tokens import Word
from bot.core.commands.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.place_rules import QuietHours
from bot.core.text import say

_OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuietHours:
    """Let a place have quiet hours; None: no longer."""

    place: WholePlace
    quiet_hours: QuietHours | None

    @property
    def text(self) -> str:
        hours = quiet_text(self.quiet_hours) if self.quiet_hours else _OFF
        return sentence("quiet", self.place.text, hours)


def _parse(words: list[Word], share: bool) -> SetQuietHours:
    del share  # a place is told by itself
    place, quiet_hours = read_rule(words, _hours, verb="quiet", example="22:00-08:00")
    return SetQuietHours(place=place, quiet_hours=quiet_hours)


def _hours(said: str) -> QuietHours | None:
    return None if said.lower() == _OFF else quiet_hours_of(said)


QUIET = Verb(
    name="quiet",
    parse=_parse,
    group=HelpGroup.CALM,
    overview=HelpRow("quiet here 22:00-08:00", say("hours in which I hold what I would post")),
    help=(
        HelpRow("quiet here 22:00-08:00", say("hold what I would post here at night")),
        HelpRow("quiet me 22:00-08:00 weekdays", say("the same for direct messages, Mon to Fri")),
        HelpRow("quiet here 22:00-08:00 except failures", say("let what has failed through")),
        HelpRow("quiet here off", say("no quiet hours any more")),
    ),
)
