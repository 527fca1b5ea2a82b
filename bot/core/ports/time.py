"""The door to time: what is injected instead of reading a clock."""

from collections.abc import Callable
from datetime import datetime

#: Aware UTC now. Read once per request or tick.
Clock = Callable[[], datetime]


#: Seconds that only go forward; for deadlines and ages, never shown.
Monotonic = Callable[[], float]
