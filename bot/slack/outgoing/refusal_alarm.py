"""Pause the workspace at the first refused delivery that shows that Slack rejects our token."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.core.card_edit import CardEdit
from bot.core.delivery import Delivery, MessageRef
from bot.core.errors import MessageRejected, Refusal, StoreUnavailable
from bot.core.ports.slack import Messenger
from bot.core.ports.store import Workspaces
from bot.core.subscription import Place

_log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")


class RefusalAlarm:
    """A Messenger around another. It changes no answer, and decides nothing about deliveries.

    If Slack refuses us in a whole workspace, the alarm pauses that workspace and starts a check of
    our token, but only at the first refusal in a row. If Slack accepts the token and still refuses
    deliveries, the pauses that the courier makes by itself are enough.
    """

    def __init__(
        self,
        messenger: Messenger,
        workspaces: Workspaces,
        *,
        recheck: Callable[[], None],
    ) -> None:
        """`recheck` starts a check of our token with Slack, and does not wait for its result."""
        self._messenger = messenger
        self._workspaces = workspaces
        self._recheck = recheck
        self._alarmed: set[str] = set()

    async def post(self, delivery: Delivery) -> MessageRef:
        """Post a delivery as the port says."""
        return await self._listen(delivery.place.team_id, self._messenger.post(delivery))

    async def edit(self, edit: CardEdit) -> None:
        """Edit a card as the port says."""
        await self._listen(edit.place.team_id, self._messenger.edit(edit))

    async def correct(self, delivery: Delivery, message: MessageRef) -> None:
        """Correct a message as the port says."""
        await self._listen(delivery.place.team_id, self._messenger.correct(delivery, message))

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """Find the copies of a delivery as the port says."""
        return await self._listen(delivery.place.team_id, self._messenger.find(delivery))

    async def delete(self, place: Place, message: MessageRef) -> None:
        """Delete a message as the port says."""
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
            await self._workspaces.pause(team_id, reason=code)
        except StoreUnavailable as error:
            _log.warning("pause_postponed", error=str(error))
            self._alarmed.discard(team_id)
        self._recheck()
