"""`digest`: what happens comes together, once a day."""

from dataclasses import dataclass

from bot.core.commands.calm_targets import WholePlace, read_rule
from bot.core.commands.day_times import digest_of, digest_text
from bot.core.commands.tokens import Word
from bot.core.commands.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.place_rules import Digest
from bot.core.text import say

_OFF = "off"
_NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDigest:
    """Let what a place hears come together; None: each by itself."""

    place: WholePlace
    digest: Digest | None
    #: It shall never be offered; one that there is goes on.
    is_declined: bool = False

    @property
    def text(self) -> str:
        off = _NEVER if self.is_declined else _OFF
        when = digest_text(self.digest) if self.digest else off
        return sentence("digest", self.place.text, when)


def _parse(words: list[Word], share: bool) -> SetDigest:
    del share  # a place is told by itself
    place, (digest, is_declined) = read_rule(words, _when, verb="digest", example="at 09:00")
    return SetDigest(place=place, digest=digest, is_declined=is_declined)


def _when(said: str) -> tuple[Digest | None, bool]:
    if said.lower() in (_OFF, _NEVER):
        return None, said.lower() == _NEVER
    return digest_of(said), False


DIGEST = Verb(
    name="digest",
    parse=_parse,
    group=HelpGroup.CALM,
    overview=HelpRow("digest here at 09:00", say("post everything together, once a day")),
    help=(
        HelpRow("digest here at 09:00", say("post one message a day with all that happened")),
        HelpRow(
            "digest me at 09:00 weekdays",
            say("do the same for your direct messages, Monday to Friday"),
        ),
        HelpRow("digest here off", say("post each message by itself again")),
        HelpRow("digest here never", say("never offer a digest here again")),
    ),
)
