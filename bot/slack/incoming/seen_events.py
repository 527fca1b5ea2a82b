"""Which events this process has seen: Slack sends one again after a slow or lost answer."""

from collections import OrderedDict

from bot.slack.blocks import Json
from bot.slack.incoming.reading import key_of

_REMEMBERED = 10_000


class SeenEvents:
    """Remembers the latest."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    def is_repeated(self, body: Json) -> bool:
        """True if this event came before."""
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
    """Slack names each event; one without a name is known by its channel and time."""
    event = body["event"]
    sent_at = key_of(event.get("event_ts") or event.get("ts"))
    return key_of(body.get("event_id")) or (sent_at and f"{event.get('channel')}:{sent_at}")
