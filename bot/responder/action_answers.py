"""Answers to `stop`, `restart` and `audit`: a confirmation first, and actions by operators only."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.catalog import Catalog
from bot.core.acting import (
    ActionRecord,
    ActionResult,
    Attempt,
    Authorization,
    Decision,
    JobAction,
    RequestedAction,
    legal_action,
)
from bot.core.action_ids import ActionIds, IdVerdict
from bot.core.cards.acting.act_button import act_button
from bot.core.cards.acting.acting import (
    ONLY_OPERATORS_READ,
    ask_card,
    no_operator_card,
    not_allowed_words,
    only_operators,
)
from bot.core.cards.acting.action_results import action_result_card, action_result_sentence
from bot.core.cards.acting.audit import audit_card
from bot.core.cards.card import Action, Card
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import JobById, JobNumber
from bot.core.commands.verbs.act import Act
from bot.core.commands.verbs.audit import Audit
from bot.core.health import SeenPlaces
from bot.core.job import JobId, VisualizationJob
from bot.core.link import console_address
from bot.core.ports.actions import ActionLog
from bot.core.ports.slack import Operators
from bot.core.ports.time import Clock
from bot.core.ports.tracing import current_cause
from bot.core.project import Project
from bot.core.subscription import Place
from bot.core.text import Words, say
from bot.responder.job_finder import JobFinder
from bot.responder.performing import Performer
from bot.responder.replies import CommandResult

_EXPIRED = say("That button is more than a day old, so it does nothing any more.")
_FOREIGN = say("I did not make that id for this job, so it does nothing.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAnswers:
    """Checks who may act and whether the one-use id is valid; the Performer calls the cloud."""

    catalog: Catalog
    finder: JobFinder
    performer: Performer
    log: ActionLog
    operators: Operators
    ids: ActionIds
    link_hosts: tuple[str, ...]
    clock: Clock

    def offer(self, job: VisualizationJob, project: Project) -> Action | None:
        """Return the button for a job's card; None if no action is legal, or no operator is
        named."""
        if not self.operators.named:
            return None
        return act_button(job, self.ids, project, at=job.read_at)

    async def answer(self, command: Act, request: Request) -> CommandResult:
        """Ask for confirmation, or act if the sentence has a one-use id. Raises BotError."""
        if not command.action_id:
            return CommandResult(card=await self._ask(command, request))
        if isinstance(command.job, JobNumber | JobById):
            # The id was made for the job of this number, even if another job has the number as its
            # name.
            return await self._press(command, command.job.id, request)
        found = await self.finder.find(command, request)
        if isinstance(found, Card):
            return CommandResult(card=found)
        return await self._press(command, found.id, request)

    async def audit(self, command: Audit, request: Request, seen: SeenPlaces) -> Card:
        """Return the last decisions, for operators only, without names of places that are not
        `seen`. Raises StoreUnavailable."""
        authorization = await self.operators.authorize(request.team_id, request.user_id)
        if authorization is not Authorization.OPERATOR:
            words = not_allowed_words(ONLY_OPERATORS_READ, authorization, self.operators.named)
            return no_operator_card(words)
        project = self.catalog.project(request.team_id)
        entries = await self.log.last_decisions(project, limit=command.count)
        channels = {one.attempt.channel_id for one in entries} - {"", request.channel_id}
        places = {Place(team_id=request.team_id, channel_id=one) for one in channels}
        hidden = places - {*await seen(places)}
        return audit_card(entries, hidden={one.channel_id for one in hidden})

    async def _ask(self, command: Act, request: Request, *, before: Words = "") -> Card:
        found = await self.finder.find(replace(command, action_id=""), request)
        if isinstance(found, Card):
            return found
        project = self.catalog.project(request.team_id)
        button = act_button(found, self.ids, project, at=self.clock())
        # Checked again at the press; checked here so that the question already says who may act.
        authorization = await self.operators.authorize(request.team_id, request.user_id)
        may_not = self._may_not(command.action, authorization)
        return ask_card(found, command.action, button, before=before, may_not=may_not)

    def _may_not(self, action: JobAction, authorization: Authorization) -> Words:
        return not_allowed_words(only_operators(action), authorization, self.operators.named)

    async def _press(self, command: Act, job_id: JobId, request: Request) -> CommandResult:
        attempt = self._attempt(command, job_id, request)
        authorization = await self.operators.authorize(request.team_id, request.user_id)
        if authorization is not Authorization.OPERATOR:
            await self.performer.refuse(attempt, Decision.NO_OPERATOR, words=authorization.value)
            known = self.catalog.last_known(attempt.project, job_id)
            console = console_address(known, self.link_hosts)
            words = self._may_not(command.action, authorization)
            return CommandResult(card=no_operator_card(words, console=console))
        verdict = self.ids.check(
            command.action_id, attempt.project, job_id, command.action, self.clock()
        )
        if verdict is IdVerdict.FOREIGN:
            await self.performer.refuse(attempt, Decision.FOREIGN_ID)
            return CommandResult(card=await self._ask(command, request, before=_FOREIGN))
        if used := await self._used(attempt):
            result = await self.performer.refuse(attempt, Decision.USED_ID)
            result = replace(result, other=used)
            if used.outcome in (None, Decision.ACCEPTED):
                return self._told(result)
            # The earlier call failed, as far as is known, so the person gets a new button.
            return CommandResult(
                card=await self._ask(command, request, before=action_result_sentence(result))
            )
        if verdict is IdVerdict.EXPIRED:
            await self.performer.refuse(attempt, Decision.EXPIRED_ID)
            return CommandResult(card=await self._ask(command, request, before=_EXPIRED))
        return self._told(await self.performer.perform(attempt))

    async def _used(self, attempt: Attempt) -> ActionRecord | None:
        """Return the use of the id, after concluding an abandoned call; None if it is unused."""
        used = await self.log.find_used(attempt.project, attempt.action_id)
        if used is None or used.outcome is not None:
            return used
        await self.performer.conclude_abandoned(attempt.project)
        return await self.log.find_used(attempt.project, attempt.action_id)

    def _attempt(self, command: Act, job_id: JobId, request: Request) -> Attempt:
        project = self.catalog.project(request.team_id)
        cause = current_cause()
        return Attempt(
            project=project,
            job_id=job_id,
            action=command.action,
            action_id=command.action_id,
            who=request.user_id,
            channel_id=request.channel_id,
            job_name=self.catalog.name_of(project, job_id),
            request_id=cause.request_id if cause else "",
        )

    def _told(self, result: ActionResult) -> CommandResult:
        job = result.job
        button = None
        if job is not None and legal_action(job.status):
            button = act_button(job, self.ids, result.attempt.project, at=self.clock())
        console = console_address(job, self.link_hosts)
        card = action_result_card(result, button, console=console)
        return CommandResult(card=card, job_id=result.attempt.job_id, outcome=_asked_for(result))


def _asked_for(result: ActionResult) -> RequestedAction | None:
    """Return the action that the cloud accepted, now or at an earlier press of the same button."""
    used = result.other if result.decision is Decision.USED_ID else None
    if used is not None and used.outcome is Decision.ACCEPTED:
        return _asked(used.attempt, used.at)
    return _asked(result.attempt, result.at) if result.decision is Decision.ACCEPTED else None


def _asked(attempt: Attempt, at: datetime) -> RequestedAction:
    return RequestedAction(action=attempt.action, by=attempt.who, at=at, is_accepted=True)
