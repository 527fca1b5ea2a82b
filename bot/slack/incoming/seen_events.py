"""Events that this process has seen: Slack repeats an event after a slow or lost answer."""

from collections import OrderedDict

from bot.slack.blocks import Json
from bot.slack.incoming.reading import key_of

_REMEMBERED = 10_000


class SeenEvents:
    """A memory of the latest events."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    def is_repeated(self, body: Json) -> bool:
        """True if this event came before; remembers the event."""
        key = event_key(body)
        if not key:
            return False
        if key in self._seen:
            return True
        self._seen[key] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return False


def event_key(body: Json) -> str:
    """Return Slack's id of an event, or if it has none, a key of its channel and time."""
    event = body["event"]
    sent_at = key_of(event.get("event_ts") or event.get("ts"))
    return key_of(body.get("event_id")) or (sent_at and f"{event.get('channel')}:{sent_at}")
