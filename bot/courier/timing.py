"""How long a claim holds, and whether there is time left in it. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long a claim holds, how late Slack may still show a post, how long one call may take."""

    lease: timedelta
    settle: timedelta
    timeout: timedelta

    def has_time_to_call(self, elapsed: float) -> bool:
        """True if a post begun now ends a third of the lease before the lease does; `elapsed` is
        in seconds since the claim was asked for."""
        end = timedelta(seconds=elapsed) + self.timeout + self.lease / 3
        return end < self.lease
