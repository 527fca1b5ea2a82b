"""In which time zone a person means what they type, and in which language they read."""

from zoneinfo import ZoneInfo

from bot.core.commands.request import Request
from bot.core.ports.slack import People


class Zones:
    """A person's own zone, or `usual` where it cannot be read."""

    def __init__(self, people: People, *, usual: ZoneInfo) -> None:
        self._people = people
        self._usual = usual

    async def zone_of(self, request: Request) -> ZoneInfo:
        """The zone of whoever asks."""
        return await self._people.zone(request.team_id, request.user_id) or self._usual

    async def language_of(self, request: Request) -> str:
        """The tag of the language of whoever asks; empty where it cannot be read."""
        return await self._people.language(request.team_id, request.user_id)
