"""Which jobs a target covers, and which changes an event filter admits."""

import pytest

from bot.core.change import NO_JOB, Step
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    JobTarget,
    PatternTarget,
    ProjectTarget,
    SubscriptionState,
    Target,
    matches,
    usual_filter,
)
from tests.make import PROJECT, TEAM, a_change, a_job
from tests.watch_fakes import a_subscription

JOB = a_job(205, name="Flowers-tb")

# A sentence: the target, and whether it covers job 205, Flowers-tb.
TARGETS: dict[str, tuple[Target, bool]] = {
    "a job is covered by its number": (JobTarget(JobId(205)), True),
    "another number is another job": (JobTarget(JobId(20)), False),
    "a pattern covers what begins so": (PatternTarget("Flowers*"), True),
    "a pattern covers what has it in the middle": (PatternTarget("*wers*"), True),
    "a pattern is of the whole name": (PatternTarget("wers*"), False),
    "a pattern without a star is the name": (PatternTarget("Flowers-tb"), True),
    "a pattern does not distinguish capitals": (PatternTarget("fLOWERS*"), True),
    "a pattern is not of the number": (PatternTarget("205"), False),
    "the project covers every job": (ProjectTarget(), True),
}


@pytest.mark.parametrize(("target", "covered"), TARGETS.values(), ids=TARGETS)
def test_a_target(target: Target, covered: bool) -> None:
    assert matches(target, JOB) is covered


def test_a_target_is_written_as_people_type_it() -> None:
    targets = JobTarget(JobId(205)), PatternTarget("flowers*"), ProjectTarget()

    assert [target.text for target in targets] == ["205", "flowers*", "project"]


# A sentence: the filter, the step, and whether a place hears of it.
FILTERS = {
    "all admits a step on the way": ("all", Step(1, 7), True),
    "all admits what runs": ("all", Step(7, 8), True),
    "changes admit what runs": ("changes", Step(7, 8), True),
    "changes admit what stops": ("changes", Step(8, 9), True),
    "changes admit a restart": ("changes", Step(10, 7), True),
    "changes admit what was deleted": ("changes", Step(10, NO_JOB), True),
    "changes admit what appeared": ("changes", Step(NO_JOB, 7), True),
    "changes admit a restart that no poll saw": ("changes", Step(8, 8), True),
    "all admits a restart that no poll saw": ("all", Step(8, 8), True),
    "failures do not admit a restart that runs": ("failures", Step(8, 8), False),
    "failures admit a restart that failed again": ("failures", Step(11, 11), True),
    "started admits a restart that no poll saw": ("started", Step(8, 8), True),
    "running admits a restart that runs": ("failed,running", Step(8, 8), True),
    "finished does not admit a restart that runs": ("finished", Step(8, 8), False),
    "changes do not admit a step within queued": ("changes", Step(1, 7), False),
    "changes do not admit a step within running": ("changes", Step(15, 8), False),
    "changes do not admit another code of a failure": ("changes", Step(11, 22), False),
    "failures admit what failed": ("failures", Step(8, 11), True),
    "failures admit what was lost": ("failures", Step(8, 14), True),
    "failures admit what was deleted too early": ("failures", Step(8, NO_JOB), True),
    "failures do not admit what was deleted after its end": ("failures", Step(10, NO_JOB), False),
    "failures do not admit what finished": ("failures", Step(8, 10), False),
    "a list admits what it names": ("running,failed", Step(7, 8), True),
    "a list admits what it names last": ("running,failed", Step(8, 11), True),
    "a list does not admit what it does not name": ("running,failed", Step(8, 10), False),
    "a list does not admit a step without an event": ("running,failed", Step(1, 7), False),
    "stuck, cost and link admit no change": ("stuck,cost,link", Step(7, 8), False),
    "a name is whole: start is not started": ("start", Step(12, 7), False),
}


@pytest.mark.parametrize(("text", "step", "admitted"), FILTERS.values(), ids=FILTERS)
def test_an_event_filter(text: str, step: Step, admitted: bool) -> None:
    assert EventFilter(text).admits(step) is admitted


@pytest.mark.parametrize(
    ("target", "usual"),
    [
        (JobTarget(JobId(205)), "changes"),
        (PatternTarget("flow*"), "changes"),
        (ProjectTarget(), "failures"),
    ],
)
def test_what_is_wanted_where_nothing_is_said(target: Target, usual: str) -> None:
    assert usual_filter(target) == EventFilter(usual)


def test_a_filter_admits_all_unless_it_says_otherwise() -> None:
    assert EventFilter() == EventFilter("all")


def test_what_the_database_keeps_has_names_that_never_change() -> None:
    assert [mode.value for mode in DeliveryMode] == ["thread", "card", "channel"]
    assert [state.value for state in SubscriptionState] == ["active", "pending", "ended"]


def test_a_subscription_and_a_change_are_of_one_project() -> None:
    project = Project(team_id=TEAM, project_id=PROJECT)

    assert a_subscription().project == project
    assert a_change(7, 8, job=JOB).project == project
