"""The stand-in's methods against Slack's own reference, as far as that lies beside the project."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.api import METHODS
from tests.demo.slack_world import TOKEN
from tests.reference import ORACLES, method_page, needs_reference

Json = dict[str, Any]
REFERENCE = sorted(path.stem for path in (ORACLES / "slack-methods").glob("*.json"))
DOCUMENTED = [name for name in REFERENCE if name in METHODS]
TIERS = {"t1": 1, "t2": 20, "t3": 50, "t4": 100, "t5": 600, None: 50}
# The reference lists what a method adds; these any call can meet, and hooks have their own.
EVERYWHERE = {
    "account_inactive",
    "invalid_arguments",
    "invalid_auth",
    "invalid_json",
    "json_not_object",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "token_revoked",
    "unknown_method",
}
HOOKS = {"expired_url", "invalid_url", "used_url"}


@needs_reference
@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_method_takes_the_documented_arguments_and_scopes(name: str) -> None:
    told, method = method_page(name), METHODS[name]

    assert {*method.required, *method.optional} == told["args"]["properties"].keys() - {"token"}
    assert set(method.required) == set(told["args"].get("required", [])) - {"token"}
    assert set(method.scopes) == set(told["scope"].get("bot", []))
    assert method.per_minute == TIERS[told.get("rate_limits")]


@needs_reference
def test_every_error_code_is_documented() -> None:
    documented = {code for name in DOCUMENTED for code in method_page(name)["errors"]}
    folder = Path(__file__).parents[2] / "bot" / "demo" / "workspace"
    raised = {
        code
        for path in folder.glob("*.py")
        for code in re.findall(r'(?:Refused|Lapsed)\(\s*"([a-z_]+)"', path.read_text())
    }

    assert len(raised) > 50
    assert raised - documented - EVERYWHERE - HOOKS == set()


@pytest.mark.parametrize("name", sorted(METHODS))
async def test_an_undocumented_argument_is_refused(workspace: StandInWorkspace, name: str) -> None:
    method = METHODS[name]
    token = {"bot": TOKEN, "app": workspace.installation.app_token}
    every = {needed: "x" for needed in method.required}
    workspace.installation.scopes = frozenset(method.scopes)

    answer = workspace.api.call(name, {**every, "client_msg_id": "1"}, token[method.caller])

    assert answer["error"] == "invalid_arguments"
    said = answer["response_metadata"]["messages"]
    assert said == ["[ERROR] unsupported argument: client_msg_id"]


@pytest.mark.parametrize("name", sorted(n for n, m in METHODS.items() if m.required))
async def test_a_missing_argument_is_named(workspace: StandInWorkspace, name: str) -> None:
    workspace.installation.scopes = frozenset(METHODS[name].scopes)

    answer = workspace.api.call(name, {}, TOKEN)

    said = answer["response_metadata"]["messages"]
    assert said == [f"[ERROR] missing required field: {a}" for a in METHODS[name].required]


@pytest.mark.parametrize("name", sorted(n for n, m in METHODS.items() if m.scopes))
async def test_a_call_without_its_scope_says_what_is_needed(
    workspace: StandInWorkspace, name: str
) -> None:
    workspace.installation.scopes = frozenset({"commands"})

    answer = workspace.api.call(name, {}, TOKEN)

    needed = ",".join(METHODS[name].scopes)
    assert answer == {
        "ok": False,
        "error": "missing_scope",
        "needed": needed,
        "provided": "commands",
    }


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", None, "not_authed"),
        ("auth.test", "xoxb-someone-else", "invalid_auth"),
        ("auth.test", "xapp-stand-in", "not_allowed_token_type"),
        ("apps.connections.open", TOKEN, "not_allowed_token_type"),
        ("chat.postmessage", TOKEN, "unknown_method"),
    ],
)
async def test_a_wrong_token_or_method_is_refused(
    workspace: StandInWorkspace, method: str, token: str | None, error: str
) -> None:
    assert workspace.api.call(method, {}, token)["error"] == error
