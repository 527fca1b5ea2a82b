"""Finds the job of a thread: that of the thread's first message."""

from typing import Protocol

from bot.core.commands.request import Request
from bot.core.delivery import MessageRef
from bot.core.job import JobId
from bot.core.ports.slack import Threads
from bot.core.project import Project


class FollowedCards(Protocol):
    """The method of the Outbox that finds the job of a followed card."""

    async def job_of_card(self, project: Project, card: MessageRef) -> JobId | None:
        """Return the job of a followed card, which the bot keeps up to date; None for other
        messages."""


class ThreadJobs:
    """Asks the database about followed cards, and Slack about any other message."""

    def __init__(self, cards: FollowedCards, threads: Threads) -> None:
        self._cards = cards
        self._threads = threads

    async def job_of(self, project: Project, request: Request) -> JobId | None:
        """Return the job of the request's thread; None outside a thread, or if it is about none.
        Raises StoreUnavailable."""
        if not request.thread_ts:
            return None
        message = MessageRef(channel_id=request.channel_id, ts=request.thread_ts)
        followed = await self._cards.job_of_card(project, message)
        return followed if followed is not None else await self._threads.job_of(project, message)
