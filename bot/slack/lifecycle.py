"""What becomes of channels, and of the app itself: which places can be told news, and which not."""

from collections.abc import Callable
from typing import Any, Protocol

import structlog

from bot.core.ports import Workspaces
from bot.core.watch import Place
from bot.slack.messenger import SlackMessenger

_log = structlog.get_logger(__name__)

Json = dict[str, Any]

_PAUSES = {
    "left": "removed from the channel",
    "archive": "the channel is archived",
    "deleted": "the channel was deleted",
}


class HeldPlaces(Protocol):
    """What is needed of the Outbox."""

    async def pause_place_once(self, place: Place, *, reason: str, event_key: str) -> None:
        """Hold what waits for a place, once for each event."""

    async def resume_place(self, place: Place) -> bool:
        """Send it after all."""


class MovedPlaces(Protocol):
    """What is needed of the Subscriptions."""

    async def move_place(self, place: Place, *, to_channel_id: str) -> None:
        """The channel has another id."""


class Lifecycle:
    """Applies what Slack tells, whichever replica gets it and however often Slack sends it.

    What frees or moves a place may be done twice without harm. What pauses one is done once: sent
    again after somebody invited us back, it would hold the place for good; and one that is lost is
    made up for by the first post that is refused.
    """

    def __init__(
        self,
        *,
        outbox: HeldPlaces,
        subscriptions: MovedPlaces,
        workspaces: Workspaces,
        messenger: SlackMessenger,
        recheck: Callable[[], None],
    ) -> None:
        """`recheck` begins to ask Slack whether our token is good, and does not wait."""
        self._outbox = outbox
        self._subscriptions = subscriptions
        self._workspaces = workspaces
        self._messenger = messenger
        self._recheck = recheck

    async def hear(self, body: Json) -> None:
        """Apply one event. Raises StoreUnavailable; Slack then sends it again."""
        event = body["event"]
        kind, team_id = str(event["type"]), str(body.get("team_id", ""))
        if kind in ("app_uninstalled", "tokens_revoked"):
            await self._freeze(kind, team_id, event)
        elif kind == "channel_id_changed":
            old = Place(team_id=team_id, channel_id=event["old_channel_id"])
            await self._subscriptions.move_place(old, to_channel_id=event["new_channel_id"])
        else:
            place = Place(team_id=team_id, channel_id=_channel_id(event))
            await self._apply(kind, place, body)

    async def _freeze(self, kind: str, team_id: str, event: Json) -> None:
        """At the first sign. It may be old news, or about somebody's token: Slack is asked."""
        if kind == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
            return
        _log.error("app_removed", event_type=kind, team=team_id)
        await self._workspaces.freeze(team_id, reason=kind, is_removed=False)
        self._recheck()

    async def _apply(self, kind: str, place: Place, body: Json) -> None:
        what = kind.removeprefix("channel_").removeprefix("group_")
        if what in _PAUSES:
            event_id = str(body.get("event_id"))
            await self._outbox.pause_place_once(place, reason=_PAUSES[what], event_key=event_id)
        elif what == "unarchive" or self._is_ours(body["event"]):
            await self._outbox.resume_place(place)

    def _is_ours(self, event: Json) -> bool:
        """True if it was us who came in."""
        identity = self._messenger.identity
        is_joining = event["type"] == "member_joined_channel"
        return is_joining and identity is not None and event.get("user") == identity.bot_user_id


def _channel_id(event: Json) -> str:
    channel = event.get("channel", "")
    return str(channel["id"] if isinstance(channel, dict) else channel)
