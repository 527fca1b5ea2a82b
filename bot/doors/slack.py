"""The door to Slack."""

from contextlib import AsyncExitStack

import aiohttp

from bot.config import Settings
from bot.doors.trust import revealed, trusted
from bot.slack.calls import without_redirects
from bot.slack.messenger import SlackMessenger


async def open_messenger(settings: Settings, stack: AsyncExitStack) -> SlackMessenger:
    """The way to Slack; `stack` closes it."""
    tls = trusted(settings.ca_file)
    connector = aiohttp.TCPConnector(ssl=tls or True)
    session = await stack.enter_async_context(
        aiohttp.ClientSession(connector=connector, trace_configs=[without_redirects()])
    )
    return SlackMessenger(
        token=revealed(settings.slack_bot_token) or "",
        api_url=settings.slack_api_url,
        session=session,
        timeout=settings.slack_timeout.total_seconds(),
        proxy_url=revealed(settings.proxy_url),
        ssl_context=tls,
    )
