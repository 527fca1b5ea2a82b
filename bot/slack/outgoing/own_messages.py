"""The job that a message of ours is about, by its metadata or else by its buttons' sentences."""

from collections.abc import Callable, Iterator

from bot.core.commands.command import AboutJob
from bot.core.commands.grammar import parse
from bot.core.commands.targets.job_reference import JobById, JobNumber
from bot.core.delivery import MessageRef
from bot.core.errors import BadCommand, MessengerError
from bot.core.job import JobId
from bot.core.project import Project
from bot.slack.blocks import Json
from bot.slack.contact import Identity
from bot.slack.outgoing.calls import SlackCalls
from bot.slack.outgoing.metadata import jobs_of

_DEEPEST = 8


class OwnMessages:
    """The Threads port. It needs the optional scopes for reading history."""

    def __init__(self, calls: SlackCalls, *, identity: Callable[[], Identity | None]) -> None:
        self._calls = calls
        self._identity = identity

    async def job_of(self, project: Project, message: MessageRef) -> JobId | None:
        """Return the one job of a message of ours; None if unreadable, not ours or about several.
        https://docs.slack.dev/reference/methods/conversations.replies"""
        identity = self._identity()
        if identity is None:
            return None
        try:
            answer = await self._calls.read(
                "conversations.replies",
                channel=message.channel_id,
                ts=message.ts,
                limit=1,
                include_all_metadata=True,
            )
        except MessengerError:
            return None
        messages = answer.data.get("messages")
        first = messages[0] if isinstance(messages, list) and messages else None
        # Any app can copy our metadata, so the author must be us.
        if not isinstance(first, dict) or not identity.bot_id:
            return None
        if first.get("bot_id") != identity.bot_id or first.get("ts") != message.ts:
            return None
        jobs = jobs_of(first.get("metadata"), project.project_id)
        jobs = jobs or set(_jobs_on(first.get("blocks"), _DEEPEST))
        return next(iter(jobs)) if len(jobs) == 1 else None


def _jobs_on(shown: object, deepest: int) -> Iterator[JobId]:
    """Yield the jobs that buttons name by their ids."""
    if not deepest:
        return
    if isinstance(shown, list):
        for each in shown:
            yield from _jobs_on(each, deepest - 1)
    elif isinstance(shown, dict):
        if shown.get("type") == "button":
            yield from _job_on(shown)
        for each in shown.values():
            yield from _jobs_on(each, deepest - 1)


def _job_on(button: Json) -> Iterator[JobId]:
    try:
        command = parse(str(button.get("value")))
    except BadCommand:
        return
    if isinstance(command, AboutJob) and isinstance(command.job, JobById | JobNumber):
        yield command.job.id
