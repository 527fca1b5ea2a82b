"""`quiet`: set hours of the day in which messages to a place are held."""

from dataclasses import dataclass

from bot.core.commands.targets.hold_targets import WholePlace, read_rule, whole_place
from bot.core.commands.times.day_times import quiet_hours_of, quiet_text
from bot.core.commands.verbs.show_quiet import ShowQuietHours
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import option, sentence
from bot.core.place_rules import QuietHours
from bot.core.text import say

_OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuietHours:
    """Set the quiet hours of a place; None ends them."""

    place: WholePlace
    quiet_hours: QuietHours | None
    #: The zone of the rule; empty for the zone of the person who sets it.
    time_zone: str = ""

    @property
    def text(self) -> str:
        hours = quiet_text(self.quiet_hours) if self.quiet_hours else _OFF
        return sentence("quiet", self.place.text, hours, option("in", self.time_zone))


def _parse(words: list[Word], share: bool) -> SetQuietHours | ShowQuietHours:
    del share  # an announcement informs the channel
    if len(words) == 1 and (whole := whole_place(words[0])):
        return ShowQuietHours(place=whole)
    place, quiet_hours, zone = read_rule(words, _hours, verb="quiet", example="22:00-08:00")
    return SetQuietHours(place=place, quiet_hours=quiet_hours, time_zone=zone)


def _hours(said: str) -> QuietHours | None:
    return None if said.lower() == _OFF else quiet_hours_of(said)


QUIET: Verb[SetQuietHours | ShowQuietHours] = Verb(
    name="quiet",
    parse=_parse,
    group=HelpGroup.CHANNEL,
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
        HelpRow("quiet here", say("show the quiet hours")),
        HelpRow("quiet here off", say("end the quiet hours")),
    ),
)
