"""The port to time: clocks are injected, and nothing else reads one."""

from collections.abc import Callable
from datetime import datetime

#: The present, as an aware UTC datetime. Read it once per request or tick.
Clock = Callable[[], datetime]


#: Seconds that never go backwards, for deadlines and ages; never shown to people.
Monotonic = Callable[[], float]
