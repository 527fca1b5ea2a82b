"""The views.* methods of the stand-in workspace."""

from typing import Any

from bot.demo.workspace.calls import Call, Refused, checked_view, invalid_arguments
from bot.demo.workspace.method import Method
from bot.demo.workspace.state import WorkspaceState
from bot.demo.workspace.tickets import Lapsed

Json = dict[str, Any]


def open_view(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/views.open"""
    view = checked_view(call.get("view"), "modal")
    user = _redeem(state, call)
    _refuse_taken(state, view)
    return {"ok": True, "view": dict(state.views.open(user, view))}


def update_view(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/views.update"""
    found = state.views.find(call.get("view_id"), call.get("external_id"))
    if found is None:
        raise Refused("not_found")
    user, old = found
    view = checked_view(call.get("view"), old["type"])
    if call.get("hash", old["hash"]) != old["hash"]:
        raise Refused("hash_conflict")
    _refuse_taken(state, view, but=old["id"])
    return {"ok": True, "view": dict(state.views.replace(user, old, view))}


def publish_view(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/views.publish"""
    view = checked_view(call.get("view"), "home")
    person = state.people.get(call.get("user_id"))
    if person is None or person.is_bot:
        raise invalid_arguments("invalid `user_id`")
    old = state.views.homes.get(person.id)
    if call.get("hash") and (old is None or call.get("hash") != old["hash"]):
        raise Refused("hash_conflict")
    _refuse_taken(state, view, but=old["id"] if old else None)
    return {"ok": True, "view": dict(state.views.publish(person.id, view))}


def _redeem(state: WorkspaceState, call: Call) -> str:
    trigger = call.get("trigger_id") or call.get("interactivity_pointer")
    if not trigger:
        raise invalid_arguments("missing required field: trigger_id")
    try:
        return state.tickets.redeem_trigger(trigger)
    except Lapsed as lapsed:
        raise Refused(str(lapsed)) from lapsed


def _refuse_taken(state: WorkspaceState, view: Json, but: str | None = None) -> None:
    taken = state.views.find(external_id=view.get("external_id"))
    if taken and taken[1]["id"] != but:
        raise Refused("duplicate_external_id")


VIEW_METHODS = {
    "views.open": Method(
        run=open_view,
        required=("view",),
        optional=("interactivity_pointer", "trigger_id"),
        per_minute=100,
    ),
    "views.update": Method(
        run=update_view,
        required=("view",),
        optional=("external_id", "hash", "view_id"),
        per_minute=100,
    ),
    "views.publish": Method(
        run=publish_view,
        required=("user_id", "view"),
        optional=("hash", "interactivity_pointer"),
        per_minute=100,
    ),
}
