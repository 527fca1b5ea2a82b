"""The clocks: the one place that reads them. Everybody else is given one."""

import time
from datetime import UTC, datetime

from bot.core.ports import Monotonic


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


#: Seconds that only go forward.
monotonic: Monotonic = time.monotonic
