"""A Slack in memory for deliveries, whose calls fail at a given rate."""

import asyncio
import random
from dataclasses import dataclass, field

from bot.core.card_edit import CardEdit
from bot.core.delivery import CardDelivery, Delivery, MessageRef
from bot.core.delivery_ids import delivery_id
from bot.core.errors import MessageRejected, MessengerError, MessengerUnavailable, Refusal
from tests.proof.virtual_time import START

TIMEOUT = 10.0
SETTLE = 30.0


@dataclass(slots=True, kw_only=True)
class Message:
    """A posted message, and from when on the history contains it."""

    ref: MessageRef
    delivery: Delivery
    #: The delivery ids of the changes that it shows, in order.
    told: tuple[str, ...]
    shown_at: float
    found_from: float
    #: The status and the sequence that a card shows.
    status: int = 0
    sequence: int = 0
    is_deleted: bool = False


@dataclass(slots=True, kw_only=True)
class SlackInMemory:
    """A Messenger. The share `rate` of its calls fails, most of them after they took effect.

    `lateness` is how long after its timeout a post may appear in the history. Up to SETTLE the
    protocol promises no copies; beyond that it promises that no copy stays.
    """

    dice: random.Random
    rate: float
    lateness: float
    messages: list[Message] = field(default_factory=list)
    #: The channels that the bot is not in.
    closed: set[str] = field(default_factory=set)
    is_out: bool = False
    faults: int = 0
    deleted_copies: int = 0
    _posts: int = 0

    async def post(self, delivery: Delivery) -> MessageRef:
        """Show a delivery now, later, or not at all."""
        await self._think()
        self._refuse_place(delivery.place.channel_id)
        self._refuse("post")
        if self.rate and is_unsendable(delivery):
            raise MessageRejected("invalid blocks", refusal=Refusal.CONTENT)
        if not self._fails():
            return self._show(delivery, stale=self._staleness())
        self.faults += 1
        await asyncio.sleep(self.dice.choice((0.1, TIMEOUT - 2)))
        fate = self.dice.randrange(4)
        if fate < 2:
            self._show(delivery, stale=self._staleness())
        elif fate == 2:
            late = self.dice.uniform(0, self.lateness)
            loop = asyncio.get_running_loop()
            stale = self.lateness - late
            loop.call_later(late, lambda: self._show(delivery, stale=stale))
        raise MessengerUnavailable("no answer that means anything")

    async def edit(self, edit: CardEdit) -> None:
        """Edit a card to show the content of the edit."""
        await self._think()
        self._refuse_place(edit.place.channel_id)
        self._refuse("edit")
        is_lost = self._fails()
        if is_lost and self.dice.randrange(2):
            raise MessengerUnavailable("not edited")
        [card] = [one for one in self.messages if one.ref == edit.card]
        if card.is_deleted:
            raise MessageRejected("no such message", refusal=Refusal.MESSAGE_GONE)
        card.status = int(edit.shown.job.status)
        card.sequence = edit.shown.change.sequence if edit.shown.change else 0
        if is_lost:
            raise MessengerUnavailable("edited, but who knows")

    async def correct(self, delivery: Delivery, message: MessageRef) -> None:
        """Correct a notice; nothing changes here, because a notice keeps its changes."""
        del message
        await self._think()
        self._refuse_place(delivery.place.channel_id)
        self._refuse("edit")
        if self._fails():
            raise MessengerUnavailable("corrected, or not")

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """Return every copy that the history contains by now."""
        await self._think()
        self._refuse_place(delivery.place.channel_id)
        self._refuse("find")
        if self._fails():
            raise MessengerUnavailable("a page is missing")
        now = asyncio.get_running_loop().time()
        return tuple(
            one.ref
            for one in self.live()
            if one.delivery.id == delivery.id and one.found_from <= now
        )

    async def delete(self, _: object, message: MessageRef) -> None:
        """Delete a message of the bot."""
        await self._think()
        self._refuse("delete")
        [found] = [one for one in self.messages if one.ref == message]
        found.is_deleted = True
        self.deleted_copies += 1

    def live(self) -> list[Message]:
        """Return the messages that people see now, oldest first in each channel."""
        return [one for one in self.messages if not one.is_deleted]

    def copies(self) -> int:
        """Return how many messages were ever shown beyond one of each delivery."""
        return len(self.messages) - len({one.delivery.id for one in self.messages})

    def _show(self, delivery: Delivery, *, stale: float) -> MessageRef:
        now = asyncio.get_running_loop().time()
        self._posts += 1
        ts = f"{START.timestamp() + int(now):.0f}.{self._posts:06}"
        ref = MessageRef(channel_id=delivery.place.channel_id, ts=ts)
        is_card = isinstance(delivery, CardDelivery)
        told = () if is_card else tuple(delivery_id(delivery.place, c) for c in delivery.changes)
        self.messages.append(
            Message(
                ref=ref,
                delivery=delivery,
                told=told,
                shown_at=now,
                found_from=now + stale,
                status=int(delivery.shown.job.status) if isinstance(delivery, CardDelivery) else 0,
                sequence=delivery.changes[-1].sequence if delivery.changes else 0,
            )
        )
        return ref

    async def _think(self) -> None:
        await asyncio.sleep(self.dice.uniform(0.05, 0.6))

    def _fails(self) -> bool:
        return self.is_out or self.dice.random() < self.rate

    def _staleness(self) -> float:
        return self.dice.uniform(0, self.lateness) if self._fails() else 0.0

    def _refuse_place(self, channel_id: str) -> None:
        if channel_id in self.closed:
            raise MessageRejected("not a member", refusal=Refusal.PLACE, code="not_in_channel")

    def _refuse(self, what: str) -> None:
        if self.dice.random() >= self.rate / 2:
            return
        self.faults += 1
        raise self._refusal(what)

    def _refusal(self, what: str) -> MessengerError:
        is_workspace = self.dice.randrange(40) == 0
        if what == "post" and is_workspace:
            return MessageRejected("who are you", refusal=Refusal.WORKSPACE)
        if self.dice.randrange(2):
            asked = self.dice.choice((1, 5, 40))
            return MessageRejected("too fast", refusal=Refusal.TOO_FAST, retry_after=asked)
        return MessageRejected("no network", refusal=Refusal.NOT_SENT)


def is_unsendable(delivery: Delivery) -> bool:
    """Return whether Slack never takes this delivery: one in a hundred, but no card."""
    return not isinstance(delivery, CardDelivery) and int(delivery.id[:8], 16) % 100 == 0
