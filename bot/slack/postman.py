"""Deliveries in Slack: post, edit, find by metadata, delete. Decides nothing, repeats nothing."""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.core.card import Card
from bot.core.errors import MessageRejected, MessengerUnavailable, Refusal
from bot.core.job import VisualizationJob
from bot.core.news import news_card, watched_card
from bot.core.outbox import Delivery, DeliveryKind, MessageRef
from bot.core.ports import CardEdit
from bot.core.watch import StatusChange, Telling
from bot.slack.blocks import Json, render
from bot.slack.calls import SlackCalls, unclear
from bot.slack.messenger import Identity
from bot.slack.receipts import card_receipt, is_receipt, receipt

_TS = re.compile(r"[0-9]{10}\.[0-9]{6}")

# docs.slack.dev/reference/methods/conversations.history: "no more than 200 at a time".
_PAGE = 200
# A search that is longer than this ends as not complete.
_MOST_PAGES = 50
# Slack's clock, the database's and ours need not agree.
_LOOK_BEFORE_INTENT = timedelta(seconds=120)

_RENDERINGS_KEPT = 256


class Postman:
    """Carries deliveries. `identity` is who we are, None while Slack has not said."""

    def __init__(
        self,
        calls: SlackCalls,
        *,
        identity: Callable[[], Identity | None],
        link_hosts: Iterable[str],
    ) -> None:
        self._calls = calls
        self._identity = identity
        self._link_hosts = tuple(link_hosts)
        # One change goes to many places: it is rendered once.
        self._drawn = lru_cache(maxsize=_RENDERINGS_KEPT)(self._draw)

    async def post(self, delivery: Delivery) -> MessageRef:
        """Post it. Raises MessageRejected (nothing was shown), or MessengerUnavailable (it may
        have been)."""
        channel_id = delivery.place.channel_id
        answer = await self._calls.write(
            "chat.postMessage",
            channel=channel_id,
            unfurl_links=False,
            unfurl_media=False,
            metadata=receipt(delivery),
            **_thread(delivery),
            **self._drawn(_Content(delivery)),
        )
        return _confirmed("chat.postMessage", answer.data, channel_id)

    async def edit(self, edit: CardEdit) -> None:
        """Edit a card in place. Raises MessengerError."""
        card = watched_card(
            edit.job,
            change=edit.change,
            link_hosts=self._link_hosts,
            confirmed_at=edit.confirmed_at,
        )
        answer = await self._calls.write(
            "chat.update",
            channel=edit.card.channel_id,
            ts=edit.card.ts,
            metadata=card_receipt(edit),
            **render(card),
        )
        if _confirmed("chat.update", answer.data, edit.card.channel_id) != edit.card:
            raise unclear("chat.update")

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """Every copy of it that Slack shows, of our own making, oldest first, by its metadata.
        Raises MessengerError if the search was not complete or is not allowed."""
        identity = self._identity()
        if not identity or not identity.bot_id:
            raise MessengerUnavailable("Slack has not said yet who we are.")
        channel_id = delivery.place.channel_id
        found = [
            MessageRef(channel_id=channel_id, ts=message["ts"])
            async for message in self._messages(delivery)
            if message.get("bot_id") == identity.bot_id
            and is_receipt(message.get("metadata"), delivery)
        ]
        return tuple(sorted(set(found), key=lambda message: float(message.ts)))

    async def delete(self, message: MessageRef) -> None:
        """Delete one of our own messages. Raises MessengerError."""
        await self._calls.write("chat.delete", channel=message.channel_id, ts=message.ts)

    def _draw(self, content: "_Content") -> Json:
        card: Card = news_card(content.delivery, link_hosts=self._link_hosts)
        return render(card)

    async def _messages(self, delivery: Delivery) -> AsyncIterator[Json]:
        """All messages among which a copy of it would be."""
        thread_ts = _thread(delivery).get("thread_ts")
        if thread_ts:
            try:
                async for message in self._pages("conversations.replies", delivery, ts=thread_ts):
                    yield message
            except MessageRejected as error:
                # Slack posts to the channel what belongs under a message that is gone.
                if error.refusal is not Refusal.MESSAGE_GONE:
                    raise
            else:
                return
        since = _oldest(delivery.intent_at)
        async for message in self._pages("conversations.history", delivery, oldest=since):
            yield message

    async def _pages(self, method: str, delivery: Delivery, **window: Any) -> AsyncIterator[Json]:
        cursor: Json = {}
        for _ in range(_MOST_PAGES):
            answer = await self._calls.read(
                method,
                channel=delivery.place.channel_id,
                include_all_metadata=True,
                limit=_PAGE,
                **window,
                **cursor,
            )
            for message in _messages_of(method, answer.data):
                yield message
            following = _next_cursor(answer.data)
            if not following:
                if answer.data.get("has_more"):
                    raise unclear(method)
                return
            cursor = {"cursor": following}
        raise MessengerUnavailable(f"Slack has more pages than {method} may be asked for.")


class _Content:
    """A delivery as a key: equal to another if both show the same."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self._key: tuple[
            DeliveryKind,
            tuple[StatusChange, ...],
            VisualizationJob | None,
            datetime | None,
            datetime | None,
            bool,
        ] = (
            delivery.kind,
            delivery.changes,
            delivery.job,
            delivery.since,
            delivery.confirmed_at,
            delivery.offers_quiet,
        )

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self._key == other._key


def _thread(delivery: Delivery) -> Json:
    if delivery.kind is DeliveryKind.CARD or delivery.card is None:
        return {}
    is_loud = delivery.telling is Telling.CHANNEL or any(
        change.step.calls_for_action for change in delivery.changes
    )
    return {
        "thread_ts": delivery.card.ts,
        **({"reply_broadcast": True} if is_loud else {}),
    }


def _confirmed(method: str, answer: Json, channel_id: str) -> MessageRef:
    """The message that Slack says it shows; raises MessengerUnavailable if it says otherwise."""
    ts = answer.get("ts")
    if answer.get("channel") != channel_id or not isinstance(ts, str) or not _TS.fullmatch(ts):
        raise unclear(method)
    return MessageRef(channel_id=channel_id, ts=ts)


def _oldest(intent_at: datetime | None) -> str:
    return f"{(intent_at - _LOOK_BEFORE_INTENT).timestamp():.6f}" if intent_at else "0"


def _messages_of(method: str, answer: Json) -> list[Json]:
    messages = answer.get("messages")
    if not isinstance(messages, list):
        raise unclear(method)
    for message in messages:
        if not isinstance(message, dict) or not _TS.fullmatch(str(message.get("ts"))):
            raise unclear(method)
    return messages


def _next_cursor(answer: Json) -> str:
    more = answer.get("response_metadata")
    return str(more.get("next_cursor") or "") if isinstance(more, dict) else ""
