"""One read of a watched job, and what it makes of what is known."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.absence import PRESENT, Absence, ListEvidence
from bot.core.advance import Advance, WatchedJob, advance, apply_list, skip
from bot.core.change import NO_JOB, Step
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project
from tests.make import NOW, PROJECT, TEAM, a_job

SECOND = timedelta(seconds=1)
BEFORE = NOW - 30 * SECOND
APART = 30 * SECOND

UNREAD = WatchedJob(project=Project(team_id=TEAM, project_id=PROJECT), job_id=JobId(205))
ENDED_AT = BEFORE - SECOND


def known(status: int = 8, **facts: Any) -> WatchedJob:
    """Job 205 as read half a minute ago, after two changes; `facts` replace single fields."""
    job = a_job(status=status, read_at=BEFORE)
    return replace(UNREAD, job=job, sequence=2, **facts)


def denied(times: int, *, ago: timedelta) -> Absence:
    """Denied so often, for the first time so long ago; a list that lacks it was read since."""
    first = NOW - ago
    return Absence(denials=times, first_denied_at=first, last_denied_at=BEFORE, unlisted_at=first)


GONE = known(is_gone=True, ended_at=ENDED_AT, absence=denied(2, ago=40 * SECOND))
READ = a_job(read_at=NOW - SECOND)


def read(status: int) -> VisualizationJob:
    """Job 205 as read a second ago."""
    return READ._replace(status=a_job(status=status).status)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a read makes of it: what is usual need not be said."""

    step: Step | None = None
    is_gone: bool = False
    has_ended: bool = False
    is_withdrawn: bool = False
    denials: int = 0


Case = tuple[WatchedJob, VisualizationJob | None, dict[str, Any], Outcome]
NEWS = {"is_news": True}

CASES: dict[str, Case] = {
    "the first read is the baseline": (UNREAD, read(8), {}, Outcome()),
    "the baseline of a job that has ended": (UNREAD, read(10), {}, Outcome(has_ended=True)),
    "the first read of a job that was not there is news": (
        *(UNREAD, read(7), NEWS),
        Outcome(step=Step(NO_JOB, 7)),
    ),
    "news of a job that has ended already": (
        *(UNREAD, read(11), NEWS),
        Outcome(step=Step(NO_JOB, 11), has_ended=True),
    ),
    "what was denied once and is then read has its baseline": (
        *(replace(UNREAD, absence=denied(1, ago=SECOND)), read(8), {}),
        Outcome(),
    ),
    "the same again is no change": (known(), read(8), {}, Outcome()),
    "the same again is no news, either": (known(), read(8), NEWS, Outcome()),
    "what has ended stays so": (
        *(known(10, ended_at=ENDED_AT), read(10), {}),
        Outcome(has_ended=True),
    ),
    "another status is a change": (known(), read(9), {}, Outcome(step=Step(8, 9))),
    "an end is a change with its time": (
        *(known(), read(10), {}),
        Outcome(step=Step(8, 10), has_ended=True),
    ),
    "a restart is a change, and no end any more": (
        *(known(10, ended_at=ENDED_AT), read(7), {}),
        Outcome(step=Step(10, 7)),
    ),
    "a shorter duration in the same status is a change": (
        *(known(), READ._replace(duration=SECOND), {}),
        Outcome(step=Step(8, 8)),
    ),
    "a later creation in the same end is a change, and another end": (
        *(known(10, ended_at=ENDED_AT), read(10)._replace(created_at=NOW), {}),
        Outcome(step=Step(10, 10), has_ended=True),
    ),
    "what was gone is not compared with its run": (
        *(GONE, READ._replace(duration=SECOND), {}),
        Outcome(step=Step(NO_JOB, 8)),
    ),
    "one denial is no proof": (known(), None, {"apart": 0 * SECOND}, Outcome(denials=1)),
    "a second denial too soon is no proof": (
        *(known(absence=denied(1, ago=29 * SECOND)), None, {}),
        Outcome(denials=2),
    ),
    "a second denial some time after the first says that it is gone": (
        *(known(absence=denied(1, ago=30 * SECOND)), None, {}),
        Outcome(step=Step(8, NO_JOB), is_gone=True, has_ended=True, is_withdrawn=True, denials=2),
    ),
    "two denials that no list bears out are no proof": (
        *(known(absence=replace(denied(1, ago=30 * SECOND), unlisted_at=None)), None, {}),
        Outcome(denials=2),
    ),
    "many denials in a hurry count with the last": (
        *(known(absence=denied(5, ago=31 * SECOND)), None, {}),
        Outcome(step=Step(8, NO_JOB), is_gone=True, has_ended=True, is_withdrawn=True, denials=6),
    ),
    "a good read between two denials starts the count again": (
        *(known(absence=denied(1, ago=60 * SECOND)), read(8), {}),
        Outcome(),
    ),
    "what was never there is withdrawn and tells nothing": (
        *(replace(UNREAD, absence=denied(1, ago=60 * SECOND)), None, {}),
        Outcome(is_withdrawn=True),
    ),
    "what was never there is not given up at once": (UNREAD, None, {}, Outcome(denials=1)),
    "what is gone stays so, and whoever waits for it waits in vain": (
        *(GONE, None, {}),
        Outcome(is_gone=True, has_ended=True, is_withdrawn=True, denials=3),
    ),
    "what was gone and is there again is a change": (
        *(GONE, read(8), {}),
        Outcome(step=Step(NO_JOB, 8)),
    ),
    "what was gone and is there again, ended": (
        *(GONE, read(10), {}),
        Outcome(step=Step(NO_JOB, 10), has_ended=True),
    ),
}


@pytest.mark.parametrize(("before", "job", "how", "outcome"), CASES.values(), ids=CASES)
def test_a_read(
    before: WatchedJob, job: VisualizationJob | None, how: dict[str, Any], outcome: Outcome
) -> None:
    step = advance(before, job, now=NOW, **{"apart": APART, **how})

    after = step.after
    assert outcome == Outcome(
        step=step.change.step if step.change else None,
        is_gone=after.is_gone,
        has_ended=after.ended_at is not None,
        is_withdrawn=step.is_withdrawn,
        denials=after.absence.denials,
    )
    assert step.before == before
    assert step.is_read is (job is not None)
    assert after.job == (job or before.job)
    assert after.sequence == before.sequence + (outcome.step is not None)


def test_a_change_carries_all_that_is_known_of_it() -> None:
    change = advance(known(), read(9), now=NOW).change

    assert change is not None
    assert (change.team_id, change.project_id, change.job) == (TEAM, PROJECT, read(9))
    assert (change.sequence, change.seen_at, change.last_seen_at) == (3, NOW - SECOND, BEFORE)


def test_a_deletion_is_seen_now_and_shows_the_last_read() -> None:
    before = known(absence=denied(1, ago=APART))

    change = advance(before, None, now=NOW, apart=APART).change

    assert change is not None
    assert (change.job, change.seen_at, change.last_seen_at) == (before.job, NOW, BEFORE)


def test_the_first_news_of_a_job_has_no_time_before() -> None:
    change = advance(UNREAD, read(7), now=NOW, is_news=True).change

    assert change is not None
    assert (change.sequence, change.last_seen_at) == (1, None)


def test_a_second_denial_may_follow_at_once_where_nothing_else_is_said() -> None:
    assert advance(known(absence=denied(1, ago=0 * SECOND)), None, now=NOW).after.is_gone


def test_the_time_of_an_end_is_now_and_stays() -> None:
    ended = advance(known(), read(10), now=NOW).after
    again = advance(ended, read(10)._replace(read_at=NOW), now=NOW + SECOND).after

    assert (ended.ended_at, again.ended_at) == (NOW, NOW)
    assert advance(known(absence=denied(1, ago=APART)), None, now=NOW).after.ended_at == NOW


def test_denials_are_counted_from_the_first_to_the_last() -> None:
    once = PRESENT.add_denial(BEFORE)
    twice = once.add_denial(NOW)

    assert once == Absence(denials=1, first_denied_at=BEFORE, last_denied_at=BEFORE)
    assert twice == Absence(denials=2, first_denied_at=BEFORE, last_denied_at=NOW)


@pytest.mark.parametrize("facts", [{"first_denied_at": NOW}, {"last_denied_at": NOW}, {}])
def test_what_was_not_kept_whole_proves_nothing(facts: dict[str, Any]) -> None:
    assert Absence(denials=2, **facts).is_proved(apart=0 * SECOND) is False


DOUBTED = {"is_stale": True, "is_rebased": True}

# A sentence: the step, and what is true of it.
CERTAINTIES: dict[str, tuple[Advance, set[str]]] = {
    "a change of what is certain": (advance(known(), read(9), now=NOW), {"certain", "told"}),
    "no change of what is certain": (advance(known(), read(8), now=NOW), {"certain"}),
    "a good read of what was in doubt edits its cards": (
        advance(known(is_stale=True), read(8), now=NOW),
        {"certain", "cards"},
    ),
    "another run is told like any change": (
        advance(known(), READ._replace(duration=SECOND), now=NOW),
        {"certain", "told"},
    ),
    "what changed while the workspace was away is shown by the cards alone": (
        advance(known(is_rebased=True), read(9), now=NOW),
        {"certain"},
    ),
    "a restart while the workspace was away is shown by the cards alone": (
        advance(known(is_rebased=True), READ._replace(duration=SECOND), now=NOW),
        {"certain"},
    ),
    "a denial proves nothing of what is in doubt": (
        advance(known(**DOUBTED), None, now=NOW),
        {"doubted"},
    ),
    "a deletion leaves no doubt": (
        advance(known(absence=denied(1, ago=APART), is_stale=True), None, now=NOW),
        {"certain", "told"},
    ),
    "a deletion while the workspace was away is not told": (
        advance(known(absence=denied(1, ago=APART), **DOUBTED), None, now=NOW),
        {"certain"},
    ),
    "a denial of what is gone is certain": (advance(GONE, None, now=NOW), {"certain"}),
    "a read that tells nothing leaves all as it was": (skip(known(**DOUBTED)), {"doubted"}),
    "a read that tells nothing of what is gone": (skip(GONE), {"certain"}),
}


@pytest.mark.parametrize(("step", "truths"), CERTAINTIES.values(), ids=CERTAINTIES)
def test_what_becomes_of_doubts(step: Advance, truths: set[str]) -> None:
    found = {
        "certain": step.is_certain,
        "told": step.is_announced,
        "cards": step.refreshes_cards,
        "doubted": step.after.is_stale or step.after.is_rebased,
    }

    assert truths == {name for name, is_true in found.items() if is_true}


def test_a_read_that_tells_nothing_changes_nothing() -> None:
    before = known(absence=denied(1, ago=APART))

    assert skip(before) == Advance(before=before, after=before, is_read=False)


# A sentence: what is known, and whether it has a read of NOW already, or a later one.
OLD_READS = {
    "nothing is known": (UNREAD, False, False),
    "this very read is known": (replace(UNREAD, job=a_job()), True, False),
    "a later one is known": (replace(UNREAD, job=a_job(read_at=NOW + SECOND)), True, True),
    "an earlier one is known": (replace(UNREAD, job=a_job(read_at=NOW - SECOND)), False, False),
}


@pytest.mark.parametrize(("before", "has", "has_later"), OLD_READS.values(), ids=OLD_READS)
def test_a_read_may_be_known_already(before: WatchedJob, has: bool, has_later: bool) -> None:
    assert (before.has(a_job()), before.has_later(a_job())) == (has, has_later)


ASKED_AT = NOW - SECOND
PROJECT_OF_IT = UNREAD.project


def evidence(*shown: int, is_complete: bool = True) -> ListEvidence:
    """A list that was asked for a second ago."""
    ids = frozenset(map(JobId, shown))
    return ListEvidence(
        project=PROJECT_OF_IT, asked_at=ASKED_AT, shown=ids, is_complete=is_complete
    )


TWICE = Absence(denials=2, first_denied_at=NOW - APART, last_denied_at=NOW)
# A sentence: what was known of job 205, the list, and whether it is gone (None: nothing is said).
LISTS: dict[str, tuple[Absence, ListEvidence, bool | None]] = {
    "a list without the job completes the proof": (TWICE, evidence(1), True),
    "a list that shows it takes the denials back": (TWICE, evidence(205), False),
    "a list that hides whose a row is says nothing": (TWICE, evidence(1, is_complete=False), None),
    "one denial and a list are no proof": (replace(TWICE, denials=1), evidence(1), False),
    "a list from before the first denial is no witness": (
        *(replace(TWICE, first_denied_at=NOW, last_denied_at=NOW + APART), evidence(1), False),
    ),
}


@pytest.mark.parametrize(("absence", "evidence_of_list", "is_gone"), LISTS.values(), ids=LISTS)
def test_a_list_is_a_witness(
    absence: Absence, evidence_of_list: ListEvidence, is_gone: bool | None
) -> None:
    step = apply_list(known(absence=absence), evidence_of_list, now=NOW, apart=APART)

    assert (None if step is None else step.after.is_gone) is is_gone
    if 205 in evidence_of_list.shown:
        assert step is not None
        assert step.after.absence == PRESENT
