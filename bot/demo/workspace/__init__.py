"""The stand-in Slack: a workspace with its Web API, its events, its page and its strictness."""

from bot.demo.workspace.server import StandInWorkspace

__all__ = ["StandInWorkspace"]
