"""Messages with charts and tables: sent once more in older blocks where Slack refuses these, and at
once so for a day."""

from collections.abc import Awaitable, Callable

import structlog

from bot.core.errors import MessageRejected, StoreUnavailable
from bot.core.ports.workspace_memory import WorkspaceMemory
from bot.slack.newer_blocks import in_older_blocks
from bot.slack.text_objects import Json

_log = structlog.get_logger(__name__)

#: Slack's code for blocks that it does not know.
REFUSED = "invalid_blocks"


class ChartRefusal:
    """Remembers which workspaces refuse them: Slack gives them to one after the other. Without a
    database each message tries anew."""

    def __init__(self, memory: WorkspaceMemory | None) -> None:
        self._memory = memory

    async def send(
        self, team_id: str, message: Json, send: Callable[[Json], Awaitable[object]]
    ) -> None:
        """Send a message, and if Slack refuses its newer blocks, once more without them. Raises
        what `send` raises."""
        older = in_older_blocks(message)
        if older is message or await self._is_known(team_id):
            await send(older)
            return
        try:
            await send(message)
        except MessageRejected as error:
            if error.code != REFUSED:
                raise
            await send(older)
            # Only now it is sure that the newer blocks were what Slack did not take.
            _log.info("charts_refused", team=team_id, code=error.code)
            await self._remember(team_id)

    async def _is_known(self, team_id: str) -> bool:
        if self._memory is None:
            return False
        try:
            return await self._memory.are_charts_refused(team_id)
        except StoreUnavailable:
            return False

    async def _remember(self, team_id: str) -> None:
        if self._memory is None:
            return
        try:
            await self._memory.refuse_charts(team_id)
        except StoreUnavailable as error:
            _log.warning("charts_refusal_not_kept", team=team_id, error=str(error))
