"""Looks at all that the bot stands on: settings, database, Slack, the cloud, the clock."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from bot.config import SERVE, SERVE_SOCKET_MODE, Problem, Settings, doubts, read_settings
from bot.core.cards.wording import duration_words
from bot.core.errors import BotError, StoreUnavailable
from bot.core.health import Check, Verdict
from bot.core.text import Words, all_of, enumeration, say, say_many, sentences
from bot.responder.health import CLOUD, odd_rows_check
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
_Skews = dict[Words, timedelta]
_SLACK, _CLOUD_ITSELF = "Slack", say("the cloud")


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
        rows.append(_ok(say("settings"), say("complete for {mode}", mode=mode)))
    rows += [
        Check(name=doubt.name, verdict=Verdict.WARNING, found=doubt.found, cure=doubt.cure)
        for doubt in doubts(settings)
    ]
    return rows


async def _database(settings: Settings) -> AsyncIterator[Check]:
    url = settings.database_url.get_secret_value()
    new_file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    if new_file and not new_file.exists() and os.access(new_file.parent, os.W_OK):
        found = say("`visjob serve` creates the SQLite file {path}", path=str(new_file))
        yield _ok(_DATABASE, found)
        return
    try:
        store = open_store(url, clock=utc_now)
    except StoreUnavailable as error:
        yield _failed(_DATABASE, error.sentence, error.hint)
        return
    try:
        rows = await store_checks(store)
        for check in rows:
            if url.startswith("sqlite") and check.key == "schema" and check.cure:
                yield _ok(check.name, say("`visjob serve` creates it by itself on SQLite"))
            else:
                yield check
        if all(check.verdict is Verdict.OK for check in rows):
            yield await _dead_letters(store, settings.command)
    finally:
        await store.close()


async def _dead_letters(store: SqlStore, command: str) -> Check:
    try:
        count = await store.history.count_dead_letters()
    except StoreUnavailable as error:
        return _failed(_OUTBOX, error.sentence, error.hint)
    if not count:
        return _ok(_OUTBOX, say("no dead letters"))
    found = say_many(
        "{count} dead letter: given up, and not tried again by themselves",
        "{count} dead letters: given up, and not tried again by themselves",
        count,
    )
    cure = say(
        "say `{command} status letters` in Slack: it tells why, and sends them again",
        command=command,
    )
    return Check(name=_OUTBOX, verdict=Verdict.WARNING, found=found, cure=cure)


async def _slack(settings: Settings, skews: _Skews) -> Check:
    async with AsyncExitStack() as stack:
        messenger = await open_messenger(settings, stack)
        try:
            identity = await messenger.identify()
        except BotError as error:
            return _failed(_SLACK_TOKEN, sentences(error.sentence, error.code), error.hint)
    if identity.slack_time:
        skews[_SLACK] = identity.slack_time - utc_now()
    missing = [scope for scope in SCOPES if scope not in identity.scopes]
    if missing:
        cure = say("reinstall the app from `visjob manifest`")
        lacks = say("lacks {scopes}", scopes=enumeration(missing))
        return _failed(_SLACK_TOKEN, lacks, cure)
    found = say("a bot token of {team}, with every scope", team=identity.team)
    return _ok(_SLACK_TOKEN, found)


async def _socket_mode(settings: Settings) -> Check:
    async with AsyncExitStack() as stack:
        return await check_app_token(await open_app_calls(settings, stack))


async def _cloud(settings: Settings, skews: _Skews) -> Check:
    async with open_source(settings) as source:
        try:
            await source.check_login()
            odd = (await source.list_all()).odd
            found = say(
                "login accepted, jobs of project {project} can be read", project=source.project_id
            )
            return odd_rows_check(found, len(odd)) if odd else _ok(CLOUD, found)
        except BotError as error:
            return _failed(
                CLOUD, sentences(error.sentence, error.vendor_text, error.code), error.hint
            )
        finally:
            if source.last_server_skew is not None:
                skews[_CLOUD_ITSELF] = source.last_server_skew


def _clock(skews: _Skews) -> Check:
    whose = max(skews, key=lambda side: abs(skews[side]))
    skew = skews[whose]
    if abs(skew) <= _SKEW_WORTH_KNOWING:
        return _ok(_CLOCK, say("agrees with {sides}", sides=all_of([*skews])))
    is_broken = abs(skew) >= _SKEW_THAT_BREAKS
    span = duration_words(abs(skew))
    if skew > timedelta():
        found = say("{span} behind that of {side}", span=span, side=whose)
    else:
        found = say("{span} ahead of that of {side}", span=span, side=whose)
    if is_broken:
        found = say("{found}: every request of Slack's is refused", found=found)
    return Check(
        name=_CLOCK,
        verdict=Verdict.FAILED if is_broken else Verdict.WARNING,
        found=found,
        cure=say("set it by NTP, for example `timedatectl set-ntp true`"),
    )


def _ok(name: Words, found: Words) -> Check:
    return Check(name=name, verdict=Verdict.OK, found=found)


def _failed(name: Words, found: Words, cure: Words) -> Check:
    return Check(name=name, verdict=Verdict.FAILED, found=found, cure=cure or _LOOK)


_LOOK = say("run it again in a minute; if it stays so, look at the log of `visjob serve`")
_DATABASE, _OUTBOX, _CLOCK = say("database"), say("outbox"), say("clock")
_SLACK_TOKEN = say("Slack token")
