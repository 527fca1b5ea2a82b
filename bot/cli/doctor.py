"""`visjob doctor`: looks at all that the bot stands on; what is not well ends with its cure."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.config import (
    SERVE,
    SERVE_SOCKET_MODE,
    Problem,
    Settings,
    doubts,
    read_settings,
)
from bot.core.cards.cleaning import shown
from bot.core.cards.wording import count_words, duration_words
from bot.core.errors import BotError, StoreUnavailable
from bot.core.health import Check, Verdict
from bot.core.text import Words
from bot.responder.health import odd_rows_check
from bot.serve.adapters import open_messenger, open_source, store_checks
from bot.serve.clock import utc_now
from bot.slack.manifest import SCOPES
from bot.store.open import open_store
from bot.store.store import SqlStore

# Slack refuses what is signed with a clock 5 min off, the cloud at 15 min.
_LONGEST_FOUND = 1_000
_SKEW_WORTH_KNOWING = timedelta(seconds=60)
_SKEW_THAT_BREAKS = timedelta(seconds=300)

_SYMBOLS = {Verdict.OK: "✅", Verdict.WARNING: "⚠️ ", Verdict.FAILED: "❌"}


async def examine(*, as_json: bool) -> int:
    """Print one row per check; the exit code: 0 if nothing failed, else 1."""
    checks = [check async for check in _checks()]
    if as_json:
        rows = [
            {
                "check": check.key,
                "verdict": check.verdict.value,
                "found": str(check.found),
                "cure": str(check.cure) or None,
            }
            for check in checks
        ]
        Console().out(json.dumps(rows, indent=2, ensure_ascii=False), highlight=False)
    else:
        _draw(checks)
    return 1 if any(check.verdict is Verdict.FAILED for check in checks) else 0


async def _checks() -> AsyncIterator[Check]:
    settings, problems = read_settings(SERVE)
    if settings.slack_app_token and not settings.slack_signing_secrets:
        settings, problems = read_settings(SERVE_SOCKET_MODE)
    for check in _settings_rows(settings, problems):
        yield check
    wrong = {problem.name for problem in problems}
    if "DATABASE_URL" not in wrong:
        async for check in _database(settings):
            yield check
    if settings.slack_bot_token:
        yield await _slack(settings)
    if not any(name.startswith("MODELARTS_") for name in wrong):
        async for check in _cloud(settings):
            yield check


def _settings_rows(settings: Settings, problems: tuple[Problem, ...]) -> list[Check]:
    rows = [_settings_row(problem) for problem in problems]
    if not problems:
        mode = "HTTP" if settings.slack_signing_secrets else "Socket Mode"
        rows.append(_ok("settings", f"complete for {mode}"))
    for doubt in doubts(settings):
        found = f"{doubt.name}: {doubt.got}, which does not look like one of Slack's"
        rows.append(
            Check(name="settings", verdict=Verdict.WARNING, found=found, cure=doubt.expected)
        )
    return rows


def _settings_row(problem: Problem) -> Check:
    return _failed(
        "settings",
        f"{problem.name}: got {problem.got}",
        f"set it to {problem.expected}, for example {problem.example}",
    )


async def _database(settings: Settings) -> AsyncIterator[Check]:
    url = settings.database_url.get_secret_value()
    new_file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    if new_file and not new_file.exists() and os.access(new_file.parent, os.W_OK):
        yield _ok("database", f"`visjob serve` creates the SQLite file {new_file}")
        return
    try:
        store = open_store(url, clock=utc_now)
    except StoreUnavailable as error:
        yield _failed("database", str(error), error.hint)
        return
    try:
        checks = await store_checks(store)
        for check in checks:
            if url.startswith("sqlite") and check.name == "schema" and check.cure:
                yield _ok("schema", "`visjob serve` creates it by itself on SQLite")
            else:
                yield check
        if all(check.verdict is Verdict.OK for check in checks):
            yield await _dead_letters(store)
    finally:
        await store.close()


async def _dead_letters(store: SqlStore) -> Check:
    try:
        count = await store.history.count_dead_letters()
    except StoreUnavailable as error:
        return _failed("outbox", str(error), error.hint)
    if not count:
        return _ok("outbox", "no dead letters")
    found = f"{count_words(count, 'dead letter')}: given up, and not tried again by themselves"
    cure = "say `status letters` in Slack: it tells why, and sends them again"
    return Check(name="outbox", verdict=Verdict.WARNING, found=found, cure=cure)


async def _slack(settings: Settings) -> Check:
    async with AsyncExitStack() as stack:
        messenger = await open_messenger(settings, stack)
        try:
            identity = await messenger.identify()
        except BotError as error:
            return _failed("Slack token", f"{error} {error.code}".strip(), error.hint)
    missing = [scope for scope in SCOPES if scope not in identity.scopes]
    if missing:
        cure = "reinstall the app from `visjob manifest`"
        return _failed("Slack token", f"lacks {', '.join(missing)}", cure)
    return _ok("Slack token", f"a bot token of {identity.team}, with every scope")


async def _cloud(settings: Settings) -> AsyncIterator[Check]:
    async with open_source(settings) as source:
        try:
            await source.check_login()
            odd = (await source.list_all()).odd
            found = f"login accepted, jobs of project {source.project_id} can be read"
            yield odd_rows_check(found, len(odd)) if odd else _ok("cloud", found)
        except BotError as error:
            said = " ".join(part for part in (str(error), error.vendor_text, error.code) if part)
            yield _failed("cloud", said, error.hint)
    if source.last_server_skew is not None:
        yield _clock(source.last_server_skew)


def _clock(skew: timedelta) -> Check:
    if abs(skew) <= _SKEW_WORTH_KNOWING:
        return _ok("clock", "agrees with the cloud's")
    found = (
        f"{duration_words(abs(skew))} {'behind' if skew > timedelta() else 'ahead of'} the cloud's"
    )
    verdict = Verdict.FAILED if abs(skew) >= _SKEW_THAT_BREAKS else Verdict.WARNING
    return Check(name="clock", verdict=verdict, found=found, cure="set this host's clock by NTP")


def _draw(checks: list[Check]) -> None:
    table = Table(box=None, show_header=False, padding=(0, 1))
    for check in checks:
        # As text: words of the cloud or of Slack are no markup, and command no terminal.
        found = Text(shown(str(check.found), _LONGEST_FOUND))
        if check.cure and check.verdict is not Verdict.OK:
            found.append(f"\n→ {check.cure}")
        table.add_row(_SYMBOLS[check.verdict], str(check.name), found)
    Console().print(table)


def _ok(name: Words, found: Words) -> Check:
    return Check(name=name, verdict=Verdict.OK, found=found)


def _failed(name: Words, found: Words, cure: Words) -> Check:
    return Check(name=name, verdict=Verdict.FAILED, found=found, cure=cure)
