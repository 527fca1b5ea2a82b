"""The stand-in Slack: a workspace with its Web API, its events and its page, as strict as Slack."""

from bot.demo.workspace.server import StandInWorkspace

__all__ = ["StandInWorkspace"]
