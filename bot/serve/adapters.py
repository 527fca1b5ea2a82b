"""Open the adapters of the settings: the cloud, Slack, the database.

Functions import Slack and the database when they run: `show` needs neither, and starts sooner.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from pydantic import SecretStr

from bot.config import Settings
from bot.core.health import Check, Verdict
from bot.core.ports.meter import UNMETERED, Meter
from bot.core.ports.time import Clock, Monotonic
from bot.core.ports.workspace_memory import WorkspaceMemory
from bot.core.text import Words, say
from bot.modelarts.auth import KeySigning, TokenLogin
from bot.modelarts.client import SHARE_SECONDS, ModelArts
from bot.modelarts.transport import open_client
from bot.serve.clock import SteadyClock, monotonic, utc_now

if TYPE_CHECKING:
    import aiohttp

    from bot.slack.outgoing.calls import SlackCalls
    from bot.slack.outgoing.messenger import SlackMessenger
    from bot.store.store import SqlStore, StoreCondition


@asynccontextmanager
async def open_source(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    monotonic: Monotonic = monotonic,
    meter: Meter = UNMETERED,
) -> AsyncIterator[ModelArts]:
    """Open the cloud of the `MODELARTS_…` settings, and close its HTTP client at the end."""
    # The client may answer from a read that is this old. Below half a poll interval, each poll
    # still makes a new read.
    half_a_poll = settings.poll_interval.total_seconds() / 2
    proxy_url, tls = revealed(settings.proxy_url), trusted(settings.ca_file)
    async with open_client(proxy_url=proxy_url, tls=tls) as client:
        source = ModelArts(
            client=client,
            endpoint=settings.modelarts_endpoint or "",
            project_id=settings.modelarts_project_id or "",
            login=_login(settings, clock),
            clock=clock,
            monotonic=monotonic,
            timeout=settings.api_timeout.total_seconds(),
            share_seconds=min(SHARE_SECONDS, half_a_poll),
            meter=meter,
        )
        try:
            yield source
        finally:
            await source.close()


def _login(settings: Settings, clock: Clock) -> KeySigning | TokenLogin:
    project_id = settings.modelarts_project_id or ""
    if settings.signs_requests:
        return KeySigning(
            access_key=revealed(settings.modelarts_access_key) or "",
            secret_key=revealed(settings.modelarts_secret_key) or "",
            security_token=revealed(settings.modelarts_security_token),
            project_id=project_id,
            clock=clock,
        )
    return TokenLogin(
        iam_endpoint=settings.modelarts_iam_endpoint or "",
        username=settings.modelarts_username or "",
        password=revealed(settings.modelarts_password) or "",
        domain=settings.modelarts_domain or "",
        project_id=project_id,
        clock=clock,
    )


def open_database(settings: Settings, clock: Clock, monotonic: Monotonic = monotonic) -> "SqlStore":
    """Return the store without connecting. Raises StoreUnavailable if the URL is not usable."""
    from bot.store.open import open_store

    return open_store(
        settings.database_url.get_secret_value(),
        # When the wall clock is set back, due times and leases must still pass.
        clock=SteadyClock(clock, monotonic=monotonic),
        lease=settings.lease,
        settle=settings.settle,
        interval=settings.poll_interval,
    )


async def store_checks(store: "SqlStore", *, within: timedelta) -> tuple[Check, ...]:
    """Check that the database answers in this time and has our schema; return one row for each."""
    condition = await store.check(within=within)
    if not condition.is_reachable:
        return (
            _check(say("database"), condition, told=say("does not answer, or takes no writes")),
        )
    place = Check(
        name=say("database"),
        verdict=Verdict.OK,
        found=condition.place,
        told=(say("answers"), ""),
    )
    if condition.problem:
        return place, _check(say("schema"), condition, told=say("is of another version than I am"))
    return place, Check(name=say("schema"), verdict=Verdict.OK, found=say("up to date"))


def _check(name: Words, condition: "StoreCondition", *, told: Words) -> Check:
    cure = say("whoever runs me sees why in `visjob doctor`")
    return Check(
        name=name,
        verdict=Verdict.FAILED,
        found=condition.problem,
        cure=condition.cure,
        told=(told, cure),
    )


async def open_messenger(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    memory: WorkspaceMemory | None = None,
    meter: Meter = UNMETERED,
) -> "SlackMessenger":
    """Open the Slack client of the bot token; `stack` closes it."""
    from bot.slack.outgoing.messenger import SlackMessenger

    return SlackMessenger(
        token=revealed(settings.slack_bot_token) or "",
        memory=memory,
        meter=meter,
        **await _way_to_slack(settings, stack),
    )


async def open_app_calls(settings: Settings, stack: AsyncExitStack) -> "SlackCalls":
    """Open the Slack client of the app-level token; `stack` closes it."""
    from bot.slack.outgoing.calls import SlackCalls

    return SlackCalls(
        token=revealed(settings.slack_app_token) or "", **await _way_to_slack(settings, stack)
    )


class _Way(TypedDict):
    api_url: str
    session: "aiohttp.ClientSession"
    timeout: float
    proxy_url: str | None
    ssl_context: ssl.SSLContext | None


async def _way_to_slack(settings: Settings, stack: AsyncExitStack) -> _Way:
    import aiohttp

    from bot.slack.outgoing.calls import without_redirects

    tls = trusted(settings.ca_file)
    connector = aiohttp.TCPConnector(ssl=tls or True)
    session = await stack.enter_async_context(
        aiohttp.ClientSession(connector=connector, trace_configs=[without_redirects()])
    )
    return _Way(
        api_url=settings.slack_api_url,
        session=session,
        timeout=settings.slack_timeout.total_seconds(),
        proxy_url=revealed(settings.proxy_url),
        ssl_context=tls,
    )


def revealed(secret: SecretStr | None) -> str | None:
    """Return the plain text of a secret, or None if it is not set."""
    return secret.get_secret_value() if secret else None


@cache
def trusted(ca_file: Path | None) -> ssl.SSLContext | None:
    """Return the TLS context that also trusts `ca_file`, or None without a file."""
    if ca_file is None:
        return None
    context = ssl.create_default_context()
    context.load_verify_locations(ca_file)
    return context
