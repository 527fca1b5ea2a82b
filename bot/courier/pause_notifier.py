"""Notifies people that a channel of theirs cannot be posted to. It posts nothing by itself."""

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

# Slack could not be asked, or was asked too often: it may answer the next time.
_PASSING = (Refusal.TOO_FAST, Refusal.NOT_SENT, Refusal.WORKSPACE)


class Pauses(Protocol):
    """What is needed of the Outbox. Every method raises StoreUnavailable."""

    async def untold_pauses(self, team_id: str, *, limit: int) -> tuple[Pause, ...]:
        """The pauses that nobody was notified of, the longest first."""

    async def order_pause_notes(
        self, project: Project, pause: Pause, told: Sequence[Place]
    ) -> None:
        """Enqueue one note for each of these direct messages; the pause counts as notified."""


class Rules(Protocol):
    """What is needed of the PlaceRulesBook."""

    async def adopt_language(self, place: Place, language: str) -> None:
        """Let a direct message have the language of its person. Raises StoreUnavailable."""


class PauseNotifier:
    """Once for each pause of a channel, by direct message to those whose subscriptions wait
    there."""

    def __init__(
        self, pauses: Pauses, conversations: Conversations, people: People, rules: Rules
    ) -> None:
        self._pauses = pauses
        self._conversations = conversations
        self._people = people
        self._rules = rules

    async def tell_due(self, project: Project) -> float:
        """Enqueue the notes that are missing; the seconds until it is worth asking again.

        Who cannot be written to is left out; while Slack cannot be asked, the pause waits.
        """
        try:
            for pause in await self._pauses.untold_pauses(project.team_id, limit=_AT_ONCE):
                await self._tell(project, pause)
        except StoreUnavailable as error:
            _log.warning("outbox_unreachable", error=str(error))
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
