"""The composition root: settings become adapters, adapters become workers, workers run.

Signals and the order of start and stop live here and nowhere else.
"""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.catalog import Catalog
from bot.config import Settings
from bot.core.ports.cloud import JobSource
from bot.core.ports.time import Clock
from bot.responder.health import HealthChecks
from bot.serve.adapters import open_database, open_messenger, open_source, revealed
from bot.serve.clock import monotonic, utc_now
from bot.serve.http import HttpServer
from bot.serve.ticker import Duty, start_ticking
from bot.serve.wiring import Parts
from bot.slack.incoming.socket_mode import SocketMode

_log = structlog.get_logger(__name__)

# Of the 25 s that a stop may take: requests under way get 15 (server.py), answers this long.
_LATE_ANSWERS_SECONDS = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningBot:
    """A bot that serves; for those who run it inside their own program."""

    port: int
    checkup: HealthChecks
    catalog: Catalog


async def serve(settings: Settings, *, socket_mode: bool) -> None:
    """Run until SIGTERM or SIGINT; then finish what is under way, within 25 s."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, socket_mode=socket_mode) as bot:
        mode = "socket mode" if socket_mode else "http"
        _log.info("serving", mode=mode, port=bot.port, project=bot.catalog.project_id)
        spare_collector()
        await stop.wait()
        _log.info("stopping")


def spare_collector() -> None:
    """Spare the garbage collector what start-up made and what lives no longer than one command:
    it would walk it again and again and find nothing."""
    gc.freeze()
    gc.set_threshold(10_000)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    socket_mode: bool = False,
    host: str | None = None,
    jobs: JobSource | None = None,
    clock: Clock = utc_now,
) -> AsyncIterator[RunningBot]:
    """Start the whole bot and stop it in order, last started first.

    Raises StoreUnavailable, or OSError if the port is taken.
    """
    async with AsyncExitStack() as stack:
        if jobs is None:
            jobs = await stack.enter_async_context(open_source(settings, clock=clock))
        store = open_database(settings, clock)
        stack.push_async_callback(store.close)
        await store.prepare()
        messenger = await open_messenger(settings, stack)
        bot = Parts(settings, jobs, store, messenger, clock)
        stack.push_async_callback(bot.last_asked.flush)
        stack.push_async_callback(bot.late.finish, _LATE_ANSWERS_SECONDS)
        stack.push_async_callback(bot.courier.finish)
        duties = bot.duties()
        routes = bot.pages()
        if socket_mode:
            duties.append(await _open_socket(settings, bot, stack))
        else:
            routes["/slack/events"] = bot.slack_route()
        server = HttpServer(routes)
        stack.push_async_callback(server.close)
        port = await server.start(host, settings.port)
        for duty in duties:
            stack.push_async_callback(duty.stop)
        stack.callback(start_ticking(duties).shutdown, wait=False)
        yield RunningBot(port=port, checkup=bot.checkup, catalog=bot.catalog)


async def _open_socket(settings: Settings, bot: Parts, stack: AsyncExitStack) -> Duty:
    """Connect in the background: the watchdog's first look does it."""
    socket = SocketMode(
        bot.socket_app(),
        app_token=revealed(settings.slack_app_token) or "",
        proxy_url=revealed(settings.proxy_url),
        monotonic=monotonic,
    )
    stack.push_async_callback(socket.close)
    return Duty("socket", socket.watch, monotonic=monotonic)
