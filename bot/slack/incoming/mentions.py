"""Answer mentions in their channel and thread."""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.core.cards.bot.problem import lost_answer_card, problem_card
from bot.core.commands.request import Request
from bot.core.errors import MessageRejected, MessengerError
from bot.slack.blocks import Json, render
from bot.slack.contact import Contact
from bot.slack.incoming.admission import ANSWER_SECONDS, LATER, Admission
from bot.slack.incoming.answer_claims import AnswerClaims, is_silent
from bot.slack.incoming.answering import Answering
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.bodies import drawn, is_public
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.origin import event_origin
from bot.slack.incoming.reading import is_of_a_bot, mention_text, request_of
from bot.slack.incoming.seen_events import mention_key

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mentions:
    """The listener for mentions: it answers the author, or everybody if the sentence asks so."""

    answering: Answering
    contact: Contact
    admission: Admission
    claims: AnswerClaims
    background: BackgroundTasks
    languages: Languages

    def register(self, app: AsyncApp) -> None:
        """Register the listener for `app_mention` events."""
        app.event("app_mention")(self.on_mention)

    async def on_mention(self, ack: Any, body: Json) -> BoltResponse | None:
        """Answer a sentence after `@visjob`, also in a thread. Slack gets the acknowledgement when
        this returns, after a quick answer: if we die before, Slack sends it to another replica."""
        if self.admission.is_closing:
            return LATER
        await ack()
        ends_at = asyncio.get_running_loop().time() + ANSWER_SECONDS
        event = body["event"]
        if is_of_a_bot(event):
            return None
        await self.admission.learn_identity()
        identity = self.admission.identity
        if (
            self.claims.is_repeated(body)
            or identity is None
            or event.get("user") == identity.bot_user_id
        ):
            return None
        team_id = await self.admission.admitting(event_origin(body))
        if team_id is None or "user" not in event:
            return None
        text = mention_text(event.get("text") or "", own_id=identity.bot_user_id)
        request = request_of(
            text,
            team_id,
            event["user"],
            event.get("channel"),
            key=mention_key(body, text),
            thread_ts=event.get("thread_ts"),
            is_mention=True,
        )
        self.languages.prepare(team_id, request.user_id)
        await self.background.work_until(ends_at, self._answer(request, event.get("thread_ts")))
        return None

    async def _answer(self, request: Request, thread_ts: str | None) -> None:
        reply = await self.answering.reply(request)
        if is_silent(reply) or not await self.claims.take(request, reply):
            return
        message = drawn(reply, await self.languages.of_answer(request, reply))
        if is_public(reply):
            await self._say(request, message, thread_ts)
            await self.answering.posted(request, reply)
        else:
            await self._whisper(request, message, thread_ts)
            await self.claims.finish(request)

    async def _whisper(self, request: Request, message: Json, thread_ts: str | None) -> None:
        try:
            await self.contact.whisper(request.place, request.user_id, message, thread_ts=thread_ts)
        except MessengerError as error:
            _log.warning("mention_unanswered", user=request.user_id, code=error.code)

    async def _say(self, request: Request, message: Json, thread_ts: str | None) -> None:
        """Post an answer once. If Slack does not confirm it, tell the asker, who can look."""
        try:
            await self.contact.say(request.place, message, thread_ts=thread_ts)
        except MessengerError as error:
            _log.warning("mention_unanswered", user=request.user_id, code=error.code)
            is_refused = isinstance(error, MessageRejected)
            card = problem_card(error) if is_refused else lost_answer_card(request.text)
            language = await self.languages.of(request.team_id, request.user_id)
            await self.contact.tell(request.team_id, request.user_id, render(card, language))
