"""What fails in one project leaves the others alone."""

from datetime import timedelta

from bot.core.errors import SourceUnavailable
from bot.core.job import JobId
from bot.core.ports.store import Lease
from bot.core.project import Project
from bot.watcher.pace import Pace
from bot.watcher.read_failures import ReadFailures
from tests.fakes import ManualClock
from tests.make import OURS
from tests.watch_fakes import FakeBudget

NEIGHBOURS = Project(team_id=OURS.team_id, project_id="0neighbour")
AWAY = SourceUnavailable("No answer.")


async def test_a_list_that_fails_is_left_alone_in_its_own_project() -> None:
    read_failures = ReadFailures(
        FakeBudget(), pace=Pace(interval=30, calls_per_minute=60), clock=ManualClock()
    )

    first = await read_failures.count_list(OURS, AWAY)
    second = await read_failures.count_list(OURS, AWAY)

    assert read_failures.until_list(OURS) == second > first
    assert read_failures.until_list(NEIGHBOURS) == timedelta(0)
    assert await read_failures.count_list(NEIGHBOURS, AWAY) == first, "it counts for itself"
    read_failures.forget_list(NEIGHBOURS)
    assert read_failures.until_list(OURS) == second


async def test_a_job_that_fails_does_not_count_for_its_namesake() -> None:
    read_failures = ReadFailures(
        FakeBudget(), pace=Pace(interval=30, calls_per_minute=60), clock=ManualClock()
    )
    ours, theirs = (Lease(project, JobId(205), 1, 1) for project in (OURS, NEIGHBOURS))

    first = await read_failures.count_job(ours, AWAY)

    assert await read_failures.count_job(theirs, AWAY) == first
    assert await read_failures.count_job(ours, AWAY) > first
