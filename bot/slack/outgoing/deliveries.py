"""Deliveries in Slack: post, edit, find by metadata, delete. Decides nothing, retries nothing."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import assert_never

from bot.core.action_ids import ActionIds
from bot.core.audience import shows_in_channel
from bot.core.card_edit import CardEdit
from bot.core.cards.card import Card
from bot.core.cards.changes.answered import answered_card
from bot.core.cards.changes.changes import delivery_card, edited_card
from bot.core.commands.grammar import USUAL_COMMAND
from bot.core.delivery import (
    CardDelivery,
    ChangeDelivery,
    ChangesDelivery,
    Delivery,
    Greeting,
    GuardDelivery,
    JoblessDelivery,
    MessageRef,
    MorningDelivery,
    Notice,
    PauseNote,
    SourceNote,
)
from bot.core.errors import MessageRejected, MessengerUnavailable, Refusal
from bot.core.outcome import Outcome
from bot.core.spending import Price
from bot.core.subscription import Place
from bot.core.text import ENGLISH, Language, say
from bot.slack.blocks import Json, render
from bot.slack.contact import Identity, invitation
from bot.slack.outgoing.calls import NO_PREVIEWS, SlackCalls, unclear
from bot.slack.outgoing.metadata import card_receipt, is_receipt, receipt, tells
from bot.slack.outgoing.search import TS, Search

_RENDERINGS_KEPT = 256
# Only Slack knows which of these scopes a conversation needs.
_READING = frozenset(("channels:history", "groups:history", "im:history"))


class DeliverySender:
    """A sender of deliveries. `identity` returns who we are, None while Slack has not said; `price`
    is of one hour; `spoken` finds the language of a tag; `ids` makes the one-use ids of the buttons
    that act on a job."""

    def __init__(
        self,
        calls: SlackCalls,
        *,
        identity: Callable[[], Identity | None],
        link_hosts: Iterable[str],
        spoken: Callable[[str], Language] = lambda _: ENGLISH,
        price: Price | None = None,
        ids: ActionIds | None = None,
        has_operators: bool = True,
        slash_command: str = USUAL_COMMAND,
    ) -> None:
        """Without operators nobody may stop a job. Only guard notices, which tell of costs, then
        have the button, because a press on it explains what to do instead."""
        self._spoken = spoken
        self._calls = calls
        self._identity = identity
        self._search = Search(calls)
        self._link_hosts = tuple(link_hosts)
        self._price = price
        self._ids = ids
        self._slash_command = slash_command
        self._ids_on_cards = ids if has_operators else None
        # One change goes to many places, but is rendered only once.
        self._drawn = lru_cache(maxsize=_RENDERINGS_KEPT)(self._draw)

    async def post(self, delivery: Delivery) -> MessageRef:
        """Post a delivery. Raises MessageRejected if nothing was shown, and MessengerUnavailable if
        it may have been shown."""
        channel_id = delivery.place.channel_id
        answer = await self._calls.show(
            "chat.postMessage",
            channel=channel_id,
            **NO_PREVIEWS,
            metadata=receipt(delivery),
            **_thread(delivery),
            **self._drawn(_Content(delivery)),
        )
        return _confirmed("chat.postMessage", answer.data, channel_id)

    async def edit(self, edit: CardEdit) -> None:
        """Edit a card in place. Raises MessengerError."""
        card = edited_card(edit, link_hosts=self._link_hosts, ids=self._ids_on_cards)
        answer = await self._calls.show(
            "chat.update",
            channel=edit.card.channel_id,
            ts=edit.card.ts,
            metadata=card_receipt(edit),
            **render(card, self._spoken(edit.language)),
        )
        if _confirmed("chat.update", answer.data, edit.card.channel_id) != edit.card:
            raise unclear("chat.update")

    async def amend(self, delivery: Delivery, message: MessageRef, outcome: Outcome) -> None:
        """Edit a message to show the outcome of a press on it; leave it as it is if the outcome
        answers something else. Raises MessengerError."""
        card = answered_card(
            delivery, outcome, link_hosts=self._link_hosts, ids=self._ids, price=self._price
        )
        if card is not None:
            await self._replace(delivery, message, render(card, self._spoken(delivery.language)))

    async def correct(self, delivery: Delivery, message: MessageRef) -> None:
        """Edit a message to what it would say if it were posted now. Raises MessengerError."""
        await self._replace(delivery, message, self._drawn(_Content(delivery, is_edit=True)))

    async def _replace(self, delivery: Delivery, message: MessageRef, content: Json) -> None:
        await self._calls.show(
            "chat.update",
            channel=message.channel_id,
            ts=message.ts,
            metadata=receipt(delivery),
            **content,
        )

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """Return every copy of a delivery among our own messages, by metadata, oldest first. Raises
        MessengerError if the search was not complete or is not allowed."""
        identity = self._identity()
        if not identity or not identity.bot_id:
            raise MessengerUnavailable(say("Slack has not said yet who we are."))
        if identity.scopes and not identity.scopes & _READING:
            raise MessageRejected(
                say("The app may not read what it posted."),
                refusal=Refusal.SCOPE,
                code="missing_scope",
            )
        copies, groups = set(), set()
        async for message in self._search.around(delivery):
            if message.get("bot_id") != identity.bot_id:
                continue
            ref = MessageRef(channel_id=delivery.place.channel_id, ts=message["ts"])
            if is_receipt(message.get("metadata"), delivery):
                copies.add(ref)
            elif tells(message.get("metadata"), delivery):
                groups.add(ref)
        # A grouped message tells of other changes, too, so it is no copy that may be deleted.
        found = sorted(copies or groups, key=lambda message: float(message.ts))
        return tuple(found if copies else found[:1])

    async def delete(self, place: Place, message: MessageRef) -> None:
        """Delete one of our own messages of a place. Raises MessengerError."""
        await self._calls.write("chat.delete", channel=place.channel_id, ts=message.ts)

    def _draw(self, content: "_Content") -> Json:
        is_guard = isinstance(content.delivery, GuardDelivery)
        card: Card = delivery_card(
            content.delivery,
            link_hosts=self._link_hosts,
            invitation=invitation(self._identity()),
            price=self._price,
            ids=self._ids if is_guard else self._ids_on_cards,
            slash_command=self._slash_command,
            is_edit=content.is_edit,
        )
        return render(card, self._spoken(content.delivery.language))


class _Content:
    """A delivery as a cache key: equal to another if both show the same, new or in an edit."""

    def __init__(self, delivery: Delivery, *, is_edit: bool = False) -> None:
        self.delivery = delivery
        self.is_edit = is_edit
        self._key = type(delivery), delivery.language, is_edit, *_shown(delivery)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self._key == other._key


def _shown(delivery: Delivery) -> tuple[object, ...]:
    match delivery:
        case CardDelivery():
            return delivery.project, delivery.shown, delivery.place.is_direct
        case ChangeDelivery():
            shown = (
                delivery.change,
                delivery.owner,
                delivery.asked,
                delivery.resubscribe_sentence,
                delivery.is_followed,
                delivery.is_late,
            )
            return *shown, *_offers(delivery)
        case ChangesDelivery():
            members = tuple((one.change, one.owner) for one in delivery.members)
            return members, delivery.resubscribe_sentence, *_offers(delivery)
        case GuardDelivery():
            over = (delivery.is_gone, delivery.over_at, delivery.is_another_run)
            return delivery.facts, delivery.care, delivery.job, delivery.project, *over
        case _:
            return _shown_of_no_job(delivery)


def _shown_of_no_job(delivery: JoblessDelivery) -> tuple[object, ...]:
    match delivery:
        case SourceNote():
            return delivery.since, delivery.is_back, delivery.is_api_missing, delivery.outages
        case PauseNote():
            return delivery.channel_id, delivery.reason
        case MorningDelivery():
            return (delivery.morning,)
        case Greeting():
            return (delivery.is_shared,)
        case _:
            assert_never(delivery)


def _offers(delivery: Notice) -> tuple[object, ...]:
    # The offer of a digest is worded differently in a direct message.
    digest = delivery.offers_digest and (delivery.place.is_direct,)
    return delivery.offers_quiet, digest


def _thread(delivery: Delivery) -> Json:
    if not isinstance(delivery, Notice) or delivery.card is None:
        return {}
    steps = (change.step for change in delivery.changes)
    is_broadcast = isinstance(delivery, GuardDelivery) or shows_in_channel(
        delivery.delivery_mode, steps
    )
    return {
        "thread_ts": delivery.card.ts,
        **({"reply_broadcast": True} if is_broadcast else {}),
    }


def _confirmed(method: str, answer: Json, channel_id: str) -> MessageRef:
    """Return the message that Slack confirms; raises MessengerUnavailable for any other answer."""
    ts = answer.get("ts")
    if answer.get("channel") != channel_id or not isinstance(ts, str) or not TS.fullmatch(ts):
        raise unclear(method)
    return MessageRef(channel_id=channel_id, ts=ts)
