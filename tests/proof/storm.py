"""The faults of a Slack that fails in three of ten calls, half of the posts after they took
effect."""

import random

from bot.demo.workspace.faults import Fault

#: Slack's faults per hundred posts; the other posts succeed.
_POSTS = (
    (10, Fault(kind="rate_limited", retry_after=2)),
    (5, Fault(kind="http_error", status=503, applied="yes")),
    (3, Fault(kind="http_error", status=503)),
    (2, Fault(kind="error", error="fatal_error", applied="yes")),
    (3, Fault(kind="timeout", applied="yes")),
    (2, Fault(kind="reset", applied="yes")),
    (2, Fault(kind="reset", applied="late")),
    (2, Fault(kind="cut_json", applied="yes")),
    (1, Fault(kind="wrong_channel", applied="yes")),
)
_READS = (
    (5, Fault(kind="http_error", status=502)),
    (5, Fault(kind="rate_limited", retry_after=2)),
    (5, Fault(kind="html")),
    (15, Fault(kind="stale_history", seconds=20)),
)


class Storm:
    """A chooser of faults; the same seed chooses the same faults."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - weather, not a secret
        self.faults = 0

    def choose(self, method: str, _channel: object) -> Fault | None:
        """Return the fault of this call; None for none."""
        throw = self._dice.randrange(100)
        for share, fault in _POSTS if method == "chat.postMessage" else _READS:
            throw -= share
            if throw < 0:
                self.faults += 1
                return fault
        return None
