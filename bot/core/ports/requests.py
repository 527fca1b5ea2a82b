"""The door to the database, for requests whose answer everybody sees."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LostAnswer:
    """An answer that may have been posted, or not: whoever was posting it is gone."""

    user_id: str
    #: What was typed or clicked.
    sentence: str


class Requests(Protocol):
    """Which requests are being answered for everybody to see, each once, in whichever replica.

    Every method is one transaction and raises StoreUnavailable.
    """

    async def begin(self, team_id: str, key: str, *, user_id: str, sentence: str) -> None:
        """The answer will be posted now. Raises RequestRepeated if it was begun before."""

    async def finish(self, team_id: str, key: str) -> None:
        """It was posted, or its asker knows that it was not."""

    async def give_up(self, team_id: str, *, after: timedelta) -> tuple[LostAnswer, ...]:
        """Those that were begun so long ago and are not finished. Each is given out once."""
