"""Tell people of answers that may not have been posted, because the replica that posts is gone."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.core.cards.bot.problem import lost_answer_card
from bot.core.errors import StoreUnavailable
from bot.core.ports.requests import Requests
from bot.core.project import Project
from bot.slack.blocks import render
from bot.slack.contact import Contact
from bot.slack.incoming.languages import Languages

_log = structlog.get_logger(__name__)

# A post takes some seconds at most, so after this time nobody is left to finish the request.
_GIVEN_UP_AFTER = timedelta(minutes=2)
_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class LostAnswers:
    """Reports of lost answers. None is posted again: it may be there, and the asker can look."""

    requests: Requests
    contact: Contact
    languages: Languages

    async def tell_due(self, project: Project) -> float:
        """Report each lost answer once; return the seconds until the next look."""
        try:
            lost = await self.requests.give_up(project.team_id, after=_GIVEN_UP_AFTER)
        except StoreUnavailable:
            return _PAUSE_SECONDS
        for one in lost:
            _log.warning("answer_unconfirmed", user=one.user_id)
            card = lost_answer_card(one.sentence)
            language = await self.languages.of(project.team_id, one.user_id)
            await self.contact.tell(project.team_id, one.user_id, render(card, language))
        return _PAUSE_SECONDS
