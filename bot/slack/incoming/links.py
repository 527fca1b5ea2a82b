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
from bot.slack.incoming.admission import LATER, Admission
from bot.slack.incoming.answer_claims import AnswerClaims
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.log_once import LogOnce
from bot.slack.incoming.offers import Offers
from bot.slack.incoming.origin import Origin, event_origin
from bot.slack.incoming.reading import id_of, request_of
from bot.slack.incoming.seen_events import event_key

_log = structlog.get_logger(__name__)

SCOPE = "links:write"

# Slack names at most this many links of a message.
_MOST_LINKS = 5
_LONGEST_LINK = 3000
_COMPOSER = "composer"
_SOURCES = (_COMPOSER, "conversations_history")


class Strangers(Protocol):
    """What Slack says of people, apart from its events."""

    async def is_stranger(self, team_id: str, user_id: str) -> bool:
        """True for somebody of another company, if Slack says so soon enough."""


class Links:
    """The listener for links. Everybody sees their cards, so a channel with strangers gets none."""

    def __init__(
        self,
        offers: Offers,
        contact: Contact,
        admission: Admission,
        claims: AnswerClaims,
        background: BackgroundTasks,
        languages: Languages,
        strangers: Strangers,
    ) -> None:
        self._offers = offers
        self._contact = contact
        self._admission = admission
        self._claims = claims
        self._background = background
        self._languages = languages
        self._strangers = strangers
        self._once = LogOnce()

    def register(self, app: AsyncApp) -> None:
        """Register the listener for `link_shared` events."""
        app.event("link_shared")(self.on_links)

    async def on_links(self, ack: Any, body: Json) -> BoltResponse | None:
        """Acknowledge before a card is posted: Slack accepts no card for a link before that."""
        if self._admission.is_closing:
            return LATER
        await ack()
        await self._admission.learn_identity()
        identity = self._admission.identity
        if identity is None or self._claims.is_repeated(body):
            return None
        if identity.scopes and SCOPE not in identity.scopes:
            self._once.note("unfurl_refused", "missing_scope")
        elif _is_of_another(body["event"], identity):
            self._background.start(self._answer(identity, body))
        return None

    async def renew(self, request: Request, body: Json) -> None:
        """Draw the card of a link anew where it is, after a click that refreshes it."""
        container = body["container"]
        target = {"channel": request.channel_id, "ts": container.get("message_ts")}
        await self._unfurl([container.get("app_unfurl_url")], request, target)

    async def _answer(self, identity: Identity, body: Json) -> None:
        event, origin = body["event"], event_origin(body)
        team_id = await self._admission.admitting(origin)
        if team_id is None or await self._has_strangers(origin, event):
            return
        # In a channel of ours the event does not name the person's company.
        user_id = id_of(event.get("user"))
        if user_id and await self._strangers.is_stranger(team_id, user_id):
            return
        is_composed = event.get("source") == _COMPOSER
        request = request_of(
            "",
            team_id,
            user_id or identity.bot_user_id,
            None if is_composed else event.get("channel"),
        )
        urls = [link.get("url") for link in event["links"] if isinstance(link, dict)]
        await self._unfurl(urls, request, _target(event), key=event_key(body))

    async def _has_strangers(self, origin: Origin, event: Json) -> bool:
        """True if strangers may be in the channel. For a link in a message that somebody still
        writes, only the event can tell: there is no channel to ask Slack about."""
        if event.get("source") == _COMPOSER:
            return origin.is_shared is True
        return await self._admission.is_shared(origin)

    async def _unfurl(
        self, urls: Iterable[object], request: Request, target: Json, *, key: str = ""
    ) -> None:
        """Post a card for each link to a job. `key` names the event that asks for the cards."""
        cards: Json = {}
        language = await self._languages.of_all(request)
        try:
            for url in _plain(urls):
                if card := await self._offers.preview(url, request):
                    cards[url] = {"blocks": render_blocks(card, language)}
            if cards and await self._claims.take_preview(request.team_id, key):
                await self._contact.unfurl(target, cards)
        except MessengerError as error:
            self._once.note("unfurl_refused", error.code or "no_answer")
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001 - nobody waits for the card of a pasted link
            _log.exception("unfurl_failed", user=request.user_id)


def is_on_unfurl(body: Json) -> bool:
    """True for a click on the card of a link."""
    container = body.get("container") or {}
    return bool(container.get("is_app_unfurl")) and bool(container.get("app_unfurl_url"))


def _is_of_another(event: Json, identity: Identity) -> bool:
    return identity.bot_user_id != event.get("user") and identity.bot_id != event.get("bot_id")


def _plain(urls: Iterable[object]) -> list[str]:
    given = dict.fromkeys(url for url in urls if isinstance(url, str) and len(url) <= _LONGEST_LINK)
    return list(given)[:_MOST_LINKS]


def _target(event: Json) -> Json:
    """Return where the card belongs: by the id of the link, or by the message."""
    if event.get("unfurl_id") and event.get("source") in _SOURCES:
        return {"unfurl_id": event["unfurl_id"], "source": event["source"]}
    return {"channel": event.get("channel"), "ts": event.get("message_ts")}
