"""The links of one message, as sent to the bot. No behaviour."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLinks:
    """The links of a message, or of a text in the composer, which has no `ts`."""

    channel: str
    ts: str
    source: str
    urls: tuple[str, ...]
