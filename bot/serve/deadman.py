"""Ping an outside service while all is well; that service raises an alarm when pings stop."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from datetime import datetime

import aiohttp
import structlog

from bot.catalog import Catalog
from bot.core.errors import StoreUnavailable
from bot.core.project import Project
from bot.core.text import Words, say
from bot.serve.adapters import revealed, trusted
from bot.serve.bot import Bot
from bot.serve.ticker import Duty

_log = structlog.get_logger(__name__)

_AT_MOST_EVERY_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 5.0
_DEADLINE_SECONDS = 10.0

#: Fetches the URL, and returns the error, or empty text.
Ping = Callable[[], Awaitable[Words]]


class DeadMan:
    """Pings at most once a minute, after a good read of the cloud, while no delivery is overdue."""

    def __init__(
        self,
        catalog: Catalog,
        ping: Ping,
        *,
        projects: Callable[[], Iterable[Project]],
        has_overdue: Callable[[], Awaitable[bool]],
    ) -> None:
        """Take the `projects` that must all have been read well before a ping."""
        self._projects = projects
        self._catalog = catalog
        self._ping = ping
        self._has_overdue = has_overdue
        self._told_of: datetime | None = None
        self._is_failing = False

    async def tell(self) -> float:
        """Ping if all is well, and return the seconds until the next call. An error of the database
        or of the service never raises."""
        good_at = self._all_good_at()
        if good_at is None or good_at == self._told_of:
            return _LOOK_AGAIN_SECONDS
        try:
            if await self._has_overdue():
                return _LOOK_AGAIN_SECONDS
        except StoreUnavailable:
            return _LOOK_AGAIN_SECONDS
        self._told_of = good_at
        self._note(await self._ping())
        return _AT_MOST_EVERY_SECONDS

    def _all_good_at(self) -> datetime | None:
        read_at = [self._catalog.health(one).last_good_at for one in self._projects()]
        return min((at for at in read_at if at), default=None) if all(read_at) else None

    def _note(self, trouble: Words) -> None:
        """Log the first failed ping in a row, and the first good one after it."""
        if trouble and not self._is_failing:
            _log.warning("deadman_failed", what=str(trouble), setting="VISJOB_DEADMAN_URL")
        elif self._is_failing and not trouble:
            _log.info("deadman_works_again")
        self._is_failing = bool(trouble)


async def open_deadman(bot: Bot, stack: AsyncExitStack) -> Duty:
    """Return the duty that pings the URL of the settings; `stack` closes its connections."""
    settings = bot.adapters.settings
    url, proxy_url = revealed(settings.deadman_url) or "", revealed(settings.proxy_url)
    # The pings have their own session, because the hook in Slack's session is for calls of Slack
    # only.
    connector = aiohttp.TCPConnector(ssl=trusted(settings.ca_file) or True, limit=1)
    session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
    deadman = DeadMan(
        bot.watching.catalog,
        lambda: fetch(url, session, proxy_url=proxy_url),
        projects=lambda: (bot.project,),
        has_overdue=bot.adapters.store.has_overdue,
    )
    return Duty("deadman", deadman.tell, monotonic=bot.adapters.monotonic)


async def fetch(url: str, session: aiohttp.ClientSession, *, proxy_url: str | None = None) -> Words:
    """Fetch the URL without reading the body, and return the error, or empty text. The error never
    contains the URL."""
    timeout = aiohttp.ClientTimeout(total=_DEADLINE_SECONDS)
    try:
        async with session.get(
            url, allow_redirects=False, timeout=timeout, proxy=proxy_url
        ) as answer:
            status = answer.status
    except TimeoutError:
        return say("no answer within {seconds} s", seconds=f"{_DEADLINE_SECONDS:g}")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return type(error).__name__
    return "" if 200 <= status < 300 else f"HTTP {status}"
