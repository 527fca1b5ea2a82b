"""Tell people of stops and restarts whose caller died before the cloud answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.core.acting import TERMINAL, ActionResult
from bot.core.cards.acting.action_results import action_result_card
from bot.core.errors import StoreUnavailable
from bot.core.project import Project
from bot.slack.blocks import render
from bot.slack.contact import Contact
from bot.slack.incoming.languages import Languages

_log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 10.0


class Abandoned(Protocol):
    """The part of the Performer that this module needs."""

    async def conclude_abandoned(self, project: Project) -> Sequence[ActionResult]:
        """Find out the outcome of calls whose caller is gone. Raises StoreUnavailable."""


@dataclass(frozen=True, slots=True)
class LostActions:
    """Reports of abandoned actions. None is repeated: the asker sees the job, and may retry."""

    abandoned: Abandoned
    contact: Contact
    languages: Languages

    async def tell_due(self, project: Project) -> float:
        """Report each abandoned action once; return the seconds until the next look."""
        try:
            results = await self.abandoned.conclude_abandoned(project)
        except StoreUnavailable:
            return _PAUSE_SECONDS
        for result in results:
            who = result.attempt.who
            _log.warning("action_abandoned", who=who, job=result.attempt.job_id)
            if not who.startswith(TERMINAL):
                card = action_result_card(result, None)
                language = await self.languages.of(project.team_id, who)
                await self.contact.tell(project.team_id, who, render(card, language))
        return _PAUSE_SECONDS
