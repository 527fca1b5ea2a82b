"""The time zone and the language of a person."""

from zoneinfo import ZoneInfo

from bot.core.cards.words.subscription_words import is_direct
from bot.core.commands.request import Request
from bot.core.ports.slack import People
from bot.core.subscription import Place


class Zones:
    """Returns a person's own zone, or `usual` if that cannot be read."""

    def __init__(
        self, people: People, *, usual: ZoneInfo, is_language_chosen: bool = False
    ) -> None:
        """`is_language_chosen` is True if the operator has set the language of channels."""
        self._people = people
        self._usual = usual
        self._is_language_chosen = is_language_chosen

    @property
    def usual(self) -> ZoneInfo:
        """Return the zone of the installation."""
        return self._usual

    async def zone_of(self, request: Request) -> ZoneInfo:
        """Return the zone of the person who asks."""
        return await self._people.zone(request.team_id, request.user_id) or self._usual

    async def first_language(self, place: Place, request: Request) -> str:
        """Return the language tag for a place that has none yet: that of the person who sets it up.
        Empty if it cannot be read, and in channels if the operator has set the language."""
        if self._is_language_chosen and not is_direct(place):
            return ""
        return await self._people.language(request.team_id, request.user_id)
