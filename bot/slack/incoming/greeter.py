"""The first words in a place, said once for ever."""

from collections.abc import Coroutine
from typing import Any

import structlog

from bot.core.errors import MessengerError, StoreUnavailable
from bot.core.subscription import Place
from bot.slack.blocks import Json, render
from bot.slack.contact import Contact, Home
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.offers import Greetings, Offers
from bot.slack.incoming.reading import id_of

_log = structlog.get_logger(__name__)


class Greeter:
    """Greets channels that we come into. Whoever dies between the record and the post has greeted:
    a greeting too few is better than one too many."""

    def __init__(
        self,
        greetings: Greetings,
        offers: Offers,
        contact: Contact,
        home: Home,
        languages: Languages,
    ) -> None:
        self._greetings = greetings
        self._offers = offers
        self._contact = contact
        self._home = home
        self._languages = languages

    async def is_first(self, place: Place) -> bool:
        """True if nobody was greeted there before, as far as the database can say."""
        try:
            return await self._greetings.greet(place)
        except StoreUnavailable as error:
            _log.warning("greeting_not_kept", channel=place.channel_id, error=str(error))
            return False

    async def greeting(self, team_id: str, body: Json) -> Coroutine[Any, Any, None] | None:
        """The greeting that an event calls for, still to be said; None for nearly all events.
        Raises StoreUnavailable; Slack then sends the event again."""
        event, identity = body["event"], self._home.identity
        is_ours = identity is not None and event.get("user") == identity.bot_user_id
        channel_id = id_of(event.get("channel"))
        if event["type"] != "member_joined_channel" or not is_ours or not channel_id:
            return None
        place = Place(team_id=team_id, channel_id=channel_id)
        if not await self._greetings.greet(place):
            return None
        is_shared = body.get("is_ext_shared_channel") is True
        return self._greet(place, id_of(event.get("inviter")), is_shared=is_shared)

    async def _greet(self, place: Place, inviter: str, *, is_shared: bool) -> None:
        """In the language of whoever invited us."""
        if inviter and not is_shared:
            language = await self._languages.of(place.team_id, inviter)
        else:
            language = await self._languages.of_place(place)
        message = render(self._offers.welcome(is_shared=is_shared), language)
        try:
            await self._contact.say(place, message, thread_ts=None)
        except MessengerError as error:
            _log.info("greeting_not_posted", channel=place.channel_id, code=error.code)
