"""A rate limit per person: a burst of so many, and as many per minute."""

from collections import OrderedDict
from collections.abc import Hashable

from bot.core.ports.time import Monotonic

_MINUTE = 60.0
# Each entry is one key and one number; a person whose entry is dropped gets a full share.
_MOST_REMEMBERED = 10_000


class FairShare:
    """A token bucket per person, stored as the time when it is full again. Full ones are
    dropped."""

    def __init__(self, *, per_minute: int, monotonic: Monotonic) -> None:
        self._step = _MINUTE / per_minute
        self._monotonic = monotonic
        #: Least recently used first.
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, person: Hashable) -> bool:
        """Take one token of this person; return False if none is left."""
        now = self._monotonic()
        full_at = max(self._full_at.pop(person, now), now)
        is_granted = full_at - now <= _MINUTE - self._step
        self._full_at[person] = full_at + self._step if is_granted else full_at
        self._forget_idle(now)
        return is_granted

    def _forget_idle(self, now: float) -> None:
        while self._full_at:
            person = next(iter(self._full_at))
            if self._full_at[person] > now and len(self._full_at) <= _MOST_REMEMBERED:
                return
            del self._full_at[person]
