"""Lists what was never sent, and has it tried again. It posts nothing by itself."""

from typing import Protocol

from bot.core.cards.card import Card
from bot.core.cards.dead_letters import dead_letters_card, redelivered_card
from bot.core.cards.subscription_words import is_direct
from bot.core.commands.redeliver import EVERY_DEAD_LETTER, Redeliver
from bot.core.commands.request import Request
from bot.core.delivery import DeadLetter
from bot.core.errors import MessengerError
from bot.core.ports.slack import Conversations

# Nobody reads more, and `all` may be said again.
_MOST = 200


class Letters(Protocol):
    """What is needed of the Ledger. Every method raises StoreUnavailable."""

    async def dead_letters(self, team_id: str, *, limit: int) -> tuple[DeadLetter, ...]:
        """What was never sent, latest first; a group counts as one."""

    async def redrive(self, team_id: str, delivery_id: str) -> bool:
        """Let one be tried again; what may have been sent is looked for first. False if there is
        no such letter (any more)."""


class DeadLetterOffice:
    """Answers the sentences about dead letters.

    Whoever may subscribe may have them sent: they were owed. Other people's direct messages are
    neither shown nor touched.
    """

    def __init__(self, letters: Letters, conversations: Conversations) -> None:
        self._letters = letters
        self._conversations = conversations

    async def list_dead_letters(self, request: Request) -> Card:
        """What was given up. Raises StoreUnavailable."""
        return dead_letters_card(await self._visible(request))

    async def redeliver(self, command: Redeliver, request: Request) -> Card:
        """Try one again, or all. Raises StoreUnavailable."""
        ids = [letter.delivery_id for letter in await self._visible(request)]
        if command.dead_letter != EVERY_DEAD_LETTER:
            ids = [id for id in ids if id == command.dead_letter]
        done = [await self._letters.redrive(request.team_id, id) for id in ids]
        return redelivered_card(done.count(True))

    async def _visible(self, request: Request) -> list[DeadLetter]:
        letters = await self._letters.dead_letters(request.team_id, limit=_MOST)
        own = {request.channel_id} if request.is_direct else set()
        if any(is_direct(letter.place) for letter in letters) and not own:
            own = await self._direct(request)
        return [one for one in letters if not is_direct(one.place) or one.place.channel_id in own]

    async def _direct(self, request: Request) -> set[str]:
        try:
            return {await self._conversations.direct(request.user_id)}
        except MessengerError:
            return set()
