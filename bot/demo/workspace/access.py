"""The methods about the app itself: api.*, apps.*, auth.* and oauth.*."""

from typing import Any

from bot.demo.workspace.calls import Call, Refused
from bot.demo.workspace.cast import APP_ID, BOT_ID, BOT_USER, ME
from bot.demo.workspace.method import Method
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]


def api_test(state: WorkspaceState, call: Call) -> Json:  # noqa: ARG001 (a method)
    """https://docs.slack.dev/reference/methods/api.test"""
    if error := call.get("error"):
        raise Refused(str(error), args=call.arguments)
    return {"ok": True, "args": call.arguments}


def auth_test(state: WorkspaceState, call: Call) -> Json:  # noqa: ARG001 (a method)
    """https://docs.slack.dev/reference/methods/auth.test"""
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


def auth_revoke(state: WorkspaceState, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/auth.revoke"""
    if call.get("test"):
        return {"ok": True, "revoked": False}
    state.installation.dead = "token_revoked"
    return {"ok": True, "revoked": True}


def oauth_access(state: WorkspaceState, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/oauth.v2.access"""
    app = state.installation
    if call.get("client_id") != app.client_id:
        raise Refused("invalid_client_id")
    if call.get("client_secret") != app.client_secret:
        raise Refused("bad_client_secret")
    if call.get("grant_type", "authorization_code") != "authorization_code":
        raise Refused("invalid_grant_type")
    if call.get("code") not in app.codes:
        raise Refused("invalid_code")
    app.codes.discard(str(call.get("code")))
    app.dead = None
    return {
        "ok": True,
        "access_token": app.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(app.scopes)),
        "bot_user_id": BOT_USER,
        "app_id": APP_ID,
        "team": {"id": state.team.id, "name": state.team.name},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": ME},
    }


def open_connection(state: WorkspaceState, call: Call) -> Json:  # noqa: ARG001 (a method)
    """https://docs.slack.dev/reference/methods/apps.connections.open"""
    return {"ok": True, "url": state.connections.issue_url()}


ACCESS_METHODS = {
    "api.test": Method(run=api_test, optional=("error", "foo"), caller="anyone", per_minute=100),
    "auth.test": Method(run=auth_test, per_minute=600),
    "auth.revoke": Method(run=auth_revoke, optional=("test",)),
    "oauth.v2.access": Method(
        run=oauth_access,
        optional=(
            "assertion",
            "client_id",
            "client_secret",
            "code",
            "code_verifier",
            "grant_type",
            "redirect_uri",
            "refresh_token",
        ),
        caller="anyone",
        per_minute=600,
    ),
    "apps.connections.open": Method(run=open_connection, caller="app"),
}
