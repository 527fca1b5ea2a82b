"""`quiet here` without hours: show the quiet hours of a place."""

from dataclasses import dataclass

from bot.core.commands.targets.hold_targets import WholePlace
from bot.core.commands.words.vocabulary import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowQuietHours:
    """Show the quiet hours of a place."""

    place: WholePlace

    @property
    def text(self) -> str:
        return sentence("quiet", self.place.text)
