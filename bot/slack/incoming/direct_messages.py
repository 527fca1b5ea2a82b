"""Messages in our direct conversation with a person, where a sentence needs no mention."""

import asyncio
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.core.cards.bot.welcome import direct_welcome, no_text_card
from bot.core.cards.reply import Reply
from bot.core.commands.mentions.mention import SELF
from bot.core.commands.request import Request
from bot.core.errors import MessageRejected, MessengerError
from bot.slack.blocks import Json
from bot.slack.contact import Contact
from bot.slack.incoming.admission import ANSWER_SECONDS, LATER, Admission
from bot.slack.incoming.answer_claims import AnswerClaims, is_silent
from bot.slack.incoming.answering import Answering
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.bodies import drawn, is_public
from bot.slack.incoming.greeter import Greeter
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.log_once import LogOnce
from bot.slack.incoming.origin import event_origin
from bot.slack.incoming.reading import is_of_a_bot, mention_text, request_of
from bot.slack.incoming.seen_events import event_key

_log = structlog.get_logger(__name__)

# A message that a person writes has no subtype, or has a file; other subtypes report changes.
# docs.slack.dev/reference/events/message#subtypes
_FILE = "file_share"
_SAID = (None, "", _FILE)
_NO_TEXT = Reply(card=no_text_card())


class DirectMessages:
    """The listener for direct messages, which are answered there, where nobody else sees it."""

    def __init__(
        self,
        answering: Answering,
        contact: Contact,
        admission: Admission,
        greeter: Greeter,
        claims: AnswerClaims,
        background: BackgroundTasks,
        languages: Languages,
    ) -> None:
        self._answering = answering
        self._contact = contact
        self._admission = admission
        self._greeter = greeter
        self._claims = claims
        self._background = background
        self._languages = languages
        self._once = LogOnce()

    def register(self, app: AsyncApp) -> None:
        """Register the listener for `message` events, in the manifest `message.im`."""
        app.event("message")(self.on_message)

    async def on_message(self, ack: Any, body: Json) -> BoltResponse | None:
        """Acknowledge after answering, if that is quick enough: if we die before, Slack sends the
        event again, to another replica."""
        event = body["event"]
        if event.get("channel_type") != "im":
            self._once.note("request_unused", "message")
        elif self._admission.is_closing:
            return LATER
        elif _is_said(event):
            ends_at = asyncio.get_running_loop().time() + ANSWER_SECONDS
            await self._admission.learn_identity()
            await self._background.work_until(ends_at, self._answer(body))
        await ack()
        return None

    async def _answer(self, body: Json) -> None:
        event, identity = body["event"], self._admission.identity
        if (
            identity is None
            or event["user"] == identity.bot_user_id
            or self._claims.is_repeated(body)
        ):
            return
        team_id = await self._admission.admitting(event_origin(body))
        if team_id is None:
            return
        text = mention_text(event.get("text") or "", own_id=identity.bot_user_id)
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
        is_wordless = event.get("subtype") == _FILE and not text.strip()
        reply = _NO_TEXT if is_wordless else await self._answering.reply(request)
        if is_silent(reply):
            await self._welcome(request)
        elif await self._claims.take(request, reply):
            is_welcomed = await self._welcome(request)
            if not (is_welcomed and reply is not None and reply.is_greeting):
                await self._say(request, reply)
            await self._finish(request, reply)

    async def _welcome(self, request: Request) -> bool:
        """Greet a person who writes for the first time ever; True if this is the first time."""
        is_first = await self._greeter.is_first(request.place)
        if is_first and not await self._say(request, Reply(card=direct_welcome())):
            await self._greeter.forget(request.place)
        return is_first

    async def _finish(self, request: Request, reply: Reply | None) -> None:
        if is_public(reply):
            await self._answering.posted(request, reply)
        else:
            await self._claims.finish(request)

    async def _say(self, request: Request, reply: Reply | None) -> bool:
        """Post a reply, None for a bug of ours. False if Slack surely shows nothing."""
        message = drawn(reply, await self._languages.of(request.team_id, request.user_id))
        thread_ts = request.thread_ts or None
        try:
            await self._contact.say(request.place, message, thread_ts=thread_ts)
        except MessengerError as error:
            _log.warning("message_unanswered", user=request.user_id, code=error.code)
            return not isinstance(error, MessageRejected)
        return True


def _is_said(event: Json) -> bool:
    """True for a sentence that a person wrote: no edit, no deletion, no message of a bot."""
    is_whole = event.get("user") and event.get("channel") and not event.get("hidden")
    return bool(is_whole) and event.get("subtype") in _SAID and not is_of_a_bot(event)
