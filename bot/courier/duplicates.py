"""Choose which copy of a message to keep, and delete the others."""

from collections.abc import Iterable, Sequence

import structlog

from bot.core.delivery import MessageRef
from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.ports.slack import Messenger
from bot.core.subscription import Place

_log = structlog.get_logger(__name__)


def oldest(copies: Sequence[MessageRef]) -> MessageRef:
    """Return the oldest copy, which is the one to keep: every worker chooses the same."""
    return min(copies, key=lambda copy: float(copy.ts))


async def delete_copies(messenger: Messenger, place: Place, copies: Iterable[MessageRef]) -> bool:
    """Delete these copies; True if none is left. The next rescan finds one that is left."""
    is_clean = True
    for copy in copies:
        try:
            await messenger.delete(place, copy)
        except MessengerError as error:
            is_gone = isinstance(error, MessageRejected) and error.refusal is Refusal.MESSAGE_GONE
            is_clean = is_clean and is_gone
            _log.warning("copy_not_deleted", channel=copy.channel_id, ts=copy.ts, code=error.code)
        else:
            _log.warning("copy_deleted", channel=copy.channel_id, ts=copy.ts)
    return is_clean
