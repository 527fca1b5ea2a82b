"""Looks at all that the bot stands on: settings, database, Slack, the cloud, the clock."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from bot.config import SERVE, SERVE_SOCKET_MODE, Problem, Settings, doubts, read_settings
from bot.core.cards.wording import count_words, duration_words
from bot.core.errors import BotError, StoreUnavailable
from bot.core.health import Check, Verdict
from bot.core.text import Words
from bot.responder.health import odd_rows_check
from bot.serve.adapters import open_app_calls, open_messenger, open_source, store_checks
from bot.serve.clock import utc_now
from bot.slack.manifest import SCOPES
from bot.slack.outgoing.app_token import check_app_token
from bot.store.open import open_store
from bot.store.store import SqlStore

# Slack refuses what is signed with a clock 5 min off, the cloud at 15 min.
_SKEW_WORTH_KNOWING = timedelta(seconds=60)
_SKEW_THAT_BREAKS = timedelta(seconds=300)

#: How far the clock of each side is ahead of ours.
_Skews = dict[str, timedelta]


async def checks() -> AsyncIterator[Check]:
    """Every check, each under a name of its own."""
    settings, problems = read_settings(SERVE)
    if settings.slack_app_token and not settings.slack_signing_secrets:
        settings, problems = read_settings(SERVE_SOCKET_MODE)
    for check in _settings_rows(settings, problems):
        yield check
    wrong = {problem.name for problem in problems}
    if "DATABASE_URL" not in wrong:
        async for check in _database(settings):
            yield check
    is_cloud_set = not any(name.startswith("MODELARTS_") for name in wrong)
    async for check in _outside(settings, asks_cloud=is_cloud_set):
        yield check


async def _outside(settings: Settings, *, asks_cloud: bool) -> AsyncIterator[Check]:
    skews: _Skews = {}
    if settings.slack_bot_token:
        yield await _slack(settings, skews)
    if settings.slack_app_token:
        yield await _socket_mode(settings)
    if asks_cloud:
        yield await _cloud(settings, skews)
    if skews:
        yield _clock(skews)


def _settings_rows(settings: Settings, problems: tuple[Problem, ...]) -> list[Check]:
    rows = [_failed(problem.name, problem.found, problem.cure) for problem in problems]
    if not problems:
        mode = "HTTP" if settings.slack_signing_secrets else "Socket Mode"
        rows.append(_ok("settings", f"complete for {mode}"))
    rows += [
        Check(name=doubt.name, verdict=Verdict.WARNING, found=doubt.found, cure=doubt.cure)
        for doubt in doubts(settings)
    ]
    return rows


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
        found = await store_checks(store)
        for check in found:
            if url.startswith("sqlite") and check.name == "schema" and check.cure:
                yield _ok("schema", "`visjob serve` creates it by itself on SQLite")
            else:
                yield check
        if all(check.verdict is Verdict.OK for check in found):
            yield await _dead_letters(store, settings.command)
    finally:
        await store.close()


async def _dead_letters(store: SqlStore, command: str) -> Check:
    try:
        count = await store.history.count_dead_letters()
    except StoreUnavailable as error:
        return _failed("outbox", str(error), error.hint)
    if not count:
        return _ok("outbox", "no dead letters")
    found = f"{count_words(count, 'dead letter')}: given up, and not tried again by themselves"
    cure = f"say `{command} status letters` in Slack: it tells why, and sends them again"
    return Check(name="outbox", verdict=Verdict.WARNING, found=found, cure=cure)


async def _slack(settings: Settings, skews: _Skews) -> Check:
    async with AsyncExitStack() as stack:
        messenger = await open_messenger(settings, stack)
        try:
            identity = await messenger.identify()
        except BotError as error:
            return _failed("Slack token", f"{error} {error.code}".strip(), error.hint)
    if identity.slack_time:
        skews["Slack"] = identity.slack_time - utc_now()
    missing = [scope for scope in SCOPES if scope not in identity.scopes]
    if missing:
        cure = "reinstall the app from `visjob manifest`"
        return _failed("Slack token", f"lacks {', '.join(missing)}", cure)
    return _ok("Slack token", f"a bot token of {identity.team}, with every scope")


async def _socket_mode(settings: Settings) -> Check:
    async with AsyncExitStack() as stack:
        return await check_app_token(await open_app_calls(settings, stack))


async def _cloud(settings: Settings, skews: _Skews) -> Check:
    async with open_source(settings) as source:
        try:
            await source.check_login()
            odd = (await source.list_all()).odd
            found = f"login accepted, jobs of project {source.project_id} can be read"
            return odd_rows_check(found, len(odd)) if odd else _ok("cloud", found)
        except BotError as error:
            said = " ".join(part for part in (str(error), error.vendor_text, error.code) if part)
            return _failed("cloud", said, error.hint)
        finally:
            if source.last_server_skew is not None:
                skews["the cloud"] = source.last_server_skew


def _clock(skews: _Skews) -> Check:
    whose = max(skews, key=lambda side: abs(skews[side]))
    skew = skews[whose]
    if abs(skew) <= _SKEW_WORTH_KNOWING:
        return _ok("clock", f"agrees with {' and '.join(skews)}")
    direction = "behind" if skew > timedelta() else "ahead of"
    verdict = Verdict.FAILED if abs(skew) >= _SKEW_THAT_BREAKS else Verdict.WARNING
    return Check(
        name="clock",
        verdict=verdict,
        found=f"{duration_words(abs(skew))} {direction} that of {whose}"
        + (": every request of Slack's is refused" if verdict is Verdict.FAILED else ""),
        cure="set it by NTP, for example `timedatectl set-ntp true`",
    )


def _ok(name: str, found: Words) -> Check:
    return Check(name=name, verdict=Verdict.OK, found=found)


def _failed(name: str, found: Words, cure: Words) -> Check:
    return Check(name=name, verdict=Verdict.FAILED, found=found, cure=cure or _LOOK)


_LOOK = "run it again in a minute; if it stays so, look at the log of `visjob serve`"
