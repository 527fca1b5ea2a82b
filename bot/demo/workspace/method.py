"""Describe the methods of the Web API, and check the arguments of calls. No HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.demo.workspace.calls import Call, invalid_arguments
from bot.demo.workspace.installation import CallerKind
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method as in Slack's reference: arguments, scopes (any one suffices), token, rate limit."""

    run: Callable[[WorkspaceState, Call], Json]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    caller: CallerKind = "bot"
    per_minute: int = 50


def check_arguments(method: Method, arguments: Json) -> None:
    """Raise Refused if a required argument is missing, or an argument is not in the reference."""
    messages = [
        f"missing required field: {name}"
        for name in method.required
        if arguments.get(name) in (None, "")
    ]
    # Bolt's clients add the team to every call; methods that do not use it ignore it.
    known = {*method.required, *method.optional, "team_id"}
    messages += [f"unsupported argument: {name}" for name in arguments if name not in known]
    if messages:
        raise invalid_arguments(*messages)
