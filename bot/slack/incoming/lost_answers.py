"""Tells people of public answers that may not have been posted: whoever posted them is gone."""

from datetime import timedelta

import structlog

from bot.core.cards.problem import lost_answer_card
from bot.core.errors import StoreUnavailable
from bot.core.ports.requests import Requests
from bot.core.project import Project
from bot.slack.blocks import render
from bot.slack.contact import Contact
from bot.slack.incoming.languages import Languages

_log = structlog.get_logger(__name__)

# A post takes some seconds at the most; then its request is finished, or nobody is left to do it.
_GIVEN_UP_AFTER = timedelta(minutes=2)
_PAUSE_SECONDS = 30.0


class LostAnswers:
    """Nothing is posted again: it could be there. The person who asked hears so and can look."""

    def __init__(self, requests: Requests, contact: Contact, languages: Languages) -> None:
        self._requests = requests
        self._contact = contact
        self._languages = languages

    async def tell_due(self, project: Project) -> float:
        """Tell of each once; the seconds until the next look."""
        try:
            lost = await self._requests.give_up(project.team_id, after=_GIVEN_UP_AFTER)
        except StoreUnavailable:
            return _PAUSE_SECONDS
        for one in lost:
            _log.warning("answer_unconfirmed", user=one.user_id)
            card = lost_answer_card(one.sentence)
            language = await self._languages.of(project.team_id, one.user_id)
            await self._contact.tell(project.team_id, one.user_id, render(card, language))
        return _PAUSE_SECONDS
