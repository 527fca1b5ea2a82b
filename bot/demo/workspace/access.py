"""The methods about the app itself: apps.* and auth.*."""

from typing import Any

from bot.demo.workspace.calls import Call
from bot.demo.workspace.cast import BOT_ID, BOT_USER
from bot.demo.workspace.method import Method
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]


def auth_test(state: WorkspaceState, call: Call) -> Json:  # noqa: ARG001 (a method)
    """Implement https://docs.slack.dev/reference/methods/auth.test"""
    return {
        "ok": True,
        "url": f"https://{state.team.domain}.slack.com/",
        "team": state.team.name,
        "user": state.people[BOT_USER].name,
        "team_id": state.team.id,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        **({"enterprise_id": state.team.enterprise_id} if state.team.enterprise_id else {}),
        "is_enterprise_install": False,
    }


def open_connection(state: WorkspaceState, call: Call) -> Json:  # noqa: ARG001 (a method)
    """Implement https://docs.slack.dev/reference/methods/apps.connections.open"""
    return {"ok": True, "url": state.connections.issue_url()}


ACCESS_METHODS = {
    "auth.test": Method(run=auth_test, per_minute=600),
    "apps.connections.open": Method(run=open_connection, caller="app"),
}
