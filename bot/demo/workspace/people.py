"""The methods about people and their groups: users.* and usergroups.*."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.workspace.calls import Call, Refused
from bot.demo.workspace.cast import Person
from bot.demo.workspace.method import Method
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]


def user_info(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/users.info"""
    person = state.people.get(call.get("user"))
    if person is None:
        raise Refused("user_not_found")
    has_locale = bool(call.get("include_locale")) and not person.deleted
    locale = {"locale": person.locale} if has_locale and person.locale else {}
    return {"ok": True, "user": {**member(state, person), **locale}}


def usergroup_users(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/usergroups.users.list"""
    users = state.usergroups.get(call.get("usergroup"))
    if users is None:
        raise Refused("no_such_subteam")
    return {"ok": True, "users": users}


def member(state: WorkspaceState, person: Person) -> Json:
    """Return a person in the form of the Web API."""
    grid = {"enterprise_id": person.enterprise_id, "teams": [person.team_id]}
    return {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "color": person.color,
        "real_name": person.real_name,
        **_clock_of(state, person),
        "profile": {
            "real_name": person.real_name,
            "display_name": person.name,
            "real_name_normalized": person.real_name,
            "display_name_normalized": person.name,
            "team": person.team_id,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_stranger": state.is_stranger(person),
        **({"enterprise_user": {"id": person.id, **grid}} if person.enterprise_id else {}),
        "updated": 1_700_000_000,
    }


def _clock_of(state: WorkspaceState, person: Person) -> Json:
    """Return the time zone fields of a person; Slack leaves them out for deleted people."""
    if not person.tz or person.deleted:
        return {}
    now = state.clock().astimezone(ZoneInfo(person.tz))
    offset = int((now.utcoffset() or timedelta()).total_seconds())
    return {"tz": person.tz, "tz_label": now.tzname(), "tz_offset": offset}


PEOPLE_METHODS = {
    "users.info": Method(
        run=user_info,
        required=("user",),
        optional=("include_locale",),
        scopes=("users:read",),
        per_minute=100,
    ),
    "usergroups.users.list": Method(
        run=usergroup_users,
        required=("usergroup",),
        optional=("include_disabled", "team_id"),
        scopes=("usergroups:read",),
        per_minute=20,
    ),
}
