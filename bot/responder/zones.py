"""The time zone and the language of a person."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.commands.request import Request
from bot.core.ports.slack import People
from bot.core.subscription import Place


@dataclass(frozen=True, slots=True)
class Zones:
    """Returns a person's own zone, or `usual` if that cannot be read."""

    people: People
    #: The zone of the installation.
    usual: ZoneInfo
    #: True if the operator has set the language of channels.
    is_language_chosen: bool = False

    async def zone_of(self, request: Request) -> ZoneInfo:
        """Return the zone of the person who asks."""
        return await self.people.zone(request.team_id, request.user_id) or self.usual

    async def first_language(self, place: Place, request: Request) -> str:
        """Return the language tag for a place that has none yet: that of the person who sets it up.
        Empty if it cannot be read, and in channels if the operator has set the language."""
        if self.is_language_chosen and not place.is_direct:
            return ""
        return await self.people.language(request.team_id, request.user_id)
