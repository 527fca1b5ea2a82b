"""The cards about stopping and restarting, each under the name of its golden file."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from bot.core.acting import (
    ActionRecord,
    ActionResult,
    Attempt,
    AuditEntry,
    Authorization,
    Decision,
    Finding,
    JobAction,
    RequestedAction,
)
from bot.core.action_ids import ActionIds
from bot.core.card_content import CardContent
from bot.core.cards.acting.act_button import act_button
from bot.core.cards.acting.acting import (
    ask_card,
    no_operator_card,
    not_allowed_words,
    only_operators,
)
from bot.core.cards.acting.action_results import action_result_card
from bot.core.cards.acting.audit import audit_card
from bot.core.cards.card import Action, Card
from bot.core.cards.jobs.followed import followed_card
from bot.core.cards.jobs.job_answer import job_card
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.errors import SourceRefused, SourceUnavailable
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.link import live_link
from bot.core.project import Project
from bot.core.text import Words
from tests.make import ANA, HOSTILE_TEXTS, LINK_HOSTS, NOW, PROJECT, TEAM, a_change, a_job

BEN = "U0BEN00001"
GROUP = "S0MLADMINS"
HOSTILE = HOSTILE_TEXTS[0]
CONSOLE = "https://console.huaweicloud.com/"
P = Project(team_id=TEAM, project_id=PROJECT)
IDS = ActionIds(b"golden")
STOP, RESTART = JobAction.STOP, JobAction.RESTART


def button(job: VisualizationJob) -> Action | None:
    """What is legal."""
    return act_button(job, IDS, P, at=NOW)


def ask(wanted: JobAction, status: int, *, may_not: Words = "", **facts: Any) -> Card:
    """Somebody typed it."""
    job = a_job(status=status, **facts)
    return ask_card(job, wanted, button(job), may_not=may_not)


def may_not(authorization: Authorization, *named: str) -> Words:
    """Why somebody may not stop jobs."""
    return not_allowed_words(only_operators(STOP), authorization, named or (ANA,))


def an_attempt(action: JobAction = STOP, who: str = ANA, **facts: Any) -> Attempt:
    """Of flowers-tb."""
    usual: dict[str, Any] = {
        "project": P,
        "job_id": JobId(205),
        "action_id": "0190",
        "channel_id": "C0EXP00001",
        "job_name": "flowers-tb",
    }
    return Attempt(action=action, who=who, **{**usual, **facts})


def deed(
    decision: Decision,
    status: int | None = 8,
    *,
    action: JobAction = STOP,
    other: Decision | str | None = "",
    **more: Any,
) -> Card:
    """What somebody hears after a press."""
    job = None if status is None else a_job(status=status)
    record = None
    if not isinstance(other, str):
        before = NOW - timedelta(minutes=3)
        record = ActionRecord(attempt=an_attempt(action, BEN), at=before, outcome=other)
    told = ActionResult(
        attempt=an_attempt(action), decision=decision, at=NOW, job=job, other=record, **more
    )
    return action_result_card(told, button(job) if job else None, console=CONSOLE)


def entry(
    decision: Decision,
    outcome: Decision | None = None,
    *,
    words: str = "",
    status: int | None = None,
    **attempt: Any,
) -> AuditEntry:
    """A decision of the audit."""
    state = None if status is None else JobStatus(status)
    came = Finding(decision=outcome, status=state, words=words) if outcome else None
    said = Finding(
        decision=decision,
        status=None if outcome else state,
        words="" if outcome else words,
    )
    return AuditEntry(at=NOW, attempt=an_attempt(**attempt), finding=said, outcome=came)


def offering(status: int, **more: Any) -> Card:
    """A job's card where somebody may act."""
    job = a_job(status=status)
    return job_card(
        job, link=live_link(job, LINK_HOSTS), ref=JobNumber("205"), act=button(job), **more
    )


def watched(status: int, action: JobAction, *, changed_for: int | None = None) -> Card:
    """A followed card after somebody asked for it; `changed_for` seconds ago it changed."""
    job = a_job(status=status)
    asked_at = NOW - timedelta(seconds=50)
    change = a_change(8, status) if changed_for is not None else None
    asked = RequestedAction(action=action, by=ANA, at=asked_at)
    shown = CardContent(job=job, change=change, followers=(ANA,), asked=asked)
    return followed_card(shown, link_hosts=LINK_HOSTS, act=button(job))


REFUSAL = SourceRefused(
    "ModelArts refused the request (HTTP 400).",
    hint="The job's status does not allow this. Look at the job again.",
    code="ModelArts.0105",
    vendor_text="This job can't be stop. job status: 10",
)
SILENCE = SourceUnavailable("ModelArts did not answer within 10 s.", hint="Try again in a minute.")

ACTING: dict[str, Callable[[], Card]] = {
    "act-offered": lambda: offering(8),
    "act-offered-shared": lambda: offering(8, shared=True),
    "act-offered-queued": lambda: offering(7),
    "act-offered-stopped": lambda: offering(12),
    "act-offered-failed": lambda: offering(11),
    "act-offered-stopping": lambda: offering(9),
    "act-asked-stop": lambda: watched(8, STOP),
    "act-asked-stop-stopping": lambda: watched(9, STOP, changed_for=5),
    "act-asked-restart": lambda: watched(12, RESTART),
    "act-ask-stop": lambda: ask(STOP, 8),
    "act-ask-stop-queued": lambda: ask(STOP, 7, duration=None),
    "act-ask-restart": lambda: ask(RESTART, 12),
    "act-ask-stop-of-ended": lambda: ask(STOP, 10),
    "act-ask-restart-of-running": lambda: ask(RESTART, 8),
    "act-ask-stop-of-stopping": lambda: ask(STOP, 9),
    "act-ask-restart-of-unknown": lambda: ask(RESTART, 37),
    "act-ask-hostile": lambda: ask(STOP, 8, name=HOSTILE_TEXTS[0]),
    "act-ask-stop-by-no-operator": lambda: ask(STOP, 8, may_not=may_not(Authorization.NOT_LISTED)),
    "act-no-operator": lambda: no_operator_card(
        may_not(Authorization.NOT_LISTED, ANA, GROUP), console=CONSOLE
    ),
    "act-nobody-is-operator": lambda: no_operator_card(
        not_allowed_words(only_operators(RESTART), Authorization.NOT_LISTED, ())
    ),
    **{
        f"act-no-operator-{authorization.value}": partial(no_operator_card, may_not(authorization))
        for authorization in (
            Authorization.GUEST, Authorization.DEACTIVATED,
            Authorization.STRANGER, Authorization.UNREADABLE,
        )
    },
    "act-accepted": lambda: deed(Decision.ACCEPTED),
    "act-accepted-restart": lambda: deed(Decision.ACCEPTED, 12, action=RESTART),
    "act-used": lambda: deed(Decision.USED_ID, other=Decision.ACCEPTED),
    "act-used-restart": lambda: deed(
        Decision.USED_ID, None, action=RESTART, other=Decision.REFUSED
    ),
    "act-busy": lambda: deed(Decision.BUSY, other=None),
    "act-refused": lambda: deed(Decision.REFUSED, 10, error=REFUSAL),
    "act-refused-restart": lambda: deed(Decision.REFUSED, 12, action=RESTART, error=REFUSAL),
    "act-unclear": lambda: deed(Decision.UNCLEAR, 9, error=SILENCE),
    "act-unclear-restart": lambda: deed(Decision.UNCLEAR, 12, action=RESTART, error=SILENCE),
    "act-unclear-and-silent": lambda: deed(Decision.UNCLEAR, None, error=SILENCE),
    "act-unreadable": lambda: deed(Decision.UNREADABLE, None, error=SILENCE),
    "act-unreadable-restart": lambda: deed(
        Decision.UNREADABLE, None, action=RESTART, error=SILENCE
    ),
    "act-gone": lambda: deed(Decision.GONE, None),
    "act-gone-restart": lambda: deed(Decision.GONE, None, action=RESTART),
    "act-not-called": lambda: deed(Decision.NOT_CALLED),
    "act-not-called-restart": lambda: deed(Decision.NOT_CALLED, 12, action=RESTART),
    "act-abandoned": lambda: deed(Decision.ABANDONED),
    "act-abandoned-restart": lambda: deed(Decision.ABANDONED, None, action=RESTART),
    "audit-none": lambda: audit_card([]),
    "audit": lambda: audit_card(
        [
            entry(Decision.ALLOWED, Decision.ACCEPTED),
            entry(Decision.ALLOWED, Decision.REFUSED, status=10, words="ModelArts.0105 no"),
            entry(Decision.ALLOWED, None, status=8, action=RESTART),
            entry(Decision.NO_OPERATOR, words="guest", who=BEN, channel_id="D024BE91L"),
            entry(Decision.NOT_LEGAL, status=12, who="terminal:root", channel_id="", job_name=""),
            *(entry(one) for one in Decision if not one.is_outcome),
            *(entry(Decision.ALLOWED, one) for one in Decision if one.is_outcome),
        ]
    ),
    "audit-one-hostile": lambda: audit_card(
        [entry(Decision.ALLOWED, Decision.REFUSED, words=HOSTILE, job_name=HOSTILE)]
    ),
    "audit-many": lambda: audit_card([entry(Decision.ALLOWED, Decision.ACCEPTED)] * 100),
}  # fmt: skip
