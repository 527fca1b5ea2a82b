"""Notices at the first refused delivery that Slack does not accept us any more."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.core.card_edit import CardEdit
from bot.core.delivery import Delivery, MessageRef
from bot.core.errors import MessageRejected, Refusal, StoreUnavailable
from bot.core.ports.slack import Messenger
from bot.core.ports.store import Workspaces
from bot.core.subscription import Place
from bot.slack.outgoing.refusals import REMOVALS

_log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")


class RemovalAlarm:
    """A Messenger around another. It changes no answer, and decides nothing about deliveries.

    What is refused because the app was removed freezes the workspace, as the event does; for all
    that Slack does not accept us for, it is asked at once whether our token is good. Only the
    first refusal in a row: where Slack then says yes and goes on refusing, the pauses of those who
    deliver hold.
    """

    def __init__(
        self,
        messenger: Messenger,
        workspaces: Workspaces,
        *,
        recheck: Callable[[], None],
    ) -> None:
        """`recheck` begins to ask Slack whether our token is good, and does not wait."""
        self._messenger = messenger
        self._workspaces = workspaces
        self._recheck = recheck
        self._alarmed: set[str] = set()

    async def post(self, delivery: Delivery) -> MessageRef:
        """As the port says."""
        return await self._listen(delivery.place.team_id, self._messenger.post(delivery))

    async def edit(self, edit: CardEdit) -> None:
        """As the port says."""
        await self._listen(edit.place.team_id, self._messenger.edit(edit))

    async def correct(self, delivery: Delivery, message: MessageRef) -> None:
        """As the port says."""
        await self._listen(delivery.place.team_id, self._messenger.correct(delivery, message))

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """As the port says."""
        return await self._listen(delivery.place.team_id, self._messenger.find(delivery))

    async def delete(self, place: Place, message: MessageRef) -> None:
        """As the port says."""
        await self._listen(place.team_id, self._messenger.delete(place, message))

    async def _listen(self, team_id: str, call: Awaitable[Answer]) -> Answer:
        try:
            answer = await call
        except MessageRejected as error:
            if error.refusal is Refusal.WORKSPACE and team_id not in self._alarmed:
                self._alarmed.add(team_id)
                await self._alarm(team_id, error.code)
            raise
        self._alarmed.discard(team_id)
        return answer

    async def _alarm(self, team_id: str, code: str) -> None:
        _log.error("workspace_refuses_us", team=team_id, code=code)
        try:
            if code in REMOVALS:
                await self._workspaces.freeze(team_id, reason=code, is_removed=False)
        except StoreUnavailable as error:
            _log.warning("freeze_postponed", error=str(error))
            self._alarmed.discard(team_id)
        self._recheck()
