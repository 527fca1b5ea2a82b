"""`digest`: post the messages of a place together, once a day."""

from dataclasses import dataclass

from bot.core.commands.targets.hold_targets import WholePlace, read_rule, whole_place
from bot.core.commands.times.day_times import digest_of, digest_text
from bot.core.commands.verbs.show_digest import ShowDigest
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import option, sentence
from bot.core.place_rules import Digest
from bot.core.text import say

_OFF = "off"
_NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDigest:
    """Set the digest of a place; None ends the digest."""

    place: WholePlace
    digest: Digest | None
    #: Never offer a digest to this place again. An existing digest goes on.
    is_declined: bool = False
    #: The zone of the rule; empty for the zone of the person who sets it.
    time_zone: str = ""

    @property
    def text(self) -> str:
        off = _NEVER if self.is_declined else _OFF
        when = digest_text(self.digest) if self.digest else off
        return sentence("digest", self.place.text, when, option("in", self.time_zone))


def _parse(words: list[Word], share: bool) -> SetDigest | ShowDigest:
    del share  # an announcement informs the channel
    if len(words) == 1 and (whole := whole_place(words[0])):
        return ShowDigest(place=whole)
    place, (digest, is_declined), zone = read_rule(words, _when, verb="digest", example="at 09:00")
    return SetDigest(place=place, digest=digest, is_declined=is_declined, time_zone=zone)


def _when(said: str) -> tuple[Digest | None, bool]:
    if said.lower() in (_OFF, _NEVER):
        return None, said.lower() == _NEVER
    return digest_of(said), False


DIGEST: Verb[SetDigest | ShowDigest] = Verb(
    name="digest",
    parse=_parse,
    group=HelpGroup.CHANNEL,
    overview=HelpRow("digest here at 09:00", say("post everything together, once a day")),
    help=(
        HelpRow("digest here at 09:00", say("post one message a day with all that happened")),
        HelpRow(
            "digest me at 09:00 weekdays",
            say("do the same for your direct messages, Monday to Friday"),
        ),
        HelpRow("digest here", say("show the digest")),
        HelpRow("digest here off", say("post each message by itself again")),
        HelpRow("digest here never", say("never offer a digest here again")),
    ),
)
