"""The length of a lease, and whether a call still fits into it. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTiming:
    """How long a lease lasts, how late Slack may show a post (`settle`), how long a call may
    take."""

    lease: timedelta
    settle: timedelta
    timeout: timedelta

    def has_time_to_call(self, elapsed: float) -> bool:
        """Return whether a call that begins now ends with more than a third of the lease left.
        `elapsed` is the seconds since the claim was requested."""
        end = timedelta(seconds=elapsed) + self.timeout + self.lease / 3
        return end < self.lease
