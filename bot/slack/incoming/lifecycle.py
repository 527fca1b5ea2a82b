"""Apply events about channels and the app itself: they pause, resume or move places."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.core.hold import UNINSTALLED
from bot.core.ports.store import Workspaces
from bot.core.reasons import ARCHIVED, DELETED, REMOVED
from bot.core.subscription import Place
from bot.slack.blocks import Json
from bot.slack.contact import Installation
from bot.slack.incoming.reading import id_of, key_of

_log = structlog.get_logger(__name__)

_PAUSES = {
    "left": REMOVED,
    "archive": ARCHIVED,
    "deleted": DELETED,
}


class HeldPlaces(Protocol):
    """The part of the Outbox that pauses places."""

    async def pause_place_once(self, place: Place, *, reason: str, event_key: str) -> None:
        """Hold the deliveries of a place, once for each event."""

    async def resume_place(self, place: Place) -> bool:
        """Release the deliveries of a place."""


class MovedPlaces(Protocol):
    """The part of the Subscriptions that moves places."""

    async def move_place(self, place: Place, *, to_channel_id: str) -> None:
        """Move what belongs to a channel to the channel's new id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The effects of lifecycle events, in whichever replica and however often Slack sends one.

    To resume or move a place twice does no harm. An event pauses a place only once: applied again
    after somebody invited us back, it would hold the place for good. If such an event is lost, the
    first post that Slack refuses has the same effect.
    """

    outbox: HeldPlaces
    subscriptions: MovedPlaces
    workspaces: Workspaces
    installation: Installation
    #: Starts a check of our token with Slack, and does not wait for its result.
    recheck: Callable[[], None]

    async def hear(self, team_id: str, body: Json) -> None:
        """Apply one event to a workspace. Raises ValueError if the event names no channel, and
        StoreUnavailable, after which Slack sends the event again."""
        event = body["event"]
        kind = str(event["type"])
        if kind == UNINSTALLED:
            _log.error("app_removed", team=team_id)
            await self.workspaces.freeze(team_id)
            self.recheck()
        elif kind == "tokens_revoked":
            await self._pause(kind, team_id, event)
        elif kind == "channel_id_changed":
            old = Place(team_id=team_id, channel_id=_channel_id(event, "old_channel_id"))
            new_id = _channel_id(event, "new_channel_id")
            await self.subscriptions.move_place(old, to_channel_id=new_id)
        else:
            place = Place(team_id=team_id, channel_id=_channel_id(event, "channel"))
            await self._apply(kind, place, body)

    async def _pause(self, kind: str, team_id: str, event: Json) -> None:
        """Pause if the bot's token was revoked; then ask Slack, because the event may be old."""
        tokens = event.get("tokens")
        if isinstance(tokens, dict) and tokens.get("bot"):
            _log.error("token_revoked", team=team_id)
            await self.workspaces.pause(team_id, reason=kind)
            self.recheck()

    async def _apply(self, kind: str, place: Place, body: Json) -> None:
        what = kind.removeprefix("channel_").removeprefix("group_")
        if what in _PAUSES:
            await self.outbox.pause_place_once(
                place, reason=_PAUSES[what], event_key=_event_key(body, place)
            )
        elif what == "unarchive" or self._is_ours(body["event"]):
            await self.outbox.resume_place(place)

    def _is_ours(self, event: Json) -> bool:
        """True if the event says that the bot itself joined a channel."""
        identity = self.installation.identity
        is_joining = event["type"] == "member_joined_channel"
        return is_joining and identity is not None and event.get("user") == identity.bot_user_id


def _channel_id(event: Json, name: str) -> str:
    channel_id = id_of(event.get(name))
    if not channel_id:
        raise ValueError(f"no channel id in {name}")
    return channel_id


def _event_key(body: Json, place: Place) -> str:
    """Return Slack's id of an event, or if it has none, a key of its type, channel and time."""
    event = body["event"]
    sent_at = key_of(event.get("event_ts"))
    return key_of(body.get("event_id")) or f"{event['type']}:{place.channel_id}:{sent_at}"
