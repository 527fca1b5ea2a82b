"""Dates in messages that last: `today` on one turns false, and a date does not.

docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

import orjson

from bot.slack.text_objects import Json

#: Methods whose messages are still read on another day; whispers and dialogs are not.
LASTING = frozenset(("chat.postMessage", "chat.update", "chat.unfurl"))

_PRETTY, _PLAIN = b"{date_short_pretty}", b"{date_short}"


def with_dates(body: bytes) -> bytes:
    """The JSON of a message that lasts."""
    return body.replace(_PRETTY, _PLAIN)


def lasting(message: Json) -> Json:
    """A message that lasts, where it is not sent by a method: with a response URL."""
    dated: Json = orjson.loads(with_dates(orjson.dumps(message)))
    return dated
