"""Which job a thread is about: that of the message it hangs under."""

from typing import Protocol

from bot.core.commands.request import Request
from bot.core.delivery import MessageRef
from bot.core.job import JobId
from bot.core.ports.slack import Threads
from bot.core.project import Project


class FollowedCards(Protocol):
    """The part of the Outbox that this room needs."""

    async def job_of_card(self, project: Project, card: MessageRef) -> JobId | None:
        """The job of a card that is kept true."""


class ThreadJobs:
    """Asks the database for followed cards, and Slack for any other message."""

    def __init__(self, cards: FollowedCards, threads: Threads) -> None:
        self._cards = cards
        self._threads = threads

    async def job_of(self, project: Project, request: Request) -> JobId | None:
        """The job of the thread in which something was said; None if it is about none. Raises
        StoreUnavailable."""
        if not request.thread_ts:
            return None
        message = MessageRef(channel_id=request.channel_id, ts=request.thread_ts)
        followed = await self._cards.job_of_card(project, message)
        return followed if followed is not None else await self._threads.job_of(project, message)
