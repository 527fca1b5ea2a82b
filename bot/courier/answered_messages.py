"""Edit posted messages that a person has answered, by a button or in words, to show the answer."""

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
    """The part of the outbox that finds posted messages."""

    async def find_posted(self, project: Project, message: MessageRef) -> Delivery | None:
        """Return the notice that was posted as this message; None for a card, and for a message
        that is not recorded as sent."""

    async def find_reminders(self, project: Project, job_id: JobId) -> tuple[Posted, ...]:
        """Return the last guard notice of a job in each place, if its run or wait goes on."""

    async def find_end(self, project: Project, place: Place, job_id: JobId) -> tuple[Posted, ...]:
        """Return the last message in a place about a change of a job, if that change ended it."""


class MessageEditor(Protocol):
    """The part of Slack that edits answered messages."""

    async def amend(self, delivery: Delivery, message: MessageRef, outcome: Outcome) -> None:
        """Edit a message to show the outcome of its answer. Raises MessengerError."""


class AnsweredMessages:
    """The editor of the pressed message and of those that ask the same. The person who answered
    also gets a reply, so that nothing is lost if an edit fails."""

    def __init__(self, posted: PostedMessages, slack: MessageEditor) -> None:
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
        """Show an answer that a person gave in a place, about a job or, if None, about the place.
        `pressed_ts` is the pressed message; it is empty for an answer in words. True if that
        message is such a notice, edited or not, or if the database does not answer. Raises nothing
        for failures of the database or Slack."""
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
        """Return the messages that ask what the person has answered."""
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
