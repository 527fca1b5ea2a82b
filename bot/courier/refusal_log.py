"""Log the posts that Slack did not take: each error code once, until Slack takes a post."""

from collections import defaultdict
from collections.abc import Hashable

import structlog

from bot.core.delivery import Delivery, Greeting
from bot.core.errors import MessageRejected, MessengerUnavailable, Refusal

_log = structlog.get_logger(__name__)

# Refusals of one message that say nothing about other messages, so each of them is logged.
_OF_ONE = frozenset({Refusal.CONTENT, Refusal.MESSAGE_GONE})


class RefusalLog:
    """The log lines of one courier about refused and unsure posts."""

    def __init__(self) -> None:
        #: The codes that were logged, by the workspace or the place that they concern.
        self._told: defaultdict[Hashable, set[str]] = defaultdict(set)

    def refused(self, delivery: Delivery, error: MessageRejected) -> None:
        """Log that Slack refused a delivery, which surely was not posted."""
        place = delivery.place
        about = place if error.refusal is Refusal.PLACE else place.team_id
        if self._is_new(about, error.code) or error.refusal in _OF_ONE:
            log = _log.info if isinstance(delivery, Greeting) else _log.warning
            log("delivery_refused", delivery=delivery.id, error=str(error), code=error.code)

    def unsure(self, delivery: Delivery, error: MessengerUnavailable) -> None:
        """Log that Slack gave no clear answer to a delivery, which may have been posted."""
        if self._is_new(delivery.place.team_id, f"unsure {error.code}"):
            _log.warning("delivery_unsure", delivery=delivery.id, error=str(error), code=error.code)

    def taken(self, delivery: Delivery) -> None:
        """Log the next refusal again, because Slack took this delivery."""
        self._told.pop(delivery.place.team_id, None)
        self._told.pop(delivery.place, None)

    def _is_new(self, about: Hashable, what: str) -> bool:
        is_new = what not in self._told[about]
        self._told[about].add(what)
        return is_new
