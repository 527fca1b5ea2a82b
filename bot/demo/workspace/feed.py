"""Publish changes of the workspace to the page's stream, and to tests that wait.

This module knows the page's form of a message, and holds no state of the workspace.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Json = dict[str, Any]
T = TypeVar("T")

_PAGE_FIELDS = (
    "ts",
    "thread_ts",
    "user",
    "username",
    "text",
    "blocks",
    "reply_count",
    "metadata",
    "bot_id",
)


def page_message(message: Json) -> Json:
    """Return a message in the page's form; Slack shows the label "edited" only without blocks."""
    shown = {name: message[name] for name in _PAGE_FIELDS if name in message}
    if attachments := message.get("attachments"):
        shown["attachments"] = [_page_attachment(each) for each in attachments]
    if message.get("subtype") == "thread_broadcast":
        shown["reply_broadcast"] = True
    if "edited" in message and not message.get("blocks"):
        shown["edited"] = True
    if message.get("is_ephemeral"):
        shown["ephemeral"] = True
    return shown


def _page_attachment(attachment: Json) -> Json:
    return {name: attachment[name] for name in ("color", "blocks") if name in attachment}


class Feed:
    """Publishes events to listeners; each event is for one person, or for everyone (None)."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Json | None, str | None], None]] = []
        self._sleepers: list[asyncio.Future[None]] = []

    def publish(self, event: Json, *, to: str | None = None) -> None:
        """Pass an event to every listener, and wake all waiting tasks."""
        for listener in list(self._listeners):
            listener(event, to)
        self.wake()

    def wake(self) -> None:
        """Wake all waiting tasks, so that each checks its condition again."""
        sleepers, self._sleepers = self._sleepers, []
        for sleeper in sleepers:
            if not sleeper.done():
                sleeper.set_result(None)

    async def until(self, predicate: Callable[[], T], timeout: float = 60.0) -> T:
        """Return the first truthy result of `predicate`, which is called again at each change.

        Raises `TimeoutError` after `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                sleeper = asyncio.get_running_loop().create_future()
                self._sleepers.append(sleeper)
                await sleeper
        return found

    def stream(self, reader: str) -> AsyncIterator[Json]:
        """Yield the events for `reader` from now on, until the feed is closed."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()

        def listen(event: Json | None, to: str | None) -> None:
            if to in (None, reader):
                queue.put_nowait(event)

        self._listeners.append(listen)

        async def drain() -> AsyncIterator[Json]:
            try:
                while (event := await queue.get()) is not None:
                    yield event
            finally:
                self._listeners.remove(listen)

        return drain()

    @contextmanager
    def recording(self, reader: str, channel: str | None) -> Iterator[list[Json]]:
        """Collect the messages and notices that `reader` sees in `channel` during the block."""
        seen: list[Json] = []

        def listen(event: Json | None, to: str | None) -> None:
            if event and to in (None, reader) and event.get("channel") == channel:
                if event["kind"] in ("message", "ephemeral"):
                    seen.append(event["message"])
                elif event["kind"] == "notice":
                    seen.append({"notice": event["text"]})

        self._listeners.append(listen)
        try:
            yield seen
        finally:
            self._listeners.remove(listen)

    def close(self) -> None:
        """End every stream."""
        for listener in list(self._listeners):
            listener(None, None)
        self.wake()
