"""The house rules on which readers may rely: what the documents say about the code is true."""

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft7Validator

from bot.cli import cli
from bot.config import SETTINGS_TABLE, settings_from
from bot.core.commands.verbs.registry import VERBS
from bot.slack import manifest as manifests
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.listeners import Listeners
from bot.slack.manifest import EVENTS, OPTIONAL_SCOPES, PATH, SCOPES, manifest, manifest_text
from tests.reference import ORACLES, method_page, needs_reference
from tests.sources import calls, sources, tree
from tests.typing_fakes import in_english

Json = dict[str, Any]

ROOT = Path(__file__).parent.parent
SOURCES = sources()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
HOST = "https://HOST"
SURFACES = [HOST, None]


@cache
def methods_called() -> dict[str, set[str]]:
    """Return every Web API method that the bot calls, with the names of its arguments."""
    called: dict[str, set[str]] = {}
    for path in sorted((ROOT / "bot" / "slack").rglob("*.py")):
        for node in calls(path):
            attribute = getattr(node.func, "attr", "")
            if attribute in _CALLING:
                first = node.args[0] if node.args else None
                method = first.value if isinstance(first, ast.Constant) else None
                if isinstance(method, str) and "." in method:
                    names = {keyword.arg for keyword in node.keywords if keyword.arg}
                    called.setdefault(method, set()).update(names | _CALLING[attribute])
    return called


# The methods by which `bot/slack` calls Slack, and the arguments that each of them adds.
_CALLING: dict[str, set[str]] = {
    "write": set(),
    "show": set(),
    "read": set(),
    "_pages": {"channel", "include_all_metadata", "oldest"},
}


def test_the_bot_calls_few_methods() -> None:
    assert set(methods_called()) == {
        "apps.connections.open",
        "auth.test",
        "chat.delete",
        "chat.postEphemeral",
        "chat.postMessage",
        "chat.unfurl",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.open",
        "conversations.replies",
        "usergroups.users.list",
        "users.info",
        "views.open",
        "views.publish",
        "views.update",
    }


@needs_reference
@pytest.mark.parametrize("method", sorted(methods_called()))
def test_each_call_has_its_scope_and_only_arguments_that_slack_knows(method: str) -> None:
    told = method_page(method)
    # A call may unpack a thread and a rendered message into its arguments.
    is_message = method.startswith("chat.") and method not in ("chat.delete", "chat.unfurl")
    spread = {"text", "blocks"} if is_message else set()
    given = methods_called()[method] | spread
    needed = set(told["scope"].get("bot", []))

    assert given <= set(told["args"]["properties"])
    assert set(told["args"].get("required", [])) - {"token"} <= given
    assert not needed or needed & {*SCOPES, *OPTIONAL_SCOPES}


@needs_reference
def test_no_scope_is_asked_for_that_nothing_needs() -> None:
    events = {event["name"]: event for event in json.loads(_oracle("slack-events.json"))}
    by_methods = {s for m in methods_called() for s in method_page(m)["scope"].get("bot", [])}
    # The reference lacks three events that exist; they have the scopes of similar events.
    by_events = [
        {scope.replace(".", ":") for scope in events[name]["scopes"]}
        for name in EVENTS
        if name in events
    ]

    assert all(not scopes or scopes & {*SCOPES, *OPTIONAL_SCOPES} for scopes in by_events)
    assert set(SCOPES) <= {"commands", *by_methods, *(scope for one in by_events for scope in one)}


def _oracle(name: str) -> str:
    return (ORACLES / name).read_text()


def test_each_event_in_the_manifest_has_a_listener_of_its_own() -> None:
    class Noted:
        """A stand-in for Bolt's app that records which listeners are registered."""

        def __init__(self) -> None:
            self.events: list[object] = []

        def event(self, event_filter: object) -> Any:
            self.events.append(event_filter)
            return lambda listener: listener

        def __getattr__(self, kind: str) -> Any:
            return lambda *_: lambda listener: listener

    noted = Noted()
    none: Any = None  # the app is only a place to register
    listeners = Listeners(
        none,
        none,
        none,
        BackgroundTasks(),
        offers=none,
        greetings=none,
        clicks=none,
        languages=in_english(),
        strangers=none,
        claims=none,
        monotonic=lambda: 0.0,
    )
    listeners.register(noted)  # type: ignore[arg-type]  # stands in for Bolt's app

    # A listener gets one event type for the messages of every kind of conversation.
    heard = {event for event in noted.events if isinstance(event, str)}
    assert heard == {event.partition(".")[0] for event in EVENTS}


@needs_reference
@pytest.mark.parametrize("url", SURFACES)
def test_the_manifest_is_one_that_slack_takes(url: str | None) -> None:
    schema = json.loads(_oracle("slack-manifest.schema.json"))
    hosts = ("console.huaweicloud.com", ".example.com", "a.example", "b.example", "c.example")
    made = yaml.safe_load(
        manifest_text(command="/visjob", url=url, link_hosts=(*hosts, "d.example", "e.example"))
    )

    assert [error.message for error in Draft7Validator(schema).iter_errors(made)] == []


@pytest.mark.parametrize("url", SURFACES)
def test_every_address_in_the_manifest_is_the_one_that_is_served(url: str | None) -> None:
    made = manifest(command="/tb", url=url)
    found = re.findall(r"https://[^\s'\"]+", manifest_text(command="/tb", url=url))

    assert set(found) == ({f"{HOST}{PATH}"} if url else set())
    assert len(found) == (4 if url else 0)
    assert made["settings"]["socket_mode_enabled"] is (url is None)
    assert made["features"]["slash_commands"][0]["command"] == "/tb"
    assert made["features"]["slash_commands"][0]["should_escape"] is True


def test_each_scope_says_why_it_is_asked_for() -> None:
    assert all(SCOPES.values())
    assert manifests.__doc__


def test_the_manifest_in_the_repository_is_the_one_that_the_command_prints() -> None:
    printed = CliRunner().invoke(cli, ["manifest", "--url", HOST], catch_exceptions=False)
    lines = [line for line in printed.stdout.splitlines() if not line.startswith("#")]

    assert (ROOT / "app_manifest.yaml").read_text().splitlines() == lines


def cells(row: str) -> list[str]:
    return [cell.strip().strip("`") for cell in row.strip().strip("|").split("|")]


def test_the_page_lists_every_setting_as_the_program_knows_it() -> None:
    lines = (ROOT / "docs/settings.md").read_text().splitlines()
    start = lines.index("| name | meaning | default |") + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append(cells(line))

    assert rows == [[row.name, row.meaning, row.default] for row in SETTINGS_TABLE]


def paths_named(page: Path) -> list[str]:
    """Return what a page links to, or names in code, if it looks like one of our files."""
    text = page.read_text()
    linked = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    folders = "bot|tests|docs|bench|page|scripts|\\.ci"
    named = re.findall(rf"`((?:{folders})/[\w./*-]*)`", text)
    return [*(str((page.parent / link).resolve().relative_to(ROOT)) for link in linked), *named]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_only_files_that_exist(page: Path) -> None:
    missing = [name for name in paths_named(page) if not list(ROOT.glob(name.rstrip("/")))]

    assert missing == []


def test_the_pages_do_name_files() -> None:
    assert sum(len(paths_named(page)) for page in PAGES) > 10


def test_every_source_is_short_and_says_what_it_knows() -> None:
    long = {str(p.relative_to(ROOT)): n for p in SOURCES if (n := len(_lines(p))) > 300}
    silent = [str(p.relative_to(ROOT)) for p in SOURCES if not ast.get_docstring(tree(p))]

    assert long == {}
    assert silent == []


@pytest.mark.slow
def test_no_function_is_long() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in SOURCES
        if "migrations" not in path.parts  # a list of tables may be long
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > 45
    }

    assert long == {}


def test_no_file_is_named_for_nothing() -> None:
    nothing = {"utils", "util", "helpers", "common", "base", "manager", "misc", "types"}

    assert [str(path) for path in SOURCES if path.stem in nothing] == []


def test_clocks_and_environment_are_read_where_they_belong() -> None:
    owners = {
        "datetime.now": {"bot/serve/clock.py"},
        "time.monotonic": {"bot/serve/clock.py"},
        "time.sleep": set(),
        "time.time(": set(),
    }
    for words, allowed in owners.items():
        found = {str(p.relative_to(ROOT)) for p in SOURCES if words in p.read_text()}
        assert found <= allowed, words


def test_a_person_meets_every_verb_in_the_docs() -> None:
    page = (ROOT / "docs/using.md").read_text()
    verbs = [verb.name for verb in VERBS]

    assert [name for name in verbs if not re.search(rf"`[^`]*\b{name}\b", page)] == []
    assert "… `share`" in page


def test_the_readme_is_for_a_person_in_a_hurry() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 80


def test_no_secret_is_in_a_repr_of_the_settings() -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-1-1-canary",
        "SLACK_SIGNING_SECRET": "canary7c2d3e4f5a69788796a5b4c3d2e",
        "SLACK_APP_TOKEN": "xapp-1-canary",
        "MODELARTS_ACCESS_KEY": "CANARYACCESSKEY",
        "MODELARTS_SECRET_KEY": "canarysecretkey",
        "MODELARTS_PASSWORD": "canarypassword",
        "MODELARTS_SECURITY_TOKEN": "canarysecuritytoken",
        "DATABASE_URL": "postgres://ana:canary@db.example/visjob",
        "VISJOB_PROXY_URL": "http://ana:canary@proxy.example:3128",
        "VISJOB_DEADMAN_URL": "https://hc-ping.com/canary",
        "VISJOB_METRICS_TOKEN": "canarymetrics-0123",
    }
    settings = settings_from(secrets)

    for shown in (repr(settings), str(settings), f"{settings.model_dump()!r}"):
        assert "canary" not in shown.lower()


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()
