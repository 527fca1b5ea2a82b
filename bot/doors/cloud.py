"""The door to the cloud."""

from bot.clock import monotonic, utc_now
from bot.config import Settings
from bot.core.ports import Clock
from bot.doors.trust import revealed, trusted
from bot.modelarts.auth import KeySigning, TokenLogin
from bot.modelarts.client import SHARE_SECONDS, ModelArts


def cloud_source(settings: Settings, *, clock: Clock = utc_now) -> ModelArts:
    """The cloud of the `MODELARTS_…` settings. It must be closed."""
    # A read that others share must not hide what the next poll would see.
    half_a_poll = settings.poll_interval.total_seconds() / 2
    return ModelArts(
        endpoint=settings.modelarts_endpoint or "",
        project_id=settings.modelarts_project_id or "",
        login=_login(settings, clock),
        clock=clock,
        monotonic=monotonic,
        timeout=settings.api_timeout.total_seconds(),
        proxy_url=revealed(settings.proxy_url),
        share_seconds=min(SHARE_SECONDS, half_a_poll),
        tls=trusted(settings.ca_file),
    )


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
