"""What is offered without a sentence: the listeners' view of the rooms that make it."""

from typing import Protocol

from bot.core.cards.card import Card
from bot.core.cards.form import Form
from bot.core.cards.reply import Reply
from bot.core.commands.message_jobs import MessageWords
from bot.core.commands.request import Request
from bot.core.subscription import Place


class Offers(Protocol):
    """The part of the responder that the listeners need; all but `preview` is from memory."""

    def search(self, team_id: str) -> Card:
        """A search box, and the jobs to pick from."""

    def watch(self, said: MessageWords | None, *, team_id: str, channel_id: str) -> Reply:
        """Follow the job of a message: the form for it, or the question which job."""

    def chosen_form(self, sentence: str, *, team_id: str, channel_id: str) -> Form | None:
        """The form for the job that was picked; None if the sentence picks none."""

    async def preview(self, url: str, request: Request) -> Card | None:
        """The public card of the job that a link leads to; None if it leads to none."""

    def welcome(self, *, is_shared: bool) -> Card:
        """The first words in a channel."""


class Greetings(Protocol):
    """The part of the store that the listeners need."""

    async def greet(self, place: Place) -> bool:
        """True the first time ever that it is asked for this place. Raises StoreUnavailable."""
