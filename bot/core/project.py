"""A project of the cloud, as one workspace watches it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Whose jobs: what is stored of a job belongs to one workspace and one project."""

    team_id: str
    project_id: str
