"""A project of the cloud, as one workspace watches it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The workspace and the project that a stored job belongs to."""

    team_id: str
    project_id: str
