"""Answers `stop`, `restart` and `audit`: asks first, and acts for operators alone."""

from dataclasses import replace
from datetime import datetime

from bot.catalog import Catalog
from bot.core.acting import (
    ActionRecord,
    Asked,
    Attempt,
    Decision,
    Deed,
    JobAction,
    Standing,
    legal_action,
)
from bot.core.action_ids import ActionIds, IdVerdict
from bot.core.cards.act_button import act_button
from bot.core.cards.acting import (
    ONLY_OPERATORS_READ,
    ask_card,
    no_operator_card,
    not_allowed_words,
    only_operators,
)
from bot.core.cards.audit import audit_card
from bot.core.cards.card import Action, Card
from bot.core.cards.deeds import deed_card, deed_sentence
from bot.core.commands.act import Act
from bot.core.commands.audit import Audit
from bot.core.commands.job_reference import JobById, JobNumber
from bot.core.commands.request import Request
from bot.core.job import JobId, VisualizationJob
from bot.core.link import console_address
from bot.core.ports.actions import ActionLog
from bot.core.ports.slack import Operators
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.core.text import Words, say
from bot.responder.job_finder import JobFinder
from bot.responder.performing import Performer
from bot.responder.replies import Done

_EXPIRED = say("That button is more than a day old, so it does nothing any more.")
_FOREIGN = say("I did not make that id for this job, so it does nothing.")


class Acting:
    """Knows who may press, and what a press is worth; the Performer does the rest."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        finder: JobFinder,
        performer: Performer,
        log: ActionLog,
        operators: Operators,
        ids: ActionIds,
        link_hosts: tuple[str, ...],
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._finder = finder
        self._performer = performer
        self._log = log
        self._operators = operators
        self._ids = ids
        self._link_hosts = link_hosts
        self._clock = clock

    def offer(self, job: VisualizationJob, project: Project) -> Action | None:
        """The button for the card of a job; None where nothing is legal, or nobody may press."""
        if not self._operators.named:
            return None
        return act_button(job, self._ids, project, at=job.read_at)

    async def answer(self, command: Act, request: Request) -> Done:
        """Ask; or act, where the sentence has a one-use id. Raises BotError."""
        if not command.action_id:
            return Done(card=await self._ask(command, request))
        if isinstance(command.job, JobNumber | JobById):
            # The id was made for this number, whatever else has it as a name.
            return await self._press(command, command.job.id, request)
        found = await self._finder.find(command, request)
        if isinstance(found, Card):
            return Done(card=found)
        return await self._press(command, found.id, request)

    async def audit(self, command: Audit, request: Request) -> Card:
        """The last decisions, for operators. Raises StoreUnavailable."""
        standing = await self._operators.standing(request.team_id, request.user_id)
        if standing is not Standing.OPERATOR:
            words = not_allowed_words(ONLY_OPERATORS_READ, standing, self._operators.named)
            return no_operator_card(words)
        project = self._catalog.project(request.team_id)
        return audit_card(await self._log.last_decisions(project, limit=command.count))

    async def _ask(self, command: Act, request: Request, *, before: Words = "") -> Card:
        found = await self._finder.find(replace(command, action_id=""), request)
        if isinstance(found, Card):
            return found
        project = self._catalog.project(request.team_id)
        button = act_button(found, self._ids, project, at=self._clock())
        # Asked at the press, too: this is so that nobody goes all the way there in vain.
        standing = await self._operators.standing(request.team_id, request.user_id)
        may_not = self._may_not(command.action, standing)
        return ask_card(found, command.action, button, before=before, may_not=may_not)

    def _may_not(self, action: JobAction, standing: Standing) -> Words:
        return not_allowed_words(only_operators(action), standing, self._operators.named)

    async def _press(self, command: Act, job_id: JobId, request: Request) -> Done:
        attempt = self._attempt(command, job_id, request)
        standing = await self._operators.standing(request.team_id, request.user_id)
        if standing is not Standing.OPERATOR:
            await self._performer.refuse(attempt, Decision.NO_OPERATOR, words=standing.value)
            known = self._catalog.last_known(attempt.project, job_id)
            console = console_address(known, self._link_hosts)
            words = self._may_not(command.action, standing)
            return Done(card=no_operator_card(words, console=console))
        verdict = self._ids.check(
            command.action_id, attempt.project, job_id, command.action, self._clock()
        )
        if verdict is IdVerdict.FOREIGN:
            await self._performer.refuse(attempt, Decision.FOREIGN_ID)
            return Done(card=await self._ask(command, request, before=_FOREIGN))
        if used := await self._used(attempt):
            deed = await self._performer.refuse(attempt, Decision.USED_ID)
            deed = replace(deed, other=used)
            if used.outcome in (None, Decision.ACCEPTED):
                return self._told(deed)
            # Nothing came of it, as far as anybody knows: who wants it still can have it.
            return Done(card=await self._ask(command, request, before=deed_sentence(deed)))
        if verdict is IdVerdict.EXPIRED:
            await self._performer.refuse(attempt, Decision.EXPIRED_ID)
            return Done(card=await self._ask(command, request, before=_EXPIRED))
        return self._told(await self._performer.perform(attempt))

    async def _used(self, attempt: Attempt) -> ActionRecord | None:
        """The use of the id, with what came of it as far as that can be found out."""
        used = await self._log.find_used(attempt.project, attempt.action_id)
        if used is None or used.outcome is not None:
            return used
        await self._performer.conclude_abandoned(attempt.project)
        return await self._log.find_used(attempt.project, attempt.action_id)

    def _attempt(self, command: Act, job_id: JobId, request: Request) -> Attempt:
        project = self._catalog.project(request.team_id)
        known = self._catalog.last_known(project, job_id)
        return Attempt(
            project=project,
            job_id=job_id,
            action=command.action,
            action_id=command.action_id,
            who=request.user_id,
            channel_id=request.channel_id,
            job_name=known.name if known else "",
        )

    def _told(self, deed: Deed) -> Done:
        job = deed.job
        button = None
        if job is not None and legal_action(job.status):
            button = act_button(job, self._ids, deed.attempt.project, at=self._clock())
        console = console_address(job, self._link_hosts)
        card = deed_card(deed, button, console=console)
        return Done(card=card, job_id=deed.attempt.job_id, outcome=_asked_for(deed))


def _asked_for(deed: Deed) -> Asked | None:
    """What the cloud has said yes to: now, or when the same button was pressed before."""
    used = deed.other if deed.decision is Decision.USED_ID else None
    if used is not None and used.outcome is Decision.ACCEPTED:
        return _asked(used.attempt, used.at)
    return _asked(deed.attempt, deed.at) if deed.decision is Decision.ACCEPTED else None


def _asked(attempt: Attempt, at: datetime) -> Asked:
    return Asked(action=attempt.action, by=attempt.who, at=at, is_accepted=True)
