"""Open the form of a sentence while the trigger of its click or command is valid: for 3 s.

docs.slack.dev/interactivity/handling-user-interaction
"""

import asyncio
from dataclasses import dataclass
from typing import TypeAlias

import structlog

from bot.core.cards.card import Choice
from bot.core.cards.form import Option
from bot.core.cards.reply import Reply
from bot.core.cards.subscriptions.subscribe_form import wide_targets
from bot.core.commands.grammar import parse
from bot.core.commands.request import Request
from bot.core.commands.verbs.settings import SettingsForm
from bot.core.commands.verbs.subscribe import SubscribeForm
from bot.core.eager_tasks import begin
from bot.core.errors import BadCommand, MessengerError
from bot.slack.blocks import Json
from bot.slack.contact import Contact
from bot.slack.incoming.answering import Answering
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.bodies import reply_view
from bot.slack.incoming.languages import Languages
from bot.slack.views import FORM_PREFIX, loading_form_view

_log = structlog.get_logger(__name__)

# A form that takes longer is announced by a loading view, because its trigger expires.
_AT_HAND_SECONDS = 0.8
_OPENING_SECONDS = 1.5

_SUBSCRIBE_FORM = f"{FORM_PREFIX}subscribe"
_Replying: TypeAlias = asyncio.Task[Reply | None]


def asks_for_form(sentence: str) -> bool:
    """True for a sentence whose answer is a form."""
    try:
        return isinstance(parse(sentence), SubscribeForm | SettingsForm)
    except BadCommand:
        return False


def offered(view: object, typed: str, found: tuple[Choice, ...]) -> tuple[Choice | Option, ...]:
    """Return what a search box offers: jobs, and in the subscribe form patterns and the project."""
    is_form = isinstance(view, dict) and view.get("callback_id") == _SUBSCRIBE_FORM
    return (*wide_targets(typed), *found) if is_form else found


@dataclass(frozen=True, slots=True)
class Forms:
    """Forms that open at once, or in place of a loading view that is opened first."""

    answering: Answering
    contact: Contact
    background: BackgroundTasks
    languages: Languages

    async def announce(self, request: Request, replying: _Replying, trigger_id: object) -> bool:
        """Wait a moment for the reply, then open a loading view for it to fill. False if the reply
        came in time, or if Slack does not open the view."""
        await asyncio.wait({replying}, timeout=_AT_HAND_SECONDS)
        if replying.done() or not isinstance(trigger_id, str):
            return False
        try:
            async with asyncio.timeout(_OPENING_SECONDS):
                language = await self.languages.of(request.team_id, request.user_id)
                view_id = await self.contact.open_modal(trigger_id, loading_form_view(language))
        except (MessengerError, TimeoutError) as error:
            _log.warning("form_not_announced", error=str(error))
            return False
        self.background.start(self._fill(request, view_id, replying))
        return True

    async def click(self, request: Request, body: Json) -> None:
        """Answer a click whose sentence asks for a form."""
        replying = begin(self.answering.reply(request))
        if not replying.done():
            self.background.keep(replying)
            if await self.announce(request, replying, body.get("trigger_id")):
                return
        await self.answering.clicked(request, body, await replying)

    async def _fill(self, request: Request, view_id: str, replying: _Replying) -> None:
        reply = await replying
        language = await self.languages.of(request.team_id, request.user_id)
        try:
            await self.contact.update_modal(view_id, reply_view(reply, language))
        except MessengerError as error:
            # Most likely the person has closed the view.
            _log.warning("form_not_filled", error=str(error), code=error.code)
