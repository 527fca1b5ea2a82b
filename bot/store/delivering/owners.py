"""The owners of failed jobs, whom the notices mention."""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.delivery import GroupMember
from bot.core.job import VisualizationJob
from bot.core.project import Project
from bot.store.database.database import Transaction
from bot.store.delivering.job_care import read_care


def with_owners(
    transaction: Transaction, project: Project, members: Mapping[str, tuple[GroupMember, ...]]
) -> dict[str, tuple[GroupMember, ...]]:
    """Add the job's owner to each failure."""
    failed: dict[int, VisualizationJob] = {
        one.change.job.id: one.change.job
        for group in members.values()
        for one in group
        if one.change.step.is_failure
    }
    owners = {
        job_id: care.owner for job_id, care in read_care(transaction, project, failed).items()
    }
    return {
        id: tuple(
            replace(one, owner=owners[one.change.job.id]) if one.change.step.is_failure else one
            for one in group
        )
        for id, group in members.items()
    }
