"""Copies of one message: which one stays, and the end of the others."""

from collections.abc import Iterable, Sequence

import structlog

from bot.core.delivery import MessageRef
from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.ports.slack import Messenger
from bot.core.subscription import Place

_log = structlog.get_logger(__name__)


def oldest(copies: Sequence[MessageRef]) -> MessageRef:
    """The one that stays: whoever looks chooses the same."""
    return min(copies, key=lambda copy: float(copy.ts))


async def delete_copies(messenger: Messenger, place: Place, copies: Iterable[MessageRef]) -> bool:
    """True if none is left; what is left is found by the next rescan."""
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
