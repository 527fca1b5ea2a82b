"""In which time zone a person means what they type, and in which language they read."""

from zoneinfo import ZoneInfo

from bot.core.cards.subscription_words import is_direct
from bot.core.commands.request import Request
from bot.core.ports.slack import People
from bot.core.subscription import Place


class Zones:
    """A person's own zone, or `usual` where it cannot be read."""

    def __init__(
        self, people: People, *, usual: ZoneInfo, is_language_chosen: bool = False
    ) -> None:
        """`is_language_chosen` if the operator has said in which language channels are."""
        self._people = people
        self._usual = usual
        self._is_language_chosen = is_language_chosen

    async def zone_of(self, request: Request) -> ZoneInfo:
        """The zone of whoever asks."""
        return await self._people.zone(request.team_id, request.user_id) or self._usual

    async def first_language(self, place: Place, request: Request) -> str:
        """The tag of the language of a place that nobody gave one: that of whoever sets it up.
        Empty where it cannot be read, and in channels where the operator has chosen."""
        if self._is_language_chosen and not is_direct(place):
            return ""
        return await self._people.language(request.team_id, request.user_id)
