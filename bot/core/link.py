"""Whether a TensorBoard link may be shown. The bot never opens it itself."""

import re
from collections.abc import Iterable, Sequence

from bot.core.job import VisualizationJob

# Printable ASCII without anything that browsers and parsers disagree on: no user, no port
# but 443, no query or fragment (they may carry a credential), no backslash.
_PLAIN_HTTPS = re.compile(r"https://([A-Za-z0-9.-]+)(?::443)?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")

# A button's url in Slack (docs.slack.dev/reference/block-kit/block-elements/button-element).
_LONGEST_URL = 3000


def live_link(job: VisualizationJob, allowed_hosts: Iterable[str]) -> str:
    """The link if TensorBoard can be opened now and the link is safe to offer, else empty.

    `allowed_hosts` are host names; one with a leading dot allows every name that ends in it.
    """
    if not job.status.has_live_link or len(job.service_url) > _LONGEST_URL:
        return ""
    plain = _PLAIN_HTTPS.fullmatch(job.service_url)
    if not plain or not _is_allowed(plain[1].lower().rstrip("."), allowed_hosts):
        return ""
    return job.service_url


def console_address(job: VisualizationJob | None, allowed_hosts: Sequence[str]) -> str:
    """Where people find the cloud's console: the host of the job's own link if that is safe to
    offer, else the first allowed one; empty if none is named in full."""
    plain = _PLAIN_HTTPS.fullmatch(job.service_url) if job else None
    if plain and _is_allowed(plain[1].lower().rstrip("."), allowed_hosts):
        return f"https://{plain[1]}/"
    return next((f"https://{host}/" for host in allowed_hosts if not host.startswith(".")), "")


def _is_allowed(host: str, allowed_hosts: Iterable[str]) -> bool:
    return any(
        host.endswith(allowed) if allowed.startswith(".") else host == allowed
        for allowed in (name.lower().rstrip(".") for name in allowed_hosts)
    )
