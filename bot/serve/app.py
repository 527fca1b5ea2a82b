"""Signals, and the order of start and stop: they live here and nowhere else."""

import asyncio
import gc
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.catalog import Catalog
from bot.config import Settings
from bot.core.ports.cloud import JobSource
from bot.core.ports.time import Clock, Monotonic
from bot.courier.courier import Courier
from bot.responder.health import HealthChecks
from bot.serve.adapters import open_database, open_messenger, open_source, revealed
from bot.serve.clock import monotonic, utc_now
from bot.serve.duties import duties
from bot.serve.http import HttpServer
from bot.serve.ticker import Duty, start_ticking
from bot.serve.wiring import Adapters, Bot, compose, pages, slack_route, socket_app
from bot.slack.incoming.socket_mode import SocketMode
from bot.slack.outgoing.messenger import SlackMessenger

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
    messenger: SlackMessenger | None = None,
    clock: Clock = utc_now,
    monotonic: Monotonic = monotonic,
    tick_seconds: float = 1.0,
    jitter: Callable[[], float] = random.random,
) -> AsyncIterator[RunningBot]:
    """Start the whole bot and stop it in order, last started first.

    What is not given is made of the settings; what is given stays open. `jitter` gives 0 to 1.
    Raises StoreUnavailable, or OSError if the port is taken.
    """
    async with AsyncExitStack() as stack:
        if jobs is None:
            jobs = await stack.enter_async_context(
                open_source(settings, clock=clock, monotonic=monotonic)
            )
        store = open_database(settings, clock, monotonic)
        stack.push_async_callback(store.close)
        await store.prepare()
        if messenger is None:
            messenger = await open_messenger(settings, stack)
        bot = compose(Adapters(settings, jobs, store, messenger, clock, monotonic, jitter))
        stack.push_async_callback(bot.answering.last_asked.flush)
        stack.push_async_callback(bot.workspace.late.finish, _LATE_ANSWERS_SECONDS)
        ticked, routes = duties(bot), pages(bot)
        if socket_mode:
            ticked.append(_open_socket(bot, stack))
        else:
            routes["/slack/events"] = slack_route(bot)
        server = HttpServer(routes)
        for duty in ticked:
            stack.push_async_callback(duty.stop)
        # A post under way ends by itself, beside the requests under way; then duties are given up.
        stack.push_async_callback(_finish, server, bot.delivering.courier)
        port = await server.start(host, settings.port)
        stack.callback(start_ticking(ticked, every=tick_seconds).shutdown, wait=False)
        yield RunningBot(port=port, checkup=bot.answering.health, catalog=bot.project.catalog)


async def _finish(server: HttpServer, courier: Courier) -> None:
    await asyncio.gather(server.close(), courier.finish())


def _open_socket(bot: Bot, stack: AsyncExitStack) -> Duty:
    """Connect in the background: the watchdog's first look does it."""
    settings = bot.adapters.settings
    socket = SocketMode(
        socket_app(bot),
        app_token=revealed(settings.slack_app_token) or "",
        proxy_url=revealed(settings.proxy_url),
        monotonic=bot.adapters.monotonic,
    )
    stack.push_async_callback(socket.close)
    return Duty("socket", socket.watch, monotonic=bot.adapters.monotonic)
