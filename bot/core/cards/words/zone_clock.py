"""A moment beside its clock time in a named zone, for people who typed a time in that zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.cards.card import Moment
from bot.core.text import Text, say


def zone_clock(at: datetime, zone: ZoneInfo) -> str:
    """Return a clock time with its zone: `18:00 Asia/Shanghai`."""
    return f"{at.astimezone(zone):%H:%M} {zone.key}"


def beside_clock(when: Moment, clock: str) -> Text:
    """Return a moment with such a clock time in brackets behind it."""
    return say("{when} ({clock})", when=when, clock=clock)
