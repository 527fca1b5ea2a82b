"""Post one answer to each event, however often and to whichever replica Slack sends the event."""

import asyncio

import structlog

from bot.core.cards.reply import Audience, Reply
from bot.core.commands.request import Request
from bot.core.errors import RequestRepeated, StoreUnavailable
from bot.core.ports.requests import Requests
from bot.slack.blocks import Json
from bot.slack.incoming.bodies import is_public
from bot.slack.incoming.seen_events import SeenEvents

_log = structlog.get_logger(__name__)

# By then, the replica that acts on the request has answered it, or is gone.
PATIENCE_SECONDS = 5.0


class AnswerClaims:
    """Claims of answers in the database, right before they are posted: of several replicas that
    have an answer, one posts it. Without the database each posts: two answers are better than none.
    """

    def __init__(self, requests: Requests, *, patience: float = PATIENCE_SECONDS) -> None:
        """`patience` is in seconds."""
        self._requests = requests
        self._patience = patience
        self._seen = SeenEvents()

    def is_repeated(self, body: Json) -> bool:
        """True if this process has seen the event before."""
        return self._seen.is_repeated(body)

    async def take(self, request: Request, reply: Reply | None) -> bool:
        """True if the answer to an event is ours to post; call `finish` after posting it."""
        if not request.key or is_public(reply):
            return True  # the RequestLimiter has already claimed an answer that everybody sees
        if reply is not None and reply.is_repeated:
            await asyncio.sleep(self._patience)
        try:
            await self._requests.begin(
                request.team_id,
                _answer_to(request.key),
                user_id=request.user_id,
                sentence=request.text_to_keep,
            )
        except RequestRepeated:
            return False
        except StoreUnavailable as error:
            _log.warning("answer_not_begun", user=request.user_id, error=str(error))
        return True

    async def finish(self, request: Request) -> None:
        """Record that the answer was posted, or that Slack refused it."""
        if not request.key:
            return
        try:
            await self._requests.finish(request.team_id, _answer_to(request.key))
        except StoreUnavailable as error:
            _log.warning("answer_not_finished", user=request.user_id, error=str(error))

    async def take_preview(self, team_id: str, key: str) -> bool:
        """True if the cards for an event's links are ours to post. Nobody asked for the cards, so
        nobody is told of lost ones."""
        if not key:
            return True
        try:
            await self._requests.claim(team_id, _answer_to(key))
        except RequestRepeated:
            return False
        except StoreUnavailable as error:
            _log.warning("answer_not_begun", error=str(error))
        return True


def is_silent(reply: Reply | None) -> bool:
    """True if nothing is to be posted, whichever replica has the event."""
    if reply is None:
        return False
    return reply.audience is Audience.NOBODY or (reply.is_idle and not reply.is_repeated)


def _answer_to(key: str) -> str:
    """Return the key that an answer claims; the action of the request claims the key itself."""
    return f"{key} answer"
