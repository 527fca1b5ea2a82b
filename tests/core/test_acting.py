"""What operators may do to a job in which state, and which decisions may have moved the cloud."""

import pytest

from bot.core.acting import (
    TERMINAL,
    Attempt,
    Authorization,
    Decision,
    Finding,
    JobAction,
    RequestedAction,
    is_legal,
    legal_action,
)
from bot.core.job import JobId, JobStatus
from tests.make import NOW, OURS

#: What a job in each state can be offered; in all others neither.
STOPPED_FROM = (1, 2, 4, 7, 8, 15)
RESTARTED_FROM = (3, 5, 10, 11, 12, 13, 14, 17, 22)


@pytest.mark.parametrize("code", range(-1, 40))
def test_a_job_is_offered_only_what_the_vendor_takes_in_its_state(code: int) -> None:
    status = JobStatus(code)
    offered = (
        JobAction.STOP
        if code in STOPPED_FROM
        else JobAction.RESTART
        if code in RESTARTED_FROM
        else None
    )

    assert legal_action(status) is offered
    assert is_legal(JobAction.STOP, status) == (code in STOPPED_FROM)
    assert is_legal(JobAction.RESTART, status) == (code in RESTARTED_FROM)


@pytest.mark.parametrize(
    ("decision", "is_outcome", "may_have_acted"),
    [
        # decided before any call
        (Decision.ALLOWED, False, False),
        (Decision.NO_OPERATOR, False, False),
        (Decision.FOREIGN_ID, False, False),
        (Decision.EXPIRED_ID, False, False),
        (Decision.USED_ID, False, False),
        (Decision.UNREADABLE, False, False),
        (Decision.GONE, False, False),
        (Decision.NOT_LEGAL, False, False),
        (Decision.BUSY, False, False),
        # what came of a call: the cloud took it, or nobody can say that it did not
        (Decision.ACCEPTED, True, True),
        (Decision.UNCLEAR, True, True),
        (Decision.ABANDONED, True, True),
        # it said no, or was not asked
        (Decision.REFUSED, True, False),
        (Decision.NOT_CALLED, True, False),
    ],
)
def test_a_decision_says_whether_the_cloud_may_have_moved(
    decision: Decision, is_outcome: bool, may_have_acted: bool
) -> None:
    assert decision.is_outcome == is_outcome
    assert decision.may_have_acted == may_have_acted


def test_what_is_kept_in_the_audit_is_called_as_ever() -> None:
    assert [one.value for one in JobAction] == ["stop", "restart"]
    assert {one.name.lower().replace("_", " "): one.value for one in Decision} == {
        one.value: one.value for one in Decision
    }


def test_whoever_acts_in_a_terminal_is_in_no_channel_and_named_so_in_the_audit() -> None:
    attempt = Attempt(
        project=OURS, job_id=JobId(205), action=JobAction.STOP, action_id="a1", who="terminal:ana"
    )

    assert TERMINAL == "terminal:"
    assert (attempt.channel_id, attempt.job_name) == ("", "")
    assert Finding(decision=Decision.ALLOWED).words == ""


def test_a_call_counts_as_accepted_unless_nobody_knows() -> None:
    assert RequestedAction(action=JobAction.STOP, by="U0ANA00001", at=NOW).is_accepted


@pytest.mark.parametrize(
    ("authorization", "kept"),
    [
        (Authorization.OPERATOR, "operator"),
        (Authorization.NOT_LISTED, "not listed"),
        (Authorization.GUEST, "guest"),
        (Authorization.DEACTIVATED, "deactivated"),
        (Authorization.STRANGER, "stranger"),
        (Authorization.UNREADABLE, "unreadable"),
    ],
)
def test_the_audit_of_last_year_reads_as_todays(authorization: Authorization, kept: str) -> None:
    assert authorization.value == kept
