"""The rows of `visjob doctor` about the extras: traces and reports of errors."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from bot.cli.examine_reach import open_session
from bot.cli.rows import ok, warning
from bot.config import Settings
from bot.core.health import Check
from bot.core.text import say
from bot.serve.adapters import revealed
from bot.serve.deadman import fetch
from bot.serve.extras import Extra, wanted_extras


async def extras_rows(settings: Settings) -> AsyncIterator[Check]:
    """Yield a row for each extra that is set: are its packages there, does its host answer?"""
    for extra in wanted_extras(settings):
        if extra.is_installed:
            yield await _reach(extra, settings)
        else:
            yield warning(extra.setting, extra.problem, extra.cure)


async def _reach(extra: Extra, settings: Settings) -> Check:
    url = urlsplit(extra.address)
    where = url.netloc.rpartition("@")[2]
    async with AsyncExitStack() as stack:
        session = await open_session(settings, stack)
        said = await fetch(
            f"{url.scheme}://{where}/", session, proxy_url=revealed(settings.proxy_url)
        )
    if said and not str(said).startswith("HTTP "):
        cure = say(
            "check {setting}, VISJOB_PROXY_URL, and whether this host may reach it",
            setting=extra.setting,
        )
        found = say("{host} does not answer ({why})", host=where, why=said)
        return warning(extra.setting, found, cure)
    return ok(extra.setting, say("{host} answers", host=where))
