"""`digest here` with no time: which one there is."""

from dataclasses import dataclass

from bot.core.commands.targets.hold_targets import WholePlace
from bot.core.commands.words.vocabulary import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowDigest:
    """Show the digest of a place."""

    place: WholePlace

    @property
    def text(self) -> str:
        return sentence("digest", self.place.text)
