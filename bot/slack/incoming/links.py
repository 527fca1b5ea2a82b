"""Links that people paste: one that leads to a job's TensorBoard gets the job's card.

docs.slack.dev/messaging/unfurling-links-in-messages
"""

import asyncio
from collections.abc import Iterable
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.core.commands.request import Request
from bot.core.errors import MessengerError
from bot.slack.blocks import Json, render_blocks
from bot.slack.contact import Contact, Identity
from bot.slack.incoming.guests import Guests
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.late import LateWork
from bot.slack.incoming.offers import Offers
from bot.slack.incoming.once import LogOnce
from bot.slack.incoming.origin import Origin, event_origin
from bot.slack.incoming.reading import id_of, request_of
from bot.slack.incoming.seen_events import SeenEvents

_log = structlog.get_logger(__name__)

SCOPE = "links:write"

# Slack names so many links of a message at the most.
_MOST_LINKS = 5
_LONGEST_LINK = 3000
_PATIENCE_SECONDS = 2.0
_COMPOSER = "composer"
_SOURCES = (_COMPOSER, "conversations_history")
# Slack sends it again after it.
_LATER = BoltResponse(status=503, body="")


class Strangers(Protocol):
    """What Slack says of people beside its events."""

    async def is_stranger(self, team_id: str, user_id: str) -> bool:
        """True for somebody of another company, where Slack tells it soon enough."""


class Links:
    """Everybody in the channel sees the card: so there is none where a stranger may be."""

    def __init__(
        self,
        offers: Offers,
        contact: Contact,
        guests: Guests,
        seen: SeenEvents,
        late: LateWork,
        languages: Languages,
        strangers: Strangers,
    ) -> None:
        self._offers = offers
        self._contact = contact
        self._guests = guests
        self._seen = seen
        self._late = late
        self._languages = languages
        self._strangers = strangers
        self._once = LogOnce()

    def register(self, app: AsyncApp) -> None:
        """Register the one event."""
        app.event("link_shared")(self.on_links)

    async def on_links(self, ack: Any, body: Json) -> BoltResponse | None:
        """Acknowledge first: Slack takes no card for a link before."""
        if self._guests.is_closing:
            return _LATER
        await ack()
        await self._guests.learn_home(_PATIENCE_SECONDS)
        home = self._guests.home
        if home is None or self._seen.is_repeated(body):
            return None
        if home.scopes and SCOPE not in home.scopes:
            self._once.note("unfurl_refused", "missing_scope")
        elif _is_of_another(body["event"], home):
            self._late.start(self._answer(home, body))
        return None

    async def renew(self, request: Request, body: Json) -> None:
        """Refresh on such a card: draw it anew where it is."""
        container = body["container"]
        target = {"channel": request.channel_id, "ts": container.get("message_ts")}
        await self._unfurl([container.get("app_unfurl_url")], request, target)

    async def _answer(self, home: Identity, body: Json) -> None:
        event, origin = body["event"], event_origin(body)
        team_id = await self._guests.admitting(origin)
        if team_id is None or await self._has_strangers(origin, event):
            return
        # In a channel of ours the event does not say whose the person is.
        user_id = id_of(event.get("user"))
        if user_id and await self._strangers.is_stranger(team_id, user_id):
            return
        is_composed = event.get("source") == _COMPOSER
        request = request_of(
            "",
            team_id,
            user_id or home.bot_user_id,
            None if is_composed else event.get("channel"),
        )
        urls = [link.get("url") for link in event["links"] if isinstance(link, dict)]
        await self._unfurl(urls, request, _target(event))

    async def _has_strangers(self, origin: Origin, event: Json) -> bool:
        """What somebody still writes is in no channel that Slack could be asked about."""
        if event.get("source") == _COMPOSER:
            return origin.is_shared is True
        return await self._guests.is_shared(origin)

    async def _unfurl(self, urls: Iterable[object], request: Request, target: Json) -> None:
        cards: Json = {}
        language = await self._languages.of_all(request)
        try:
            for url in _plain(urls):
                if card := await self._offers.preview(url, request):
                    cards[url] = {"blocks": render_blocks(card, language)}
            if cards:
                await self._contact.unfurl(target, cards)
        except MessengerError as error:
            self._once.note("unfurl_refused", error.code or "no_answer")
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001 - a link that somebody pasted waits for no answer
            _log.exception("unfurl_failed", user=request.user_id)


def is_on_unfurl(body: Json) -> bool:
    """True for a click on the card of a link."""
    container = body.get("container") or {}
    return bool(container.get("is_app_unfurl")) and bool(container.get("app_unfurl_url"))


def _is_of_another(event: Json, home: Identity) -> bool:
    return home.bot_user_id != event.get("user") and home.bot_id != event.get("bot_id")


def _plain(urls: Iterable[object]) -> list[str]:
    given = dict.fromkeys(url for url in urls if isinstance(url, str) and len(url) <= _LONGEST_LINK)
    return list(given)[:_MOST_LINKS]


def _target(event: Json) -> Json:
    """Where the card belongs: named by the link's own id, or by the message."""
    if event.get("unfurl_id") and event.get("source") in _SOURCES:
        return {"unfurl_id": event["unfurl_id"], "source": event["source"]}
    return {"channel": event.get("channel"), "ts": event.get("message_ts")}
