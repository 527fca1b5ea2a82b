"""In front of the Responder: one person's share of sentences, and public answers given once."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Protocol

import structlog

from bot.core.cards.card import Card, Choice
from bot.core.cards.problem import problem_card
from bot.core.cards.reply import Audience, Reply
from bot.core.commands.request import Request
from bot.core.errors import BotError, RequestRepeated, StoreUnavailable, TooMany
from bot.core.ports.requests import Requests
from bot.core.ports.time import Monotonic
from bot.core.text import say
from bot.responder.fair_share import FairShare

_log = structlog.get_logger(__name__)

SENTENCES_PER_MINUTE = 60
_LONGEST_KEPT = 200
# One card for all: its body is made once, and to say so costs nothing.
_TOO_FAST = Reply(
    card=problem_card(
        TooMany(
            say(
                "That is more than {most} requests of yours within a minute, and I answer no more "
                "than that to one person.",
                most=SENTENCES_PER_MINUTE,
            ),
            hint=say("Wait a few seconds, then ask again."),
        )
    ),
    is_problem=True,
)


class Answers(Protocol):
    """What the Responder does."""

    async def respond(self, request: Request) -> Reply:
        """Answer a sentence. Raises only for bugs."""

    def suggest(self, team_id: str, typed: str) -> tuple[Choice, ...]:
        """Choices for a search box, from memory."""

    async def overview(self, team_id: str, user_id: str, page: int) -> Sequence[Sequence[Card]]:
        """The sections of a person's Home."""

    def glance(self, team_id: str) -> Hashable:
        """What everybody's Home shows of the project."""


class Reception:
    """Answers what the Responder would, within bounds.

    An answer that everybody sees is claimed in the database first, by the name of its request:
    another replica, a retry of Slack's or a replay finds it claimed and posts nothing.
    """

    def __init__(self, responder: Answers, requests: Requests, *, monotonic: Monotonic) -> None:
        self._responder = responder
        self._requests = requests
        self._sentences = FairShare(per_minute=SENTENCES_PER_MINUTE, monotonic=monotonic)
        self._warnings = FairShare(per_minute=1, monotonic=monotonic)

    async def respond(self, request: Request) -> Reply:
        """Answer a sentence. Raises only for bugs."""
        person = (request.team_id, request.user_id)
        if not self._sentences.take(person):
            # Apart: a command hears it in its acknowledgement, and would use up what a mention
            # or a click has to hear.
            way = (request.is_mention, bool(request.clicked_ts))
            return replace(_TOO_FAST, is_idle=not self._warnings.take((*person, way)))
        reply = await self._responder.respond(request)
        if reply.audience is not Audience.CHANNEL or not request.key:
            return reply
        return await self._begun(request, reply)

    async def posted(self, request: Request) -> None:
        """The public answer of a request was posted, or its asker knows that it was not."""
        try:
            await self._requests.finish(request.team_id, request.key)
        except StoreUnavailable as error:
            _log.warning("answer_not_finished", user=request.user_id, error=str(error))

    def suggest(self, team_id: str, typed: str) -> tuple[Choice, ...]:
        """Choices for a search box, from memory."""
        return self._responder.suggest(team_id, typed)

    async def overview(self, team_id: str, user_id: str, page: int) -> Sequence[Sequence[Card]]:
        """The sections of a person's Home; none where it may stay as it is."""
        if not self._sentences.take((team_id, user_id)):
            return ()
        return await self._responder.overview(team_id, user_id, page)

    def glance(self, team_id: str) -> Hashable:
        """What everybody's Home shows of the project: equal as long as no job changes."""
        return self._responder.glance(team_id)

    async def _begun(self, request: Request, reply: Reply) -> Reply:
        sentence = request.text.replace("\0", "").encode(errors="replace").decode()
        try:
            await self._requests.begin(
                request.team_id,
                request.key,
                user_id=request.user_id,
                sentence=sentence[:_LONGEST_KEPT],
            )
        except RequestRepeated as error:
            return _refused(error, is_idle=True)
        except StoreUnavailable as error:
            _log.warning("answer_not_begun", user=request.user_id, error=str(error))
            return _refused(
                StoreUnavailable(
                    say(
                        "I cannot post this for everybody while my database is away: I could not "
                        "make sure that it is posted once."
                    ),
                    hint=say("Ask without `share` to see it yourself."),
                )
            )
        return reply


def _refused(error: BotError, *, is_idle: bool = False) -> Reply:
    return Reply(card=problem_card(error), is_problem=True, is_idle=is_idle)
