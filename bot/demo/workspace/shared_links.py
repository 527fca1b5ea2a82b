"""The links of one message, as the bot was told of them. No behaviour."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLinks:
    """Links of a message, or of a text that somebody still writes: that has no `ts`."""

    channel: str
    ts: str
    source: str
    urls: tuple[str, ...]
