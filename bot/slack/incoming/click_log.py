"""Record in which places people press buttons: a noisy place without presses may want a digest."""

import asyncio
from typing import Protocol

import structlog

from bot.core.bounded_dict import BoundedDict
from bot.core.errors import StoreUnavailable
from bot.core.noise import CLICK_GRAIN
from bot.core.place_ids import is_channel_id
from bot.core.subscription import Place
from bot.slack.blocks import Json
from bot.slack.incoming.background import BackgroundTasks

_log = structlog.get_logger(__name__)

_PLACES_KEPT = 1_000


class ClickLog(Protocol):
    """The part of the store that records presses."""

    async def note_click(self, place: Place) -> None:
        """Record that somebody pressed a button of a message there. Raises StoreUnavailable."""


class ClickLogger:
    """A recorder of presses on messages: the database gets one an hour and place."""

    def __init__(self, store: ClickLog, background: BackgroundTasks) -> None:
        self._store = store
        self._background = background
        #: When a press was last recorded for each place.
        self._noted = BoundedDict[Place, float](_PLACES_KEPT)

    def note(self, team_id: str, body: Json) -> None:
        """Record a press in the background, unless the place has a recent one."""
        channel_id = (body.get("channel") or {}).get("id")
        if not isinstance(channel_id, str) or not is_channel_id(channel_id):
            return
        place = Place(team_id=team_id, channel_id=channel_id)
        now = asyncio.get_running_loop().time()
        noted = self._noted.get(place)
        if noted is not None and now - noted < CLICK_GRAIN.total_seconds():
            return
        self._noted[place] = now
        self._background.start(self._record(place))

    async def _record(self, place: Place) -> None:
        try:
            await self._store.note_click(place)
        except StoreUnavailable as error:
            self._noted.pop(place, None)
            _log.warning("click_not_kept", error=str(error))
