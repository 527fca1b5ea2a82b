"""`visjob stop`, `visjob restart` and `visjob audit`: stop and restart jobs from a terminal."""

import getpass
import uuid
from typing import Any

from bot.catalog import Catalog
from bot.cli.asking import answer_to
from bot.cli.database import check_store, open_store
from bot.cli.sentences import complain
from bot.cli.show import facts_of, find_job, print_card, report, which_hint
from bot.cli.terminal import write_json
from bot.config import Settings
from bot.core.acting import (
    TERMINAL,
    ActionResult,
    Attempt,
    AuditEntry,
    Decision,
    Finding,
    JobAction,
    is_legal,
)
from bot.core.cards.acting.act_button import restart_question, stop_question
from bot.core.cards.acting.acting import ask_card
from bot.core.cards.acting.action_results import action_result_card, action_result_sentence
from bot.core.cards.acting.audit import audit_card
from bot.core.cards.card import Card
from bot.core.errors import BotError
from bot.core.job import VisualizationJob
from bot.core.project import Project
from bot.core.text import say
from bot.locale import language_of
from bot.modelarts.client import ModelArts
from bot.responder.performing import Performer
from bot.serve.adapters import open_source
from bot.serve.clock import monotonic, utc_now
from bot.store import SqlStore

Json = dict[str, Any]

_NOT_CONFIRMED = "not confirmed"
_NO_FACTS: Json = {}
_NEEDS_DATABASE = say("Without my database I do nothing.")


async def act_on_job(
    settings: Settings, action: JobAction, words: str, *, is_sure: bool, as_json: bool
) -> int:
    """Ask, stop or restart the job once, and print the outcome. Return the exit code: 0 done, 1 not
    done, 2 wrong usage."""
    language = language_of(settings.language)
    try:
        async with open_source(settings) as source, open_store(settings) as store:
            await check_store(store, before=_NEEDS_DATABASE)
            found = await find_job(Catalog(source, clock=utc_now), words)
            if isinstance(found, Card):
                return _ask_which(words, found, action, as_json=as_json)
            attempt = _attempt(await _project(store, source.project_id), found, action)
            performer = _performer(settings, source, store)
            if not is_legal(action, found.status):
                await performer.refuse(attempt, Decision.NOT_LEGAL, job=found)
                card = ask_card(found, action, None)
                facts: Json = {"error": {"sentence": language.plain(card.summary), "hint": None}}
                print_card(card, facts, language, as_json=as_json)
                return 1
            if not is_sure and not (answer := answer_to(_question(settings, action, found))):
                is_asked = answer is not None
                return _not_confirmed(found, action, is_asked=is_asked, as_json=as_json)
            result = await performer.perform(attempt)
    except BotError as error:
        return report(error, language, as_json=as_json)
    told: Json = {
        **_result_facts(result),
        "sentence": language.plain(action_result_sentence(result)),
    }
    print_card(action_result_card(result, None), told, language, as_json=as_json)
    return 0 if result.decision is Decision.ACCEPTED else 1


def _performer(settings: Settings, source: ModelArts, store: SqlStore) -> Performer:
    return Performer(
        source,
        log=store.actions,
        clock=utc_now,
        monotonic=monotonic,
        call_deadline=settings.api_timeout,
    )


async def show_audit(settings: Settings, *, limit: int, as_json: bool) -> int:
    """Print the last decisions of all workspaces. Return 0, or 1 without a database."""
    language = language_of(settings.language)
    try:
        async with open_store(settings) as store:
            await check_store(store, before=_NEEDS_DATABASE)
            entries = await store.actions.last_decisions(None, limit=limit)
    except BotError as error:
        return report(error, language, as_json=as_json)
    facts = {"decisions": [_entry_facts(entry) for entry in entries]}
    print_card(audit_card(entries), facts, language, as_json=as_json)
    return 0


def _question(settings: Settings, action: JobAction, job: VisualizationJob) -> str:
    question = stop_question(job) if action is JobAction.STOP else restart_question(job)
    return language_of(settings.language).plain(question)


def _not_confirmed(
    job: VisualizationJob, action: JobAction, *, is_asked: bool, as_json: bool
) -> int:
    """Say that nothing was done; return 1, or 2 if nobody could be asked."""
    facts = {"action": action.value, "job_id": job.id, "outcome": _NOT_CONFIRMED}
    if is_asked:
        _tell_failure("Nothing was done.", "", as_json=as_json, facts=facts)
        return 1
    hint = f"To {action.value} it without a question, add --yes."
    _tell_failure("Nobody can be asked here.", hint, as_json=as_json, facts=facts)
    return 2


def _ask_which(words: str, card: Card, action: JobAction, *, as_json: bool) -> int:
    hint = which_hint(words, card, command=action.value)
    _tell_failure(str(card.summary), hint, as_json=as_json)
    return 1


def _tell_failure(sentence: str, hint: str, *, as_json: bool, facts: Json = _NO_FACTS) -> None:
    """Print why nothing was done: as JSON with the given facts, or on standard error."""
    if as_json:
        write_json({**facts, "error": {"sentence": sentence, "hint": hint or None}})
    else:
        complain(f"{sentence} {hint}".strip())


async def _project(store: SqlStore, project_id: str) -> Project:
    """Return the project with the team of the one workspace that watches it, or without a team if
    there are several or none."""
    teams = await store.actions.teams_of(project_id)
    return Project(team_id=teams[0] if len(teams) == 1 else "", project_id=project_id)


def _attempt(project: Project, job: VisualizationJob, action: JobAction) -> Attempt:
    return Attempt(
        project=project,
        job_id=job.id,
        action=action,
        action_id=f"terminal-{uuid.uuid4().hex}",
        who=f"{TERMINAL}{_system_user()}",
        job_name=job.name,
    )


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # the user id has no name
        return "unknown"


def _result_facts(result: ActionResult) -> Json:
    error = result.error
    return {
        "action": result.attempt.action.value,
        "job_id": result.attempt.job_id,
        "outcome": result.decision.value,
        "who": result.attempt.who,
        "job": None if result.job is None else facts_of(result.job, ""),
        "error": None
        if error is None
        else {
            "sentence": str(error.sentence),
            "code": error.code or None,
            "vendor_text": error.vendor_text or None,
            "hint": str(error.hint) or None,
        },
    }


def _entry_facts(entry: AuditEntry) -> Json:
    attempt = entry.attempt
    return {
        "at": entry.at.isoformat(),
        "who": attempt.who,
        "team_id": attempt.project.team_id or None,
        "channel_id": attempt.channel_id or None,
        "project_id": attempt.project.project_id,
        "job_id": attempt.job_id,
        "job_name": attempt.job_name or None,
        "action": attempt.action.value,
        "decision": "allowed" if entry.finding.decision is Decision.ALLOWED else "refused",
        "reason": _finding_facts(entry.finding),
        "outcome": None if entry.outcome is None else _finding_facts(entry.outcome),
        "request_id": attempt.request_id or None,
    }


def _finding_facts(finding: Finding) -> Json:
    return {
        "what": finding.decision.value,
        "status": None if finding.status is None else int(finding.status),
        "words": finding.words or None,
    }
