"""A job is in quarantine for the project that it belongs to."""

from bot.core.job import JobId
from bot.core.project import Project
from bot.watcher.quarantine import STRIKES, Quarantine
from tests.make import OURS

NEIGHBOURS = Project(team_id=OURS.team_id, project_id="0neighbour")
STRANGERS = Project(team_id="T0STRANGER", project_id=OURS.project_id)


def test_a_job_of_one_project_says_nothing_of_its_namesake_in_another() -> None:
    quarantine = Quarantine()
    for _ in range(STRIKES):
        held_for = quarantine.strike(OURS, JobId(205))

    assert held_for.total_seconds() == 3600
    for other in (NEIGHBOURS, STRANGERS):
        assert quarantine.check(other) is None
        assert quarantine.strike(other, JobId(205)).total_seconds() == 60
        quarantine.forgive(other, JobId(205))
    check = quarantine.check(OURS)
    assert check is not None
    assert "205" in str(check.found)
