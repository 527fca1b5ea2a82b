"""How a Web API method is described, and what is wrong with a call's arguments. No HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.demo.workspace.calls import Call, invalid_arguments
from bot.demo.workspace.installation import CallerKind
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What the reference says of a method: arguments, scopes (any one will do), token, tier."""

    run: Callable[[WorkspaceState, Call], Json]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    caller: CallerKind = "bot"
    per_minute: int = 50


def check_arguments(method: Method, arguments: Json) -> None:
    """Refuse a call that lacks a required argument, or has one that the reference lacks."""
    messages = [
        f"missing required field: {name}"
        for name in method.required
        if arguments.get(name) in (None, "")
    ]
    # Bolt's clients add the team to every call, which Slack ignores where it has no use for it.
    known = {*method.required, *method.optional, "team_id"}
    messages += [f"unsupported argument: {name}" for name in arguments if name not in known]
    if messages:
        raise invalid_arguments(*messages)
