"""The door to the database: what is remembered of a workspace."""

from typing import Protocol


class WorkspaceMemory(Protocol):
    """Shared by all replicas. Every method is one transaction and raises StoreUnavailable."""

    async def are_charts_refused(self, team_id: str) -> bool:
        """True for a day after Slack refused one there."""

    async def refuse_charts(self, team_id: str) -> None:
        """Slack has just refused one there."""
