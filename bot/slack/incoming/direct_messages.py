"""What people write in our own conversation with them: a sentence needs no mention there."""

import asyncio
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.core.cards.card import Card
from bot.core.cards.reply import Audience, Reply
from bot.core.cards.welcome import direct_welcome, no_text_card
from bot.core.commands.mention import SELF
from bot.core.commands.request import Request
from bot.core.errors import MessengerError
from bot.core.subscription import Place
from bot.slack.blocks import Json, render
from bot.slack.contact import Contact
from bot.slack.incoming.answering import Answering
from bot.slack.incoming.bodies import BROKEN
from bot.slack.incoming.greeter import Greeter
from bot.slack.incoming.guests import Guests
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.late import LateWork, begin
from bot.slack.incoming.once import LogOnce
from bot.slack.incoming.origin import event_origin
from bot.slack.incoming.reading import is_of_a_bot, mention_text, request_of
from bot.slack.incoming.seen_events import SeenEvents, event_key

_log = structlog.get_logger(__name__)

# Slack gives up after 3 s.
_ANSWER_SECONDS = 2.0
# What a person writes has no subtype, or has a file; all others tell what became of a message.
# docs.slack.dev/reference/events/message#subtypes
_FILE = "file_share"
_SAID = (None, "", _FILE)
_LATER = BoltResponse(status=503, body="")


class DirectMessages:
    """Answers every message of a person in the conversation itself, which nobody else sees."""

    def __init__(
        self,
        answering: Answering,
        contact: Contact,
        guests: Guests,
        greeter: Greeter,
        seen: SeenEvents,
        late: LateWork,
        languages: Languages,
    ) -> None:
        self._answering = answering
        self._contact = contact
        self._guests = guests
        self._greeter = greeter
        self._seen = seen
        self._late = late
        self._languages = languages
        self._once = LogOnce()

    def register(self, app: AsyncApp) -> None:
        """Register the one event; the manifest calls it `message.im`."""
        app.event("message")(self.on_message)

    async def on_message(self, ack: Any, body: Json) -> BoltResponse | None:
        """Acknowledged with its answer, if that is quick enough: if we die before, Slack sends it
        to another replica."""
        event = body["event"]
        if event.get("channel_type") != "im":
            self._once.note("request_unused", "message")
        elif self._guests.is_closing:
            return _LATER
        elif _is_said(event):
            began = asyncio.get_running_loop().time()
            await self._guests.learn_home(_ANSWER_SECONDS)
            answering = begin(self._answer(body))
            self._late.keep(answering)
            left = began + _ANSWER_SECONDS - asyncio.get_running_loop().time()
            await asyncio.wait({answering}, timeout=max(left, 0))
        await ack()
        return None

    async def _answer(self, body: Json) -> None:
        event, home = body["event"], self._guests.home
        if home is None or event["user"] == home.bot_user_id or self._seen.is_repeated(body):
            return
        team_id = await self._guests.admitting(event_origin(body))
        if team_id is None:
            return
        text = mention_text(event.get("text") or "", own_id=home.bot_user_id)
        request = request_of(
            text if SELF in text else f"{SELF} {text}",
            team_id,
            event["user"],
            event["channel"],
            key=event_key(body),
            thread_ts=event.get("thread_ts"),
            is_mention=True,
        )
        self._languages.prepare(team_id, request.user_id)
        place = Place(team_id=team_id, channel_id=request.channel_id)
        is_welcomed = await self._greeter.is_first(place)
        if is_welcomed:
            await self._say(request, direct_welcome())
        if event.get("subtype") == _FILE and not text.strip():
            await self._say(request, no_text_card())
        else:
            await self._reply(request, is_welcomed=is_welcomed)

    async def _reply(self, request: Request, *, is_welcomed: bool) -> None:
        reply = await self._answering.reply(request)
        if reply is None or not (_is_silent(reply) or (is_welcomed and reply.is_greeting)):
            await self._say(request, reply)
        await self._answering.posted(request, reply)

    async def _say(self, request: Request, said: Reply | Card | None) -> None:
        """None stands for a bug of ours."""
        card = said.card if isinstance(said, Reply) else said
        language = await self._languages.of(request.team_id, request.user_id)
        broken = {"text": language.plain(BROKEN), "blocks": []}
        message = render(card, language) if card else broken
        thread_ts = request.thread_ts or None
        try:
            await self._contact.say(request.place, message, thread_ts=thread_ts)
        except MessengerError as error:
            _log.warning("message_unanswered", user=request.user_id, code=error.code)


def _is_silent(reply: Reply) -> bool:
    return reply.is_idle or reply.audience is Audience.NOBODY


def _is_said(event: Json) -> bool:
    """True for a sentence of a person's: no edit, no deletion, nothing of a program's."""
    is_whole = event.get("user") and event.get("channel") and not event.get("hidden")
    return bool(is_whole) and event.get("subtype") in _SAID and not is_of_a_bot(event)
