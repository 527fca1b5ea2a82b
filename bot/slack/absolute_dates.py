"""Dates in messages that are read on a later day, when `today` would be wrong.

docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

import orjson

from bot.slack.text_objects import Json

#: Methods whose messages are still read on another day; whispers and dialogs are not.
KEPT_METHODS = frozenset(("chat.postMessage", "chat.update", "chat.unfurl"))

_PRETTY, _PLAIN = b"{date_short_pretty}", b"{date_short}"


def absolute_dates_in(body: bytes) -> bytes:
    """Return the JSON of a message with its dates written out, none as `today`."""
    return body.replace(_PRETTY, _PLAIN)


def with_absolute_dates(message: Json) -> Json:
    """Return the message with its dates written out, none as `today`."""
    dated: Json = orjson.loads(absolute_dates_in(orjson.dumps(message)))
    return dated
