"""Answers to the sentences about dead letters: list them, and enqueue them again."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.changes.dead_letters import dead_letters_card, redelivered_card, waiting_card
from bot.core.commands.request import Request
from bot.core.commands.verbs.redeliver import EVERY_DEAD_LETTER, Redeliver
from bot.core.delivery_report import DeadLetter, OutboxCounts
from bot.core.errors import MessengerError
from bot.core.health import SeenPlaces
from bot.core.ports.slack import Conversations
from bot.core.project import Project
from bot.core.subscription import Place

# Nobody reads a longer list, and `redeliver all` can be repeated.
_MOST = 200


class DeadLetterStore(Protocol):
    """The methods of History that answer about dead letters. Each raises StoreUnavailable."""

    async def dead_letters(self, project: Project, *, limit: int) -> tuple[DeadLetter, ...]:
        """Return the dead letters, latest first; a group counts as one."""

    async def redrive(
        self, project: Project, delivery_ids: Collection[str], *, request_key: str = ""
    ) -> int:
        """Enqueue these again; return how many of them were still dead letters. The courier
        searches Slack first if one may have been posted. Raises RequestRepeated for a repeated
        `request_key`."""

    async def reopen(self, project: Project, *, limit: int) -> tuple[str, ...]:
        """Make the deliveries due that wait for a channel to accept posts; return these
        channels."""

    async def counts(self, project: Project) -> OutboxCounts:
        """Return the counts of the outbox."""


@dataclass(frozen=True, slots=True)
class DeadLetterAnswers:
    """Answers the sentences about dead letters.

    Everybody who may subscribe may send dead letters again. Those of other people's direct messages
    are neither shown nor enqueued.
    """

    catalog: Catalog
    store: DeadLetterStore
    conversations: Conversations

    async def list_dead_letters(self, request: Request, seen: SeenPlaces) -> Card:
        """Answer `status letters`, without names of places that are not `seen`. Raises
        StoreUnavailable."""
        visible = await self._visible(request)
        places = {one.place for one in visible if not one.place.is_direct}
        return dead_letters_card(visible, hidden=places - {*await seen(places)})

    async def redeliver(self, command: Redeliver, request: Request, seen: SeenPlaces) -> Card:
        """Answer `redeliver`. `redeliver all` also retries the channels that refused posts; it
        names only those that are `seen`. Raises StoreUnavailable."""
        project = self.catalog.project(request.team_id)
        ids = [dead_letter.delivery_id for dead_letter in await self._visible(request)]
        if command.dead_letter != EVERY_DEAD_LETTER:
            ids = [id for id in ids if id == command.dead_letter]
            return redelivered_card(await self.store.redrive(project, ids, request_key=request.key))
        # Counted before anything is enqueued, because the card reports the messages that wait now.
        counts = await self.store.counts(project)
        done = await self.store.redrive(project, ids, request_key=request.key) if ids else 0
        tried = await self.store.reopen(project, limit=_MOST)
        if not done and not tried:
            return waiting_card(counts)
        places = [Place(team_id=project.team_id, channel_id=one) for one in tried]
        shown = await seen(places) if places else ()
        named = [one.channel_id for one in places if one in shown]
        return redelivered_card(done, named, unseen=len(tried) - len(named))

    async def _visible(self, request: Request) -> list[DeadLetter]:
        project = self.catalog.project(request.team_id)
        dead_letters = await self.store.dead_letters(project, limit=_MOST)
        own = {request.channel_id} if request.is_direct else set()
        if any(dead_letter.place.is_direct for dead_letter in dead_letters) and not own:
            own = await self._direct(request)
        return [
            one for one in dead_letters if not one.place.is_direct or one.place.channel_id in own
        ]

    async def _direct(self, request: Request) -> set[str]:
        try:
            return {await self.conversations.direct(request.team_id, request.user_id)}
        except MessengerError:
            return set()
