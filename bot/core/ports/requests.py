"""The port to the database for requests: Slack repeats them, and each is answered once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LostAnswer:
    """An answer that may have been posted: the process that posted it is gone."""

    user_id: str
    #: The sentence that was typed or clicked.
    sentence: str


class Requests(Protocol):
    """Requests that some replica is answering. Every method is one transaction and raises
    StoreUnavailable."""

    async def begin(self, team_id: str, key: str, *, user_id: str, sentence: str) -> None:
        """Record that the answer is about to be posted. Raises RequestRepeated if a replica
        began it before."""

    async def claim(self, team_id: str, key: str) -> None:
        """Record the same for an answer whose loss does no harm: it needs no `finish`, and
        `give_up` never returns it."""

    async def finish(self, team_id: str, key: str) -> None:
        """Record that the answer was posted, or that the person knows that it failed."""

    async def give_up(self, team_id: str, *, after: timedelta) -> tuple[LostAnswer, ...]:
        """Return the answers that began so long ago and are not finished, each of them once."""
