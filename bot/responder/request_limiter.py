"""The limit of sentences per person, and the claim of public answers, before the Responder."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Protocol

import structlog

from bot.core.cards.bot.problem import problem_card
from bot.core.cards.card import Card, Choice
from bot.core.cards.reply import Audience, Reply
from bot.core.commands.request import Request
from bot.core.errors import BotError, RequestRepeated, StoreUnavailable, TooMany
from bot.core.ports.requests import Requests
from bot.core.ports.time import Monotonic
from bot.core.text import say
from bot.responder.fair_share import FairShare

_log = structlog.get_logger(__name__)

SENTENCES_PER_MINUTE = 60
# One reply for everybody, made once, so that a refusal costs nothing.
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
    """The methods of the Responder that RequestLimiter calls."""

    async def respond(self, request: Request) -> Reply:
        """Answer a sentence. Raises only for bugs."""

    def suggest(self, team_id: str, typed: str) -> tuple[Choice, ...]:
        """Return choices for a search box, from memory."""

    async def home(self, team_id: str, user_id: str, page: int) -> Sequence[Sequence[Card]]:
        """Return the sections of a person's Home."""

    def glance(self, team_id: str) -> Hashable:
        """Return a value that changes when what every Home shows of the project does."""


class RequestLimiter:
    """Answers as the Responder does, within limits.

    A public answer is first claimed in the database by the key of its request: another replica, a
    retry of Slack's or a replay finds the claim and posts nothing.
    """

    def __init__(
        self,
        responder: Answers,
        requests: Requests,
        *,
        monotonic: Monotonic,
        note_asked: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`note_asked` is called with the workspace of each request."""
        self._responder = responder
        self._note_asked = note_asked
        self._requests = requests
        self._sentences = FairShare(per_minute=SENTENCES_PER_MINUTE, monotonic=monotonic)
        self._warnings = FairShare(per_minute=1, monotonic=monotonic)

    async def respond(self, request: Request) -> Reply:
        """Answer a sentence. Raises only for bugs."""
        person = (request.team_id, request.user_id)
        self._note_asked(request.team_id)
        if not self._sentences.take(person):
            # Commands, mentions and clicks each have their own warning, so that a warning to one of
            # them does not use up that of another.
            way = (request.is_mention, bool(request.clicked_ts))
            return replace(_TOO_FAST, is_idle=not self._warnings.take((*person, way)))
        reply = await self._responder.respond(request)
        if reply.audience is not Audience.CHANNEL or not request.key:
            return reply
        return await self._begun(request, reply)

    async def posted(self, request: Request) -> None:
        """Record that a public answer was posted, or that the asker knows that it was not. A
        database failure is only logged."""
        try:
            await self._requests.finish(request.team_id, request.key)
        except StoreUnavailable as error:
            _log.warning("answer_not_finished", user=request.user_id, error=str(error))

    def suggest(self, team_id: str, typed: str) -> tuple[Choice, ...]:
        """Return choices for a search box, from memory."""
        self._note_asked(team_id)
        return self._responder.suggest(team_id, typed)

    async def home(self, team_id: str, user_id: str, page: int) -> Sequence[Sequence[Card]]:
        """Return the sections of a person's Home; none if the person is over the limit: Home then
        stays as it is."""
        self._note_asked(team_id)
        if not self._sentences.take((team_id, user_id)):
            return ()
        return await self._responder.home(team_id, user_id, page)

    def glance(self, team_id: str) -> Hashable:
        """Return a value that changes when what every Home shows of the project does."""
        return self._responder.glance(team_id)

    async def _begun(self, request: Request, reply: Reply) -> Reply:
        try:
            await self._requests.begin(
                request.team_id,
                request.key,
                user_id=request.user_id,
                sentence=request.text_to_keep,
            )
        except RequestRepeated as error:
            return _refused(error, is_idle=True)
        except StoreUnavailable as error:
            _log.warning("answer_not_begun", user=request.user_id, error=str(error))
            return _refused(
                BotError(
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
