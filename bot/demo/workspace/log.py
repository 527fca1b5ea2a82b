"""The messages of one conversation, indexed by timestamp and by thread."""

from bisect import bisect_left, bisect_right
from typing import Any

Json = dict[str, Any]


class MessageLog:
    """Messages in the order of their timestamps; `all` must not be changed from outside."""

    def __init__(self) -> None:
        self.all: list[Json] = []
        self._by_ts: dict[object, Json] = {}
        self._replies: dict[str, list[Json]] = {}

    def add(self, message: Json) -> None:
        """Add the newest message."""
        self.all.append(message)
        self._by_ts[message["ts"]] = message
        if (root := message.get("thread_ts")) is not None:
            self._replies.setdefault(root, []).append(message)

    def find(self, ts: object) -> Json | None:
        """Return the message with this timestamp, or None."""
        return self._by_ts.get(ts)

    def replies(self, root: str) -> list[Json]:
        """Return the replies of a thread, oldest first, without its parent."""
        return self._replies.get(root, [])

    def remove(self, message: Json) -> None:
        self.all.remove(message)
        del self._by_ts[message["ts"]]
        if message in self._replies.get(message.get("thread_ts", ""), []):
            self._replies[message["thread_ts"]].remove(message)

    def between(self, low: float, high: float, *, inclusive: bool) -> list[Json]:
        """Return the messages of a time window, oldest first."""
        if inclusive:
            start = bisect_left(self.all, low, key=_time)
            return self.all[start : bisect_right(self.all, high, key=_time)]
        start = bisect_right(self.all, low, key=_time)
        return self.all[start : bisect_left(self.all, high, key=_time)]


def _time(message: Json) -> float:
    return float(message["ts"])
