"""Posted messages that were answered, by a button or in words: each says so from then on."""

from typing import Protocol

import structlog

from bot.core.delivery import Delivery, MessageRef, Posted
from bot.core.errors import MessengerError, StoreUnavailable
from bot.core.job import JobId
from bot.core.outcome import Followed, Outcome
from bot.core.project import Project
from bot.core.subscription import Place

_log = structlog.get_logger(__name__)


class PostedMessages(Protocol):
    """The part of the outbox that knows them."""

    async def find_posted(self, project: Project, message: MessageRef) -> Delivery | None:
        """The notice that a message is; None for a card, and for what is not surely sent."""

    async def find_reminders(self, project: Project, job_id: JobId) -> tuple[Posted, ...]:
        """The last reminder of a job in each place, where what it tells of goes on."""

    async def find_end(self, project: Project, place: Place, job_id: JobId) -> tuple[Posted, ...]:
        """The last message of a place on a change of a job, if that is its end."""


class Amending(Protocol):
    """The part of Slack that changes them."""

    async def amend(self, delivery: Delivery, message: MessageRef, outcome: Outcome) -> None:
        """Let a message say what it was answered. Raises MessengerError."""


class PressedMessages:
    """Edits the message that was pressed, and those that ask the same. Whoever answered is told
    besides, so that nothing is lost where one cannot be edited."""

    def __init__(self, posted: PostedMessages, slack: Amending) -> None:
        self._posted = posted
        self._slack = slack

    async def amend(
        self,
        place: Place,
        project: Project,
        job_id: JobId | None,
        outcome: Outcome,
        *,
        pressed_ts: str,
    ) -> bool:
        """Show an answer that was given in a place, about a job or, without one, about the place:
        by a press on the message `pressed_ts`, or in words where that is empty. True if that
        message is ours to keep, whether Slack took the edit or not. Raises nothing for what the
        database or Slack does."""
        pressed = MessageRef(channel_id=place.channel_id, ts=pressed_ts)
        try:
            delivery = await self._posted.find_posted(project, pressed) if pressed_ts else None
            is_ours = delivery is not None and (job_id is None or job_id in _jobs_of(delivery))
            others = await self._others(place, project, job_id, outcome)
        except StoreUnavailable as error:
            _log.warning("press_not_shown", channel=place.channel_id, error=str(error))
            return True
        if delivery is not None and is_ours:
            await self._amend(delivery, pressed, outcome)
        for other, message in others:
            if message != pressed:
                await self._amend(other, message, outcome)
        return is_ours

    async def _others(
        self, place: Place, project: Project, job_id: JobId | None, outcome: Outcome
    ) -> tuple[Posted, ...]:
        """The messages that ask what was answered."""
        if job_id is None:
            return ()
        if isinstance(outcome, Followed):
            return await self._posted.find_end(project, place, job_id)
        return await self._posted.find_reminders(project, job_id)

    async def _amend(self, delivery: Delivery, message: MessageRef, outcome: Outcome) -> None:
        try:
            await self._slack.amend(delivery, message, outcome)
        except MessengerError as error:
            _log.warning("press_not_shown", channel=message.channel_id, error=str(error))


def _jobs_of(delivery: Delivery) -> set[JobId]:
    return {delivery.job_id, *(change.job.id for change in delivery.changes)}
