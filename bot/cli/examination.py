"""Check all that the bot depends on: settings, database, Slack, the cloud, the clock."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from functools import reduce

from bot.cli.examine_database import database_rows, good_store
from bot.cli.examine_extras import extras_rows
from bot.cli.examine_reach import (
    CHANNELS,
    channels_row,
    deadman_row,
    operators_row,
    public_row,
)
from bot.cli.rows import failed, ok, warning
from bot.config import (
    SERVE,
    SERVE_SOCKET_MODE,
    Problem,
    Settings,
    doubts,
    read_settings,
    unknown_settings,
)
from bot.core.cards.wording import duration_words
from bot.core.errors import BotError, StoreUnavailable
from bot.core.foreign_words import foreign_sentence
from bot.core.health import Check, Verdict
from bot.core.text import Text, Words, all_of, enumeration, say, sentences
from bot.responder.health import CLOUD, odd_rows_check
from bot.serve.adapters import open_app_calls, open_messenger, open_source
from bot.serve.clock import utc_now
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES
from bot.slack.outgoing.app_token import check_app_token
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.operators import groups_among

# Slack refuses requests signed with a clock that is 5 min off, the cloud with one 15 min off.
_SKEW_WORTH_KNOWING = timedelta(seconds=60)
_SKEW_THAT_BREAKS = timedelta(seconds=300)

#: How far the clock of each other side is ahead of ours, by the name of the side.
_Skews = dict[Words, timedelta]
_SLACK, _CLOUD_ITSELF = "Slack", say("the cloud")


async def checks(*, url: str = "") -> AsyncIterator[Check]:
    """Yield all checks, each with its own name; `url` is where Slack reaches the bot."""
    settings, problems = read_settings(SERVE)
    if settings.slack_app_token and not settings.slack_signing_secrets:
        settings, problems = read_settings(SERVE_SOCKET_MODE)
    for check in _settings_rows(settings, problems):
        yield check
    wrong = {problem.name for problem in problems}
    if "DATABASE_URL" not in wrong:
        async for check in database_rows(settings):
            yield check
    is_cloud_set = not any(name.startswith("MODELARTS_") for name in wrong)
    async for check in _outside(settings, asks_cloud=is_cloud_set):
        yield check
    if url and settings.slack_signing_secrets:
        yield await public_row(settings, url)
    async for check in _observers(settings):
        yield check


async def _observers(settings: Settings) -> AsyncIterator[Check]:
    if settings.deadman_url:
        yield await deadman_row(settings)
    async for check in extras_rows(settings):
        yield check


async def _outside(settings: Settings, *, asks_cloud: bool) -> AsyncIterator[Check]:
    skews: _Skews = {}
    if settings.slack_bot_token:
        async for check in _slack(settings, skews):
            yield check
    if settings.slack_app_token:
        yield await _socket_mode(settings)
    if asks_cloud:
        yield await _cloud(CLOUD, settings, skews)
        if settings.signs_requests and settings.has_password:
            yield await _cloud(_CLOUD_BY_PASSWORD, settings.without_keys(), skews)
    if skews:
        yield _clock(skews)


def _settings_rows(settings: Settings, problems: tuple[Problem, ...]) -> list[Check]:
    rows = [failed(problem.name, problem.found, problem.cure) for problem in problems]
    if not problems:
        mode = "HTTP" if settings.slack_signing_secrets else "Socket Mode"
        rows.append(ok(say("settings"), say("complete for {mode}", mode=mode)))
    rows += [warning(doubt.name, doubt.found, doubt.cure) for doubt in doubts(settings)]
    rows += [warning(one.name, one.found, one.cure) for one in unknown_settings()]
    return rows


async def _slack(settings: Settings, skews: _Skews) -> AsyncIterator[Check]:
    async with AsyncExitStack() as stack:
        messenger = await open_messenger(settings, stack)
        try:
            identity = await messenger.identify()
        except BotError as error:
            yield failed(_SLACK_TOKEN, sentences(error.sentence, error.code), error.hint)
            return
        if identity.slack_time:
            skews[_SLACK] = identity.slack_time - utc_now()
        yield _scopes(identity.scopes, identity.team)
        if optional := [scope for scope in OPTIONAL_SCOPES if scope not in identity.scopes]:
            yield _optional_scopes(optional)
        if groups := groups_among(settings.operators):
            yield await operators_row(messenger, groups)
        async for check in _channels(settings, messenger, identity.team_id):
            yield check


def _scopes(granted: frozenset[str], team: str) -> Check:
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        cure = say("reinstall the app from `visjob manifest`")
        return failed(_SLACK_TOKEN, say("lacks {scopes}", scopes=enumeration(missing)), cure)
    return ok(_SLACK_TOKEN, say("a bot token of {team}, with every scope", team=team))


def _optional_scopes(missing: list[str]) -> Check:
    without = [
        say("without {scope}: {use}", scope=scope, use=OPTIONAL_SCOPES[scope]) for scope in missing
    ]
    cure = say("reinstall the app from `visjob manifest` and allow them, if you want that")
    return warning(say("optional scopes"), reduce(_and_then, without), cure)


def _and_then(first: Text, following: Text) -> Text:
    return say("{first}; {next}", first=first, next=following)


async def _channels(
    settings: Settings, messenger: SlackMessenger, team_id: str
) -> AsyncIterator[Check]:
    try:
        async with good_store(settings) as store:
            if store is not None:
                yield await channels_row(messenger, store, team_id)
    except StoreUnavailable as error:
        yield warning(CHANNELS, error.sentence, error.hint)


async def _socket_mode(settings: Settings) -> Check:
    async with AsyncExitStack() as stack:
        return await check_app_token(await open_app_calls(settings, stack))


async def _cloud(name: Words, settings: Settings, skews: _Skews) -> Check:
    async with open_source(settings) as source:
        try:
            await source.check_login()
            odd = (await source.list_all()).odd
            found = say(
                "login accepted, jobs of project {project} can be read", project=source.project_id
            )
            return replace(odd_rows_check(found, len(odd)), name=name) if odd else ok(name, found)
        except BotError as error:
            said = sentences(error.sentence, foreign_sentence(error.vendor_text, error.code))
            return failed(name, said, error.hint)
        finally:
            if source.last_server_skew is not None:
                skews[_CLOUD_ITSELF] = source.last_server_skew


def _clock(skews: _Skews) -> Check:
    whose = max(skews, key=lambda side: abs(skews[side]))
    skew = skews[whose]
    if abs(skew) <= _SKEW_WORTH_KNOWING:
        return ok(_CLOCK, say("agrees with {sides}", sides=all_of([*skews])))
    span = duration_words(abs(skew))
    if skew > timedelta():
        found = say("{span} behind that of {side}", span=span, side=whose)
    else:
        found = say("{span} ahead of that of {side}", span=span, side=whose)
    is_broken = abs(skew) >= _SKEW_THAT_BREAKS
    if is_broken:
        found = say("{found}: every request of Slack's is refused", found=found)
    return Check(
        name=_CLOCK,
        verdict=Verdict.FAILED if is_broken else Verdict.WARNING,
        found=found,
        cure=say("set it by NTP, for example `timedatectl set-ntp true`"),
    )


_CLOCK, _SLACK_TOKEN = say("clock"), say("Slack token")
_CLOUD_BY_PASSWORD = say("cloud by password")
