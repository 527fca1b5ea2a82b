"""Record in which places people press buttons: a noisy place without presses may want a digest."""

import asyncio
from collections import OrderedDict
from typing import Protocol

import structlog

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

    def __init__(self, kept: ClickLog, background: BackgroundTasks) -> None:
        self._kept = kept
        self._background = background
        #: When a press was last recorded for each place, the latest at the end.
        self._noted: OrderedDict[Place, float] = OrderedDict()

    def note(self, team_id: str, body: Json) -> None:
        """Record a press in the background, unless the place has a recent one."""
        channel_id = (body.get("channel") or {}).get("id")
        if not isinstance(channel_id, str) or not is_channel_id(channel_id):
            return
        place, now = (
            Place(team_id=team_id, channel_id=channel_id),
            asyncio.get_running_loop().time(),
        )
        noted = self._noted.get(place)
        if noted is not None and now - noted < CLICK_GRAIN.total_seconds():
            return
        self._noted[place] = now
        self._noted.move_to_end(place)
        if len(self._noted) > _PLACES_KEPT:
            self._noted.popitem(last=False)
        self._background.start(self._keep(place))

    async def _keep(self, place: Place) -> None:
        try:
            await self._kept.note_click(place)
        except StoreUnavailable as error:
            self._noted.pop(place, None)
            _log.warning("click_not_kept", error=str(error))
