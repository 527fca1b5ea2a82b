"""Events that this process has seen: Slack repeats an event after a slow or lost answer."""

from hashlib import blake2s

from bot.core.bounded_dict import BoundedDict
from bot.slack.blocks import Json
from bot.slack.incoming.reading import key_of, ts_of

_REMEMBERED = 10_000
# Marks behind a sentence that ask nothing.
_ENDS = " .!?…。！？"


class SeenEvents:
    """A memory of the latest events."""

    def __init__(self) -> None:
        self._seen = BoundedDict[str, None](_REMEMBERED)

    def is_repeated(self, body: Json) -> bool:
        """True if this event came before; remembers the event."""
        key = event_key(body)
        if not key:
            return False
        if key in self._seen:
            return True
        self._seen[key] = None
        return False


def event_key(body: Json) -> str:
    """Return Slack's id of an event, or if it has none, a key of its channel and time."""
    event = body["event"]
    sent_at = key_of(event.get("event_ts") or event.get("ts"))
    return key_of(body.get("event_id")) or (sent_at and f"{event.get('channel')}:{sent_at}")


def mention_key(body: Json, text: str) -> str:
    """Return a key of the message and what it asks. Slack sends a mention again, as a new event,
    when its author edits the message: an edit that asks the same asks nothing new."""
    event = body["event"]
    ts = ts_of(event.get("ts"))
    if not ts:
        return event_key(body)
    asked = " ".join(text.casefold().split()).rstrip(_ENDS)
    digest = blake2s(asked.encode(errors="replace"), digest_size=8).hexdigest()
    return f"{event.get('channel')}:{ts}:{digest}"
