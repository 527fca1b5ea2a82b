"""What becomes of channels, and of the app itself: which places can be told news, and which not."""

from collections.abc import Callable
from typing import Protocol

import structlog

from bot.core.ports.store import Workspaces
from bot.core.reasons import ARCHIVED, DELETED, REMOVED
from bot.core.subscription import Place
from bot.slack.blocks import Json
from bot.slack.contact import Home
from bot.slack.incoming.reading import id_of, key_of

_log = structlog.get_logger(__name__)

_PAUSES = {
    "left": REMOVED,
    "archive": ARCHIVED,
    "deleted": DELETED,
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
        home: Home,
        recheck: Callable[[], None],
    ) -> None:
        """`recheck` begins to ask Slack whether our token is good, and does not wait."""
        self._outbox = outbox
        self._subscriptions = subscriptions
        self._workspaces = workspaces
        self._home = home
        self._recheck = recheck

    async def hear(self, team_id: str, body: Json) -> None:
        """Apply one event to a workspace. Raises ValueError if it does not say what it is about,
        and StoreUnavailable; Slack then sends it again."""
        event = body["event"]
        kind = str(event["type"])
        if kind in ("app_uninstalled", "tokens_revoked"):
            await self._freeze(kind, team_id, event)
        elif kind == "channel_id_changed":
            old = Place(team_id=team_id, channel_id=_channel_id(event, "old_channel_id"))
            new_id = _channel_id(event, "new_channel_id")
            await self._subscriptions.move_place(old, to_channel_id=new_id)
        else:
            place = Place(team_id=team_id, channel_id=_channel_id(event, "channel"))
            await self._apply(kind, place, body)

    async def _freeze(self, kind: str, team_id: str, event: Json) -> None:
        """At the first sign. It may be old news, or about somebody's token: Slack is asked."""
        tokens = event.get("tokens")
        if kind == "tokens_revoked" and not (isinstance(tokens, dict) and tokens.get("bot")):
            return
        _log.error("app_removed", event_type=kind, team=team_id)
        await self._workspaces.freeze(team_id, reason=kind, is_removed=False)
        self._recheck()

    async def _apply(self, kind: str, place: Place, body: Json) -> None:
        what = kind.removeprefix("channel_").removeprefix("group_")
        if what in _PAUSES:
            await self._outbox.pause_place_once(
                place, reason=_PAUSES[what], event_key=_event_key(body, place)
            )
        elif what == "unarchive" or self._is_ours(body["event"]):
            await self._outbox.resume_place(place)

    def _is_ours(self, event: Json) -> bool:
        """True if it was us who came in."""
        identity = self._home.identity
        is_joining = event["type"] == "member_joined_channel"
        return is_joining and identity is not None and event.get("user") == identity.bot_user_id


def _channel_id(event: Json, name: str) -> str:
    channel_id = id_of(event.get(name))
    if not channel_id:
        raise ValueError(f"no channel id in {name}")
    return channel_id


def _event_key(body: Json, place: Place) -> str:
    """Slack names each event; one without a name is known by its channel and time."""
    event = body["event"]
    sent_at = key_of(event.get("event_ts"))
    return key_of(body.get("event_id")) or f"{event['type']}:{place.channel_id}:{sent_at}"
