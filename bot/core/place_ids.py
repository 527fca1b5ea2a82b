"""The form of conversation ids, for ids that people type or forms contain."""

import re

# The pattern of Slack's own specification (slack-api-specs, defs_channel_id); none is longer yet.
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{8,20}")
# An id is written in capitals, and no name is: `general` is a name. An id that somebody retyped in
# small letters is known by its 0.
_RETYPED = re.compile(r"[cgd]0[a-z0-9]{7,19}")


def is_channel_id(text: str) -> bool:
    """Return True for the id of a channel or of a direct message."""
    return _CHANNEL_ID.fullmatch(text) is not None


def channel_id_in(text: str) -> str:
    """Return the id that somebody typed, perhaps in small letters; empty if it is none."""
    return text.upper() if is_channel_id(text) or _RETYPED.fullmatch(text) else ""
