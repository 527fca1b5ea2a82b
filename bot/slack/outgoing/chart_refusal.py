"""Send messages with charts and tables. If Slack refuses these blocks, send older ones, and for a
day only older ones; if Slack refuses the older ones, too, send the text alone."""

from collections.abc import Awaitable, Callable

import structlog

from bot.core.errors import MessageRejected, StoreUnavailable
from bot.core.ports.workspace_memory import WorkspaceMemory
from bot.slack.newer_blocks import in_older_blocks
from bot.slack.outgoing.text_alone import BLOCKS_REFUSED, text_alone
from bot.slack.text_objects import Json

_log = structlog.get_logger(__name__)


class ChartRefusal:
    """A sender that remembers which workspaces refuse newer blocks: Slack enables them for one
    workspace after the other. Without a database each message tries them again."""

    def __init__(self, memory: WorkspaceMemory | None) -> None:
        self._memory = memory

    async def send(
        self, team_id: str, message: Json, send: Callable[[Json], Awaitable[object]]
    ) -> None:
        """Send a message. If Slack refuses its newer blocks, send it in older blocks; if Slack
        refuses these, too, send its text alone. Raises what `send` raises."""
        older = in_older_blocks(message)
        if older is message or await self._is_known(team_id):
            await _send_readable(older, send)
            return
        try:
            await send(message)
        except MessageRejected as error:
            if error.code not in BLOCKS_REFUSED:
                raise
            if await _send_readable(older, send):
                # Slack took the older blocks, so the newer blocks were what it refused.
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


async def _send_readable(message: Json, send: Callable[[Json], Awaitable[object]]) -> bool:
    """Send a message, or its text alone if Slack refuses its blocks; True if Slack took them."""
    try:
        await send(message)
    except MessageRejected as error:
        await send(text_alone(message, error))
        return False
    return True
