"""Posted messages whose buttons were pressed: each says from then on what was done."""

from typing import Protocol

import structlog

from bot.core.delivery import Delivery, MessageRef
from bot.core.errors import MessengerError, StoreUnavailable
from bot.core.job import JobId
from bot.core.outcome import Outcome
from bot.core.project import Project

_log = structlog.get_logger(__name__)


class PostedMessages(Protocol):
    """The part of the outbox that knows them."""

    async def find_posted(self, project: Project, message: MessageRef) -> Delivery | None:
        """The notice that a message is; None for a card, and for what is not surely sent."""


class Amending(Protocol):
    """The part of Slack that changes them."""

    async def amend(self, delivery: Delivery, message: MessageRef, outcome: Outcome) -> None:
        """Let a message say what became of a press on it. Raises MessengerError."""


class PressedMessages:
    """Edits the message that was pressed. Whoever pressed it is answered besides, so that nothing
    is lost where it cannot be edited."""

    def __init__(self, posted: PostedMessages, slack: Amending) -> None:
        self._posted = posted
        self._slack = slack

    async def amend(
        self, project: Project, message: MessageRef, job_id: JobId | None, outcome: Outcome
    ) -> bool:
        """True for a message that is ours to keep, whether Slack took the edit or not; None for
        what is about no job. Raises nothing for what the database or Slack does."""
        try:
            delivery = await self._posted.find_posted(project, message)
            if delivery is None or (job_id is not None and job_id not in _jobs_of(delivery)):
                return False
            await self._slack.amend(delivery, message, outcome)
        except (StoreUnavailable, MessengerError) as error:
            _log.warning("press_not_shown", channel=message.channel_id, error=str(error))
        return True


def _jobs_of(delivery: Delivery) -> set[JobId]:
    return {delivery.job_id, *(change.job.id for change in delivery.changes)}
