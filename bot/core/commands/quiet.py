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
    overview=HelpRow("quiet here 22:00-08:00", say("hold back messages at these hours")),
    help=(
        HelpRow("quiet here 22:00-08:00", say("hold back what I would post here at these hours")),
        HelpRow(
            "quiet me 22:00-08:00 weekdays",
            say("do the same for your direct messages, Monday to Friday"),
        ),
        HelpRow(
            "quiet here 22:00-08:00 except failures", say("do the same, but post failures at once")
        ),
        HelpRow("quiet here off", say("end the quiet hours")),
    ),
)
