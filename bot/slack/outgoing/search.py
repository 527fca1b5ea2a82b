"""Search Slack for a delivery's message: in its threads, and in the conversation itself."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from bot.core.delivery import Delivery, Notice
from bot.core.errors import MessageRejected, MessengerUnavailable, Refusal
from bot.core.text import say
from bot.slack.blocks import Json
from bot.slack.outgoing.calls import SlackCalls, unclear
from bot.slack.outgoing.metadata import is_card_of

#: The form of a `ts`, Slack's id of a message within its conversation.
TS = re.compile(r"[0-9]{10}\.[0-9]{6}")

# docs.slack.dev/reference/methods/conversations.history: "no more than 200 at a time".
_PAGE = 200
# A search that needs more pages fails as not complete.
_MOST_PAGES = 50
# The clocks of Slack, of the database and of this machine may differ.
_LOOK_BEFORE_INTENT = timedelta(seconds=120)


class Search:
    """A reader of the threads and conversations where a message of ours may be."""

    def __init__(self, calls: SlackCalls) -> None:
        self._calls = calls

    async def around(self, delivery: Delivery) -> AsyncIterator[Json]:
        """Yield every message among which a copy of a delivery would be, some perhaps twice.

        1. The thread that the delivery was meant for, and the thread of the present card.
        2. The conversation, unless step 1 read one single thread that exists: if the parent message
           is gone, Slack posts a reply to the conversation.
        3. The threads of cards that the conversation contains: the database may not know a card.

        Raises MessengerError if the search cannot read all of these.
        """
        card = delivery.card if isinstance(delivery, Notice) else None
        present = card.ts if card else None
        threads = [ts for ts in dict.fromkeys((delivery.thread_ts, present)) if ts]
        is_all = threads == [delivery.thread_ts]
        for thread_ts in threads:
            is_there = False
            async for message in self._thread(delivery, thread_ts):
                is_there = True
                yield message
            is_all = is_all and is_there
        if is_all:
            return
        cards = []
        async for message in self._pages("conversations.history", delivery):
            if message["ts"] not in threads and is_card_of(message.get("metadata"), delivery):
                cards.append(message["ts"])
            yield message
        for thread_ts in cards:
            async for message in self._thread(delivery, thread_ts):
                yield message

    async def _thread(self, delivery: Delivery, thread_ts: str) -> AsyncIterator[Json]:
        """Yield the messages of a thread; none if the thread does not exist."""
        try:
            async for message in self._pages("conversations.replies", delivery, ts=thread_ts):
                yield message
        except MessageRejected as error:
            if error.refusal is not Refusal.MESSAGE_GONE:
                raise

    async def _pages(self, method: str, delivery: Delivery, **window: Any) -> AsyncIterator[Json]:
        cursor: Json = {}
        for _ in range(_MOST_PAGES):
            answer = await self._calls.read(
                method,
                channel=delivery.place.channel_id,
                include_all_metadata=True,
                limit=_PAGE,
                oldest=_oldest(delivery.look_from or delivery.intent_at),
                **window,
                **cursor,
            )
            for message in _messages_of(method, answer.data):
                yield message
            if not answer.next_cursor:
                if answer.data.get("has_more"):
                    raise unclear(method)
                return
            cursor = {"cursor": answer.next_cursor}
        raise MessengerUnavailable(
            say("Slack has more pages than {method} may be asked for.", method=method)
        )


def _oldest(since: datetime | None) -> str:
    return f"{(since - _LOOK_BEFORE_INTENT).timestamp():.6f}" if since else "0"


def _messages_of(method: str, answer: Json) -> list[Json]:
    messages = answer.get("messages")
    if not isinstance(messages, list):
        raise unclear(method)
    for message in messages:
        if not isinstance(message, dict) or not TS.fullmatch(str(message.get("ts"))):
            raise unclear(method)
    return messages
