"""An in-memory fake of the table of handled requests."""

from datetime import timedelta

from bot.core.errors import RequestRepeated, StoreUnavailable
from bot.core.ports.requests import LostAnswer


class FakeRequests:
    """A Requests in a dictionary."""

    def __init__(self) -> None:
        self.begun: dict[str, str] = {}
        self.finished: list[str] = []
        self.error: StoreUnavailable | None = None

    async def begin(self, team_id: str, key: str, *, user_id: str, sentence: str) -> None:
        del team_id, user_id
        if self.error:
            raise self.error
        if key in self.begun:
            raise RequestRepeated("I have done this already.")
        self.begun[key] = sentence

    async def claim(self, team_id: str, key: str) -> None:
        await self.begin(team_id, key, user_id="", sentence="")

    async def finish(self, team_id: str, key: str) -> None:
        del team_id
        if self.error:
            raise self.error
        self.finished.append(key)

    async def give_up(self, team_id: str, *, after: timedelta) -> tuple[LostAnswer, ...]:
        del team_id, after
        return ()
