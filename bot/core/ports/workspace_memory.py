"""The port to the database for facts about a workspace that all replicas share."""

from typing import Protocol


class WorkspaceMemory(Protocol):
    """Facts about a workspace. Every method is one transaction and raises StoreUnavailable."""

    async def are_charts_refused(self, team_id: str) -> bool:
        """Return True for a day after Slack refused a chart there."""

    async def refuse_charts(self, team_id: str) -> None:
        """Record that Slack has refused a chart there."""
