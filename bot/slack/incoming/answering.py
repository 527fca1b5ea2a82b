"""Brings answers to Slack: in place of a message, beside it, in a modal, or by direct message."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any, Protocol, cast

import structlog

from bot.core.cards.card import Card, Choice, Person
from bot.core.cards.problem import lost_answer_card, problem_card
from bot.core.cards.reply import Announcement, Audience, Renewal, Reply
from bot.core.commands.request import Request
from bot.core.errors import MessageRejected, MessengerError
from bot.core.text import ENGLISH, Language, Words, say
from bot.slack.blocks import Json, render
from bot.slack.contact import Contact
from bot.slack.controls import renews
from bot.slack.views import form_view, loading_view, modal_view

_log = structlog.get_logger(__name__)

#: The answer to a request that hit a bug of ours.
BROKEN = say("Something went wrong on my side; it is in my log. Please try again.")
#: The answer of a process that ends before it has another.
RESTARTING = say("I am restarting, please try again.")


class Answers(Protocol):
    """The part of the Responder that the listeners need."""

    async def respond(self, request: Request) -> Reply:
        """Answer a sentence."""

    def suggest(self, typed: str) -> tuple[Choice, ...]:
        """Choices for a search box, from memory."""

    async def posted(self, request: Request) -> None:
        """The public answer of a request was posted, or its asker knows that it was not."""

    async def overview(self, team_id: str, user_id: str, page: int) -> Sequence[Sequence[Card]]:
        """The sections of a person's Home, none to leave it as it is; the cloud is never asked."""

    def glance(self) -> Hashable:
        """What everybody's Home shows of the project: equal as long as no job changes."""


class Answering:
    """Gets each sentence answered, and brings the answer to where the person waits for it."""

    def __init__(self, answers: Answers, contact: Contact, language: Language = ENGLISH) -> None:
        self._answers = answers
        self._contact = contact
        self._language = language
        self._waiting: set[asyncio.Task[Any]] = set()
        self._given_up: set[asyncio.Task[Any]] = set()

    async def reply(self, request: Request) -> Reply | None:
        """The reply; None after a bug of ours, which is logged."""
        waiting = cast("asyncio.Task[Any]", asyncio.current_task())
        self._waiting.add(waiting)
        try:
            return await self._responded(request)
        except asyncio.CancelledError:
            if waiting not in self._given_up:
                raise
            # Only this wait was given up: the reply still has its way to go.
            waiting.uncancel()
            return _RESTARTING
        except Exception:  # noqa: BLE001 - one typed sentence must never take the listener down
            _log.exception("reply_failed", user=request.user_id)
            return None
        finally:
            self._waiting.discard(waiting)

    async def _responded(self, request: Request) -> Reply:
        reply = await self._answers.respond(request)
        if reply.announcement:
            await self._announce(reply.announcement)
        return reply

    async def _announce(self, announcement: Announcement) -> None:
        """Tell a channel; where we are not in it, nobody reads what we post there anyway."""
        message = render(announcement.card, self._language)
        signed = render(announcement.signed, self._language)
        try:
            await self._contact.announce(announcement.channel_id, message, signed=signed)
        except MessengerError as error:
            _log.warning("not_announced", channel=announcement.channel_id, code=error.code)

    def stop_waiting(self) -> None:
        """Whoever still waits for a reply gets the one that we restart."""
        self._given_up = set(self._waiting)
        for waiting in self._given_up:
            waiting.cancel()

    async def opened(self, reply: Reply | None, trigger_id: object, seconds: float) -> bool:
        """Open the form or the dialog of a reply within so many seconds. False if it has none, or
        if Slack does not open it: then its card is shown as any other."""
        if reply is None or not (reply.form or reply.is_dialog) or not isinstance(trigger_id, str):
            return False
        try:
            async with asyncio.timeout(seconds):
                await self._contact.open_modal(trigger_id, reply_view(reply, self._language))
        except (MessengerError, TimeoutError) as error:
            _log.warning("dialog_not_opened", error=str(error))
            return False
        return True

    async def posted(self, request: Request, reply: Reply | None) -> None:
        """An answer reached its audience."""
        if reply is not None and reply.audience is Audience.CHANNEL:
            await self._answers.posted(request)

    async def late(
        self, request: Request, replying: "asyncio.Task[Reply | None]", response_url: str
    ) -> None:
        """A command's acknowledgement is gone: its answer comes through response_url."""
        reply = await replying
        if reply is not None and reply.is_idle:
            return
        message = {**_message(reply, self._language), "replace_original": False}
        await self._contact.answer_late(response_url, message, user_id=request.user_id)
        await self.posted(request, reply)

    async def click(self, request: Request, body: Json) -> None:
        """Answer a click: in place of its message, beside it, in a form, or not at all."""
        await self.clicked(request, body, await self.reply(request))

    async def clicked(self, request: Request, body: Json, reply: Reply | None) -> None:
        """The same, once the reply is there."""
        if reply and (reply.is_idle or reply.renewal is Renewal.EDITED):
            return
        if await self.opened(reply, body.get("trigger_id"), _TRIGGER_SECONDS):
            return
        if not body.get("response_url"):
            await self._contact.tell(request.user_id, _message(reply, self._language))
            return
        if reply and reply.audience is Audience.CHANNEL:
            reply = _attributed(reply, request.user_id)
        message = {**_message(reply, self._language), **_place(reply, body)}
        await self._contact.answer_late(body["response_url"], message, user_id=request.user_id)
        await self.posted(request, reply)

    async def turn_away(self, body: Json, farewell: Words) -> None:
        """Explain to a person of another workspace why nothing happens."""
        message = {"text": self._language.plain(farewell), "replace_original": False}
        if body.get("response_url"):
            user_id = body["user"]["id"]
            await self._contact.answer_late(body["response_url"], message, user_id=user_id)

    async def in_modal(self, request: Request, body: Json) -> None:
        """A click on the Home tab or in a modal: open at once, fill in when the answer is there."""
        view = body.get("view") or {}
        is_in_modal = view.get("type") == "modal"
        view_id = view.get("id") or "" if is_in_modal else await self._open_loading(request, body)
        reply = await self.reply(request)
        try:
            if view_id:
                await self._contact.update_modal(view_id, reply_view(reply, self._language))
            else:
                await self._contact.tell(request.user_id, _message(reply, self._language))
            await self.posted(request, reply)
        except MessengerError as error:
            _log.warning("modal_failed", user=request.user_id, error=str(error), code=error.code)

    async def in_new_modal(self, request: Request, body: Json, reply: Reply | None) -> None:
        """A reply over the Home tab; by direct message where Slack does not open a modal."""
        try:
            view = reply_view(reply, self._language)
            await self._contact.open_modal(body.get("trigger_id") or "", view)
        except MessengerError as error:
            _log.warning("modal_failed", user=request.user_id, error=str(error), code=error.code)
            await self._contact.tell(request.user_id, _message(reply, self._language))

    async def _open_loading(self, request: Request, body: Json) -> str:
        """The id of a modal that the answer will fill; empty if Slack does not open it."""
        trigger_id = body.get("trigger_id") or ""
        try:
            return await self._contact.open_modal(trigger_id, loading_view(self._language))
        except MessengerError as error:
            _log.warning("modal_failed", user=request.user_id, error=str(error), code=error.code)
            return ""

    async def late_direct(self, replying: "asyncio.Task[Reply | None]", user_id: str) -> None:
        """A submission's acknowledgement is gone: its answer comes by direct message."""
        await self._contact.tell(user_id, _message(await replying, self._language))

    async def mention(self, request: Request, event: Json) -> None:
        """Answer a mention in its channel and thread."""
        reply = await self.reply(request)
        if reply and (reply.is_idle or reply.audience is Audience.NOBODY):
            return
        message = _drawn(reply, self._language)
        thread_ts = event.get("thread_ts")
        if reply is not None and reply.audience is Audience.CHANNEL:
            await self._say(request, message, thread_ts)
            await self.posted(request, reply)
            return
        try:
            await self._contact.whisper(
                request.channel_id, request.user_id, message, thread_ts=thread_ts
            )
        except MessengerError as error:
            _log.warning("mention_unanswered", user=request.user_id, code=error.code)

    async def _say(self, request: Request, message: Json, thread_ts: str | None) -> None:
        """Post it, once: what Slack did not confirm may be there, and the asker can look."""
        try:
            await self._contact.say(request.channel_id, message, thread_ts=thread_ts)
        except MessengerError as error:
            _log.warning("mention_unanswered", user=request.user_id, code=error.code)
            is_refused = isinstance(error, MessageRejected)
            card = problem_card(error) if is_refused else lost_answer_card(request.text)
            await self._contact.tell(request.user_id, render(card, self._language))


class Bodies:
    """Replies as bodies of acknowledgements. Many people ask for the same jobs and the same help;
    equal cards are one object, so that its body is made once."""

    def __init__(self, language: Language = ENGLISH) -> None:
        self._language = language
        self._kept: OrderedDict[tuple[int, Audience], tuple[Card, str]] = OrderedDict()

    def body_of(self, reply: Reply | None) -> str:
        """The body; None stands for a bug of ours."""
        if reply is None:
            return json.dumps(_message(None, self._language))
        key = (id(reply.card), reply.audience)
        kept = self._kept.get(key)
        if kept and kept[0] is reply.card:
            return kept[1]
        body = json.dumps(_message(reply, self._language))
        self._kept[key] = (reply.card, body)
        if len(self._kept) > _BODIES_KEPT:
            self._kept.popitem(last=False)
        return body


_RESTARTING = Reply(card=Card(summary=RESTARTING, lines=((RESTARTING,),)), is_problem=True)
_BODIES_KEPT = 64
# docs.slack.dev/interactivity/handling-user-interaction#modal_responses
_TRIGGER_SECONDS = 3.0


def goes_late(reply: Reply | None) -> bool:
    """True for what is not put into an acknowledgement, where Slack could not refuse it."""
    return reply is not None and bool(reply.card.charts)


def reply_view(reply: Reply | None, language: Language) -> Json:
    """A reply as a modal: its form, or its card; None stands for a bug of ours."""
    if reply and reply.form:
        return form_view(reply.form, language)
    return modal_view(reply.card if reply else None, language)


def _message(reply: Reply | None, language: Language) -> Json:
    if reply is None:
        return {"response_type": "ephemeral", "text": language.plain(BROKEN)}
    in_channel = reply.audience is Audience.CHANNEL
    return {
        "response_type": "in_channel" if in_channel else "ephemeral",
        **render(reply.card, language),
    }


def _drawn(reply: Reply | None, language: Language) -> Json:
    """The message alone; one without blocks for a bug of ours."""
    if reply is None:
        return {"text": language.plain(BROKEN), "blocks": []}
    return render(reply.card, language)


def _place(reply: Reply | None, body: Json) -> Json:
    """Whether the answer to a click replaces the message that was clicked."""
    if reply and reply.audience is Audience.CHANNEL:
        return {"replace_original": False}
    is_private = bool((body.get("container") or {}).get("is_ephemeral"))
    is_kept = reply is None or reply.is_problem or reply.renewal is Renewal.KEPT
    # A public card keeps its last state; only the person who clicked learns that it is old.
    if renews(body["actions"][0]) and not is_private and not is_kept:
        return {"response_type": "in_channel", "replace_original": True}
    return {"replace_original": is_private}


def _attributed(reply: Reply, user_id: str) -> Reply:
    card = reply.card
    return replace(
        reply,
        card=replace(
            card, notes=(*card.notes, (say("shared by {person}", person=Person(user_id)),))
        ),
    )
