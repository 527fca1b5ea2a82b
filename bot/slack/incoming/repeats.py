"""Events that Slack sends again, as it does after a slow or lost answer."""

from collections import OrderedDict

from bot.slack.blocks import Json
from bot.slack.incoming.reading import key_of

_EVENTS_REMEMBERED = 10_000


class Repeats:
    """Remembers the latest events."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    def has(self, body: Json) -> bool:
        """True if this event came before."""
        event_id = mention_key(body)
        if not event_id:
            return False
        if event_id in self._seen:
            return True
        self._seen[event_id] = None
        if len(self._seen) > _EVENTS_REMEMBERED:
            self._seen.popitem(last=False)
        return False


def mention_key(body: Json) -> str:
    """Slack names each event; one without a name is known by its channel and time."""
    event = body["event"]
    sent_at = key_of(event.get("event_ts") or event.get("ts"))
    return key_of(body.get("event_id")) or (sent_at and f"{event.get('channel')}:{sent_at}")
