"""The shortcuts. A dialog opens from memory, because Slack lets us open one for 3 s only."""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp

from bot.core.cards.card import Card
from bot.core.cards.form import Form
from bot.core.cards.subscriptions.watch_message import without_dialog
from bot.core.errors import MessengerError
from bot.core.text import Language
from bot.slack.blocks import Json, render
from bot.slack.contact import Contact
from bot.slack.incoming.admission import Admission
from bot.slack.incoming.answering import TRIGGER_SECONDS
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.message_words import words_of_message
from bot.slack.incoming.offers import Offers
from bot.slack.incoming.origin import interaction_origin
from bot.slack.incoming.reading import id_of
from bot.slack.shortcuts import FIND, WATCH
from bot.slack.views import form_view, modal_view

_log = structlog.get_logger(__name__)

# docs.slack.dev/reference/methods/views.open: the trigger has already opened a dialog.
_USED_UP = ("exchanged_trigger_id", "trigger_exchanged")
_GROUP_NAME = "mpdm-"


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """The listener for both shortcuts. If no dialog opens, the content comes as a message."""

    offers: Offers
    contact: Contact
    admission: Admission
    background: BackgroundTasks
    languages: Languages

    def register(self, app: AsyncApp) -> None:
        """Register both shortcuts."""
        app.global_shortcut(FIND)(self.on_find)
        app.message_shortcut(WATCH)(self.on_watch)

    async def on_find(self, ack: Any, body: Json) -> None:
        """Answer `Find a job`, which people start anywhere in Slack."""
        await ack()
        self.background.start(self._find(body))

    async def on_watch(self, ack: Any, body: Json) -> None:
        """Answer `Watch this job`, which people start on a message."""
        await ack()
        self.background.start(self._watch(body))

    def chosen(self, body: Json, sentence: str, team_id: str) -> Form | None:
        """Return the form for the job picked in our "which job" dialog; None for other clicks."""
        view = body.get("view") or {}
        if view.get("callback_id") != WATCH:
            return None
        channel_id = id_of(view.get("private_metadata"))
        return self.offers.chosen_form(sentence, team_id=team_id, channel_id=channel_id)

    async def show(self, form: Form, body: Json, team_id: str) -> None:
        """Put the form into the dialog, in place of the question."""
        language = await self.languages.of(team_id, body["user"]["id"])
        try:
            view_id = (body.get("view") or {}).get("id") or ""
            await self.contact.update_modal(view_id, form_view(form, language))
        except MessengerError as error:
            _log.warning("modal_failed", user=body["user"]["id"], error=str(error), code=error.code)

    async def _find(self, body: Json) -> None:
        if team_id := await self._admitted(body):
            language = await self.languages.of(team_id, body["user"]["id"])
            card = self.offers.search(team_id)
            await self._open(team_id, body, modal_view(card, language), card, language)

    async def _watch(self, body: Json) -> None:
        team_id = await self._admitted(body)
        if team_id is None:
            return
        language = await self.languages.of(team_id, body["user"]["id"])
        message, identity = body.get("message"), self.admission.identity
        said = None
        if isinstance(message, dict) and message.get("subtype") != "tombstone":
            said = words_of_message(message, own_bot_id=identity.bot_id if identity else "")
        reply = self.offers.watch(said, team_id=team_id, channel_id=_place_of(body))
        if reply.form:
            view = form_view(reply.form, language)
        else:
            view = modal_view(reply.card, language)
            view |= {"callback_id": WATCH, "private_metadata": _place_of(body)}
        await self._open(team_id, body, view, reply.card, language)

    async def _admitted(self, body: Json) -> str | None:
        """Return the workspace that we answer for; None for a person whom we do not admit, and who
        is told why."""
        await self.admission.learn_identity(TRIGGER_SECONDS / 2)
        team_id = await self.admission.admitting(interaction_origin(body))
        if team_id is not None:
            return team_id
        team_id, language = self.admission.team_id, self.languages.usual
        farewell = self.admission.farewell
        card = Card(summary=farewell, lines=((farewell,),))
        if body.get("response_url"):
            await self._say(team_id, body, card, language)
        else:
            await self._open(team_id, body, modal_view(card, language), None, language)
        return None

    async def _open(
        self, team_id: str, body: Json, view: Json, instead: Card | None, language: Language
    ) -> None:
        """Open a dialog; if Slack does not open it, send `instead` as a message."""
        try:
            async with asyncio.timeout(TRIGGER_SECONDS):
                await self.contact.open_modal(body.get("trigger_id") or "", view)
        except (MessengerError, TimeoutError) as error:
            code = error.code if isinstance(error, MessengerError) else "timeout"
            _log.warning("dialog_not_opened", error=str(error), code=code)
            if instead and code not in _USED_UP:
                await self._say(team_id, body, without_dialog(instead), language)

    async def _say(self, team_id: str, body: Json, card: Card, language: Language) -> None:
        """Send a card to this person alone: beside the message, or by direct message."""
        user_id, message = body["user"]["id"], render(card, language)
        if response_url := body.get("response_url"):
            message |= {"response_type": "ephemeral", "replace_original": False}
            await self.contact.answer_late(response_url, message, team_id=team_id, user_id=user_id)
        else:
            await self.contact.tell(team_id, user_id, message)


def _place_of(body: Json) -> str:
    """Return the channel of a message, for the form; empty for a conversation of several people,
    which the form does not offer."""
    channel = body.get("channel") or {}
    name = channel.get("name")
    is_group = isinstance(name, str) and name.startswith(_GROUP_NAME)
    return "" if is_group else id_of(channel)
