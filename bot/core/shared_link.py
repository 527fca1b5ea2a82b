"""Finds the job of a link that somebody pasted. The bot never opens the link."""

import re
from collections.abc import Iterable, Sequence

from bot.core.job import VisualizationJob

# Slack takes no more unfurl domains: docs.slack.dev/reference/app-manifest
MOST_UNFURLED_HOSTS = 5

# https to the usual port, and no user. What follows the path is the reader's own: TensorBoard
# keeps its tab there.
_PAGE = re.compile(
    r"https://([A-Za-z0-9.-]+)(?::443)?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(?:[?#][!-~]*)?"
)
_ADDRESS = re.compile(r"[0-9.]+")


def unfurled_hosts(allowed_hosts: Iterable[str]) -> tuple[str, ...]:
    """Return the allowed hosts whose links get a card: full names, five at the most, because
    Slack accepts no suffix, no address and no name of one part."""
    named = (host.lower().rstrip(".") for host in allowed_hosts if not host.startswith("."))
    hosts = dict.fromkeys(
        host for host in named if "." in host and ":" not in host and not _ADDRESS.fullmatch(host)
    )
    return tuple(hosts)[:MOST_UNFURLED_HOSTS]


def job_of_link(
    url: str, jobs: Iterable[VisualizationJob], hosts: Sequence[str]
) -> VisualizationJob | None:
    """Return the job whose link has the same path and a host in `hosts`; of several the running
    one, else the latest. None if there is none."""
    page = _page_of(url)
    if page is None or page[0] not in hosts:
        return None
    # The path is compared first, because it rules out nearly all jobs.
    found = [job for job in jobs if page[1] in job.service_url + "/"]
    found = [job for job in found if _page_of(job.service_url) == page]
    return max(found, key=lambda job: (job.status.has_live_link, job.id), default=None)


def _page_of(url: str) -> tuple[str, str] | None:
    """Return host and path of a link; None for a link that no card offers."""
    plain = _PAGE.fullmatch(url)
    return (plain[1].lower().rstrip("."), plain[2] or "/") if plain else None
