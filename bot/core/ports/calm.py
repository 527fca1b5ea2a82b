"""The door to the database: what people want to hear nothing of for a while."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.core.hold import Hold, HoldScope
from bot.core.subscription import Place


class Calm(Protocol):
    """Snoozes, and what else people asked to be held. Only messages are held.

    Every method is one transaction and raises StoreUnavailable; with a `request_key` that was seen
    before it changes nothing and raises RequestRepeated.
    """

    async def snooze(
        self, scope: HoldScope, *, until: datetime, by: str, request_key: str = ""
    ) -> None:
        """Hold what goes there until then, whatever was said before."""

    async def wake(self, scope: HoldScope, *, request_key: str = "") -> Sequence[Hold]:
        """End the snoozes of this scope, with those of single jobs in it; which there were."""

    async def calm_of(self, team_id: str, *, place: Place | None = None) -> Sequence[Hold]:
        """What people and the rules of places hold now, in a workspace or in one place of it; what
        holds a whole place first."""
