"""The door to the cloud."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.clock import monotonic, utc_now
from bot.config import Settings
from bot.core.ports import Clock
from bot.doors.trust import revealed, trusted
from bot.modelarts.auth import KeySigning, TokenLogin
from bot.modelarts.client import SHARE_SECONDS, ModelArts
from bot.modelarts.transport import open_client


@asynccontextmanager
async def open_source(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[ModelArts]:
    """The cloud of the `MODELARTS_…` settings, over one client that is closed with it."""
    # A read that others share must not hide what the next poll would see.
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
