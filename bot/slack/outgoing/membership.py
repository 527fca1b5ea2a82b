"""The workspace and company of a person, by `users.info`, which does not always name them."""

from bot.slack.blocks import Json


def is_member(user: Json, team_id: str) -> bool:
    """True for a member of the workspace, and where Slack does not name a workspace."""
    teams = _on_grid(user).get("teams")
    own = user.get("team_id")
    return own in (None, team_id) or (isinstance(teams, list) and team_id in teams)


def is_stranger(user: Json, team_id: str, enterprise_id: str) -> bool:
    """True for somebody of another company, not for people of our enterprise's other workspaces.
    `enterprise_id` is empty for a workspace that is in no enterprise."""
    if user.get("is_stranger") is True:
        return True
    if is_member(user, team_id) or not enterprise_id:
        return not is_member(user, team_id)
    named = (_on_grid(user).get("enterprise_id"), user.get("enterprise_id"), user.get("team_id"))
    return enterprise_id not in named


def _on_grid(user: Json) -> Json:
    on_grid = user.get("enterprise_user")
    return on_grid if isinstance(on_grid, dict) else {}
