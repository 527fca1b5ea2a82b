"""The port to the database for snoozes and the holds of quiet hours and digests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.core.hold import Hold, HoldScope
from bot.core.subscription import Place


class Snoozes(Protocol):
    """Holds that people ask for. A hold keeps back messages; cards are edited all the same.

    Every method is one transaction and raises StoreUnavailable; with a `request_key` that was used
    before it changes nothing and raises RequestRepeated.
    """

    async def snooze(
        self, scope: HoldScope, *, until: datetime, by: str, request_key: str = ""
    ) -> None:
        """Hold the messages of this scope until then, in place of any earlier snooze of it."""

    async def wake(self, scope: HoldScope, *, request_key: str = "") -> Sequence[Hold]:
        """End the snoozes of this scope, and of single jobs within it; return those that it
        ended."""

    async def holds_of(self, team_id: str, *, place: Place | None = None) -> Sequence[Hold]:
        """Return the holds of snoozes and of places' rules that are in force, in a workspace or
        in one place of it; holds of whole places come first."""
