"""Messages with charts: sent once more without them where Slack refuses these, for a day."""

from collections.abc import Awaitable, Callable

import structlog

from bot.core.errors import MessageRejected
from bot.core.ports.time import Monotonic
from bot.slack.blocks import Json
from bot.slack.charts import without_charts

_log = structlog.get_logger(__name__)

_A_DAY_SECONDS = 86_400.0
#: Slack's code for blocks that it does not know.
REFUSED = "invalid_blocks"


class ChartRefusal:
    """Remembers that a workspace refuses charts: Slack gives them to one after the other."""

    def __init__(self, *, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._refused_at: float | None = None

    @property
    def is_known(self) -> bool:
        """True for a day after a refusal."""
        return (
            self._refused_at is not None and self._monotonic() - self._refused_at < _A_DAY_SECONDS
        )

    async def send(self, message: Json, send: Callable[[Json], Awaitable[object]]) -> None:
        """Send a message, and if Slack refuses its charts, once more without them. Raises what
        `send` raises."""
        plain = without_charts(message)
        if self.is_known:
            message = plain
        try:
            await send(message)
        except MessageRejected as error:
            if error.code != REFUSED or message is plain:
                raise
            await send(plain)
            # Only now it is sure that the charts were what Slack did not take.
            self._refused_at = self._monotonic()
            _log.info("charts_refused", code=error.code)
