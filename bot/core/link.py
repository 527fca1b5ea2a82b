"""Decides whether a TensorBoard link may be shown. The bot never opens it."""

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from bot.core.job import VisualizationJob

# Printable ASCII without anything that browsers and parsers disagree on: no user, no port
# but 443, no query or fragment (they may carry a credential), no backslash.
_PLAIN_HTTPS = re.compile(r"https://([A-Za-z0-9.-]+)(?::443)?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")

# A button's url in Slack (docs.slack.dev/reference/block-kit/block-elements/button-element).
LONGEST_URL = 3000


class NoLink(Enum):
    """Why a card offers no TensorBoard link."""

    NOT_RUNNING = "not running"
    MISSING = "missing"
    TOO_LONG = "too long"
    #: The link is not plain https, or may carry a credential.
    UNSAFE = "unsafe"
    FOREIGN_HOST = "foreign host"


def live_link(job: VisualizationJob, allowed_hosts: Iterable[str]) -> str:
    """Return the link if TensorBoard can be opened now and the link is safe to show, else an
    empty string. A name in `allowed_hosts` with a leading dot allows every name that ends in it."""
    return "" if why_no_link(job, allowed_hosts) else job.service_url


def why_no_link(job: VisualizationJob, allowed_hosts: Iterable[str]) -> NoLink | None:
    """Return why a job's link is not shown; None if it is."""
    if not job.status.has_live_link:
        return NoLink.NOT_RUNNING
    if not job.service_url:
        return NoLink.MISSING
    if len(job.service_url) > LONGEST_URL:
        return NoLink.TOO_LONG
    plain = _PLAIN_HTTPS.fullmatch(job.service_url)
    if not plain:
        return NoLink.UNSAFE
    is_allowed = is_allowed_host(plain[1].lower().rstrip("."), allowed_hosts)
    return None if is_allowed else NoLink.FOREIGN_HOST


def console_address(job: VisualizationJob | None, allowed_hosts: Sequence[str]) -> str:
    """Return the host of the cloud's console: that of the job's own link if it is safe, else the
    first allowed host; empty if none is a full name."""
    plain = _PLAIN_HTTPS.fullmatch(job.service_url) if job else None
    if plain and is_allowed_host(plain[1].lower().rstrip("."), allowed_hosts):
        return f"https://{plain[1]}/"
    return next((f"https://{host}/" for host in allowed_hosts if not host.startswith(".")), "")


def is_allowed_host(host: str, allowed_hosts: Iterable[str]) -> bool:
    """Return True if links may lead to this host, given in small letters."""
    return any(
        host.endswith(allowed) if allowed.startswith(".") else host == allowed
        for allowed in (name.lower().rstrip(".") for name in allowed_hosts)
    )
