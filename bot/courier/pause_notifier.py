"""Enqueue the notes that tell people that Slack does not let us post to their channel."""

from collections.abc import Sequence
from typing import Protocol

import structlog

from bot.core.delivery_report import Pause
from bot.core.errors import MessageRejected, MessengerError, Refusal, StoreUnavailable
from bot.core.ports.slack import Conversations, People
from bot.core.project import Project
from bot.core.subscription import Place

_log = structlog.get_logger(__name__)

_AT_ONCE = 10
_TICK_SECONDS = 2.0

# Refusals that may be over at the next try.
_PASSING = (Refusal.TOO_FAST, Refusal.NOT_SENT, Refusal.WORKSPACE)


class UnannouncedPauses(Protocol):
    """The part of the Outbox that has the pauses. Every method raises StoreUnavailable."""

    async def unannounced_pauses(self, team_id: str, *, limit: int) -> tuple[Pause, ...]:
        """Return the pauses that nobody was notified of, the longest first."""

    async def order_pause_notes(
        self, project: Project, pause: Pause, told: Sequence[Place]
    ) -> None:
        """Enqueue one note for each of these direct messages, and mark the pause as notified."""


class PlaceLanguages(Protocol):
    """The part of the PlaceRulesBook that sets languages."""

    async def adopt_language(self, place: Place, language: str) -> None:
        """Set the language of a direct message to its person's. Raises StoreUnavailable."""


class PauseNotifier:
    """The worker that enqueues, once for each pause of a channel, a direct message to each person
    with a subscription there."""

    def __init__(
        self,
        pauses: UnannouncedPauses,
        conversations: Conversations,
        people: People,
        rules: PlaceLanguages,
    ) -> None:
        self._pauses = pauses
        self._conversations = conversations
        self._people = people
        self._rules = rules
        self._is_unreachable = False

    async def tell_due(self, project: Project) -> float:
        """Enqueue the notes that are missing; return the seconds until the next call is useful.

        A person whom Slack does not let us write to is left out. While Slack does not answer, the
        pause stays unnotified.
        """
        try:
            for pause in await self._pauses.unannounced_pauses(project.team_id, limit=_AT_ONCE):
                await self._tell(project, pause)
        except StoreUnavailable as error:
            if not self._is_unreachable:
                _log.warning("outbox_unreachable", error=str(error))
            self._is_unreachable = True
        else:
            self._is_unreachable = False
        return _TICK_SECONDS

    async def _tell(self, project: Project, pause: Pause) -> None:
        team_id = pause.place.team_id
        places: list[Place] = []
        for user_id in pause.people:
            try:
                channel_id = await self._conversations.direct(team_id, user_id)
            except MessengerError as error:
                if not isinstance(error, MessageRejected) or error.refusal in _PASSING:
                    return
                _log.warning("pause_not_told", user=user_id, code=error.code)
            else:
                place = Place(team_id=team_id, channel_id=channel_id)
                places.append(place)
                if language := await self._people.language(team_id, user_id):
                    await self._rules.adopt_language(place, language)
        await self._pauses.order_pause_notes(project, pause, tuple(places))
