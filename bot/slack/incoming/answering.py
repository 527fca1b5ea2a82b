"""Bring answers to Slack: in place of a message, beside it, in a modal, or by direct message."""

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any, Protocol, cast

import structlog

from bot.core.cards.card import Card, Choice, Person
from bot.core.cards.reply import Announcement, Audience, Renewal, Reply
from bot.core.commands.request import Request
from bot.core.errors import MessengerError
from bot.core.subscription import Place
from bot.core.text import Words, say
from bot.slack.absolute_dates import with_absolute_dates
from bot.slack.blocks import Json, render
from bot.slack.contact import Contact
from bot.slack.incoming.bodies import is_public, message_of, place_of_answer, reply_view
from bot.slack.incoming.languages import Languages
from bot.slack.views import loading_view

_log = structlog.get_logger(__name__)

#: Slack opens a form or a dialog within this time of a click, a command or a shortcut.
#: docs.slack.dev/interactivity/handling-user-interaction#modal_responses
TRIGGER_SECONDS = 3.0
#: The answer of a process that shuts down before it has another answer.
RESTARTING = say("I am restarting, please try again.")


class Answers(Protocol):
    """The part of the Responder that the listeners need."""

    async def respond(self, request: Request) -> Reply:
        """Return the reply to a sentence."""

    def suggest(self, team_id: str, typed: str) -> tuple[Choice, ...]:
        """Return choices for a search box, from memory."""

    async def posted(self, request: Request) -> None:
        """Record that a public answer was posted, or that its asker knows that it was not."""

    async def home(self, team_id: str, user_id: str, page: int) -> Sequence[Sequence[Card]]:
        """Return a person's Home in sections, none to leave it as it is; never ask the cloud."""

    def glance(self, team_id: str) -> Hashable:
        """Return what every Home shows of the project: equal as long as no job changes."""


class Answering:
    """The way of an answer: from a sentence to a reply, and to where the person waits for it."""

    def __init__(self, answers: Answers, contact: Contact, languages: Languages) -> None:
        self._answers = answers
        self._contact = contact
        self._languages = languages
        self._waiting: set[asyncio.Task[Any]] = set()
        self._given_up: set[asyncio.Task[Any]] = set()

    async def reply(self, request: Request) -> Reply | None:
        """Return the reply; None after a bug of ours, which is logged."""
        waiting = cast("asyncio.Task[Any]", asyncio.current_task())
        self._waiting.add(waiting)
        try:
            return await self._responded(request)
        except asyncio.CancelledError:
            if waiting not in self._given_up:
                raise
            # `stop_waiting` cancelled only the wait: this task must still send a reply.
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
            await self._announce(request, reply.announcement)
        return reply

    async def _announce(self, request: Request, announcement: Announcement) -> None:
        """Post to a channel. A failure is only logged: we are not in the channel, most likely."""
        place = Place(team_id=request.team_id, channel_id=announcement.channel_id)
        language = await self._languages.of_place(place)
        message = render(announcement.card, language)
        signed = render(announcement.signed, language)
        try:
            await self._contact.announce(place, message, signed=signed)
        except MessengerError as error:
            _log.warning("not_announced", channel=announcement.channel_id, code=error.code)

    def stop_waiting(self) -> None:
        """Give everybody who still waits for a reply the one that says that we are restarting."""
        self._given_up = set(self._waiting)
        for waiting in self._given_up:
            waiting.cancel()

    async def opened(
        self, request: Request, reply: Reply | None, trigger_id: object, seconds: float
    ) -> bool:
        """Open the form or the dialog of a reply within so many seconds. False if the reply has
        none, or if Slack does not open it: the caller then shows the reply's card."""
        if reply is None or not (reply.form or reply.is_dialog) or not isinstance(trigger_id, str):
            return False
        try:
            async with asyncio.timeout(seconds):
                language = await self._languages.of(request.team_id, request.user_id)
                await self._contact.open_modal(trigger_id, reply_view(reply, language))
        except (MessengerError, TimeoutError) as error:
            _log.warning("dialog_not_opened", error=str(error))
            return False
        return True

    async def posted(self, request: Request, reply: Reply | None) -> None:
        """Record that an answer reached its audience; only public answers are recorded."""
        if is_public(reply):
            await self._answers.posted(request)

    async def late(
        self, request: Request, replying: "asyncio.Task[Reply | None]", response_url: str
    ) -> None:
        """Answer a command through its response_url, after its acknowledgement was sent."""
        reply = await replying
        if reply is not None and reply.is_idle:
            return
        language = await self._languages.of_answer(request, reply)
        message = {**message_of(reply, language), "replace_original": False}
        await self._contact.answer_late(
            response_url, message, team_id=request.team_id, user_id=request.user_id
        )
        await self.posted(request, reply)

    async def click(self, request: Request, body: Json) -> None:
        """Answer a click: in place of its message, beside it, in a form, or not at all."""
        await self.clicked(request, body, await self.reply(request))

    async def clicked(self, request: Request, body: Json, reply: Reply | None) -> None:
        """Answer a click with a reply that is ready."""
        if reply and (reply.is_idle or reply.renewal is Renewal.EDITED):
            return
        if await self.opened(request, reply, body.get("trigger_id"), TRIGGER_SECONDS):
            return
        if not body.get("response_url"):
            await self._tell(request, reply)
            return
        if reply and reply.audience is Audience.CHANNEL:
            reply = _attributed(reply, request.user_id)
        place = place_of_answer(reply, body)
        if place.get("response_type") == "in_channel":
            language = await self._languages.of_all(request)
        else:
            language = await self._languages.of_answer(request, reply)
        message = {**message_of(reply, language), **place}
        if message["response_type"] == "in_channel":
            message = with_absolute_dates(message)
        await self._contact.answer_late(
            body["response_url"], message, team_id=request.team_id, user_id=request.user_id
        )
        await self.posted(request, reply)

    async def turn_away(self, body: Json, farewell: Words, *, team_id: str) -> None:
        """Explain to a person whom we do not admit why nothing happens."""
        if body.get("response_url"):
            user_id = body["user"]["id"]
            language = self._languages.remembered(team_id, user_id)
            message = {"text": language.plain(farewell), "replace_original": False}
            await self._contact.answer_late(
                body["response_url"], message, team_id=team_id, user_id=user_id
            )

    async def in_modal(self, request: Request, body: Json) -> None:
        """Answer a click on the Home tab or in a modal: show a modal at once, and fill it later."""
        view = body.get("view") or {}
        is_in_modal = view.get("type") == "modal"
        view_id = view.get("id") or "" if is_in_modal else await self._open_loading(request, body)
        reply = await self.reply(request)
        language = await self._languages.of(request.team_id, request.user_id)
        try:
            if view_id:
                await self._contact.update_modal(view_id, reply_view(reply, language))
            else:
                await self._tell(request, reply)
            await self.posted(request, reply)
        except MessengerError as error:
            _log.warning("modal_failed", user=request.user_id, error=str(error), code=error.code)

    async def in_new_modal(self, request: Request, body: Json, reply: Reply | None) -> None:
        """Show a reply in a modal over the Home tab; by direct message if Slack opens no modal."""
        language = await self._languages.of(request.team_id, request.user_id)
        try:
            view = reply_view(reply, language)
            await self._contact.open_modal(body.get("trigger_id") or "", view)
        except MessengerError as error:
            _log.warning("modal_failed", user=request.user_id, error=str(error), code=error.code)
            await self._tell(request, reply)

    async def _open_loading(self, request: Request, body: Json) -> str:
        """Open a modal that the answer will fill; return its id, empty if Slack opens none."""
        trigger_id = body.get("trigger_id") or ""
        language = await self._languages.of(request.team_id, request.user_id)
        try:
            return await self._contact.open_modal(trigger_id, loading_view(language))
        except MessengerError as error:
            _log.warning("modal_failed", user=request.user_id, error=str(error), code=error.code)
            return ""

    async def answer_by_dm(self, request: Request, replying: "asyncio.Task[Reply | None]") -> None:
        """Answer a submission by direct message, after its acknowledgement was sent."""
        await self._tell(request, await replying)

    async def _tell(self, request: Request, reply: Reply | None) -> None:
        language = await self._languages.of(request.team_id, request.user_id)
        await self._contact.tell(request.team_id, request.user_id, message_of(reply, language))


_RESTARTING = Reply(card=Card(summary=RESTARTING, lines=((RESTARTING,),)), is_problem=True)


def _attributed(reply: Reply, user_id: str) -> Reply:
    card = reply.card
    return replace(
        reply,
        card=replace(
            card, notes=(*card.notes, (say("shared by {person}", person=Person(user_id)),))
        ),
    )
