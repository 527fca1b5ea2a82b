"""Lists dead letters, and enqueues them again. It posts nothing itself."""

from collections.abc import Collection
from typing import Protocol

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.dead_letters import dead_letters_card, redelivered_card
from bot.core.cards.subscription_words import is_direct
from bot.core.commands.redeliver import EVERY_DEAD_LETTER, Redeliver
from bot.core.commands.request import Request
from bot.core.delivery_report import DeadLetter
from bot.core.errors import MessengerError
from bot.core.ports.slack import Conversations
from bot.core.project import Project

# Nobody reads more, and `redeliver all` can be repeated.
_MOST = 200


class DeadLetterStore(Protocol):
    """The part of History that this room needs. Every method raises StoreUnavailable."""

    async def dead_letters(self, project: Project, *, limit: int) -> tuple[DeadLetter, ...]:
        """The dead letters, latest first; a group counts as one."""

    async def redrive(
        self, project: Project, delivery_ids: Collection[str], *, request_key: str = ""
    ) -> int:
        """Enqueue these again; how many are still there. The courier searches Slack first if one
        may have been sent. Raises RequestRepeated for a `request_key` that was seen before."""


class DeadLetterOffice:
    """Answers the sentences about dead letters.

    Everybody who may subscribe may send them again. Other people's direct messages are neither
    shown nor touched.
    """

    def __init__(
        self, catalog: Catalog, dead_letters: DeadLetterStore, conversations: Conversations
    ) -> None:
        self._catalog = catalog
        self._store = dead_letters
        self._conversations = conversations

    async def list_dead_letters(self, request: Request) -> Card:
        """Answer `status letters`. Raises StoreUnavailable."""
        return dead_letters_card(await self._visible(request))

    async def redeliver(self, command: Redeliver, request: Request) -> Card:
        """Answer `redeliver`. Raises StoreUnavailable."""
        visible = await self._visible(request)
        if not visible and command.dead_letter == EVERY_DEAD_LETTER:
            return dead_letters_card(visible)
        ids = [dead_letter.delivery_id for dead_letter in visible]
        if command.dead_letter != EVERY_DEAD_LETTER:
            ids = [id for id in ids if id == command.dead_letter]
        project = self._catalog.project(request.team_id)
        done = await self._store.redrive(project, ids, request_key=request.key)
        return redelivered_card(done)

    async def _visible(self, request: Request) -> list[DeadLetter]:
        project = self._catalog.project(request.team_id)
        dead_letters = await self._store.dead_letters(project, limit=_MOST)
        own = {request.channel_id} if request.is_direct else set()
        if any(is_direct(dead_letter.place) for dead_letter in dead_letters) and not own:
            own = await self._direct(request)
        return [
            one for one in dead_letters if not is_direct(one.place) or one.place.channel_id in own
        ]

    async def _direct(self, request: Request) -> set[str]:
        try:
            return {await self._conversations.direct(request.team_id, request.user_id)}
        except MessengerError:
            return set()
