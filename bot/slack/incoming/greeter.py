"""Greet each place once, and never again."""

from dataclasses import dataclass

import structlog

from bot.core.errors import StoreUnavailable
from bot.core.subscription import Place
from bot.slack.blocks import Json
from bot.slack.contact import Installation
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.offers import Greetings, Offers
from bot.slack.incoming.reading import id_of

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Greeter:
    """The greetings of places. A channel that we join gets its greeting as a delivery, so a failed
    post is retried, and an unconfirmed one is looked for first. A person who writes to us gets
    the greeting together with the answer."""

    greetings: Greetings
    offers: Offers
    installation: Installation
    languages: Languages

    async def is_first(self, place: Place) -> bool:
        """Record a greeting; True if it is the place's first. False if the database is away."""
        try:
            return await self.greetings.greet(place)
        except StoreUnavailable as error:
            _log.warning("greeting_not_kept", channel=place.channel_id, error=str(error))
            return False

    async def forget(self, place: Place) -> None:
        """Delete the record of a greeting that Slack refused: the next message is greeted."""
        try:
            await self.greetings.forget_greeting(place)
        except StoreUnavailable as error:
            _log.warning("greeting_not_kept", channel=place.channel_id, error=str(error))

    async def hear(self, team_id: str, body: Json) -> None:
        """Order a greeting if the event says that we joined a channel. Raises StoreUnavailable;
        Slack then sends the event again."""
        event, identity = body["event"], self.installation.identity
        is_ours = identity is not None and event.get("user") == identity.bot_user_id
        channel_id = id_of(event.get("channel"))
        if event["type"] != "member_joined_channel" or not is_ours or not channel_id:
            return
        is_shared = body.get("is_ext_shared_channel") is True
        inviter = id_of(event.get("inviter"))
        is_known = bool(inviter) and not is_shared
        await self.greetings.order_greeting(
            self.offers.project_of(team_id),
            Place(team_id=team_id, channel_id=channel_id),
            is_shared=is_shared,
            language=await self.languages.tag_of(team_id, inviter) if is_known else "",
        )
