"""Ports for what the listeners offer without a sentence: dialogs, cards of links, greetings."""

from typing import Protocol

from bot.core.cards.card import Card
from bot.core.cards.form import Form
from bot.core.cards.reply import Reply
from bot.core.commands.request import Request
from bot.core.commands.targets.message_jobs import MessageWords
from bot.core.project import Project
from bot.core.subscription import Place


class Offers(Protocol):
    """The part of the responder that makes offers; all but `preview` answer from memory."""

    def search(self, team_id: str) -> Card:
        """Return a card with a search box, and with jobs to pick from."""

    def watch(self, said: MessageWords | None, *, team_id: str, channel_id: str) -> Reply:
        """Return the form to follow the job of a message, or the question which job is meant."""

    def chosen_form(self, sentence: str, *, team_id: str, channel_id: str) -> Form | None:
        """Return the form for the job that was picked; None if the sentence picks none."""

    async def preview(self, url: str, request: Request) -> Card | None:
        """Return the public card of the job that a link leads to; None if it leads to none."""

    def project_of(self, team_id: str) -> Project:
        """Return the project that a workspace follows."""


class Greetings(Protocol):
    """The part of the store that records greetings."""

    async def greet(self, place: Place) -> bool:
        """Record a greeting; True if the place never had one. Raises StoreUnavailable."""

    async def forget_greeting(self, place: Place) -> None:
        """Delete the record of a greeting that was not posted. Raises StoreUnavailable."""

    async def order_greeting(
        self, project: Project, place: Place, *, is_shared: bool, language: str
    ) -> None:
        """Enqueue the greeting of a channel that never had one. Raises StoreUnavailable."""
