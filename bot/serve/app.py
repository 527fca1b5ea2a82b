"""Start and stop the bot in order; no other module does."""

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

import structlog

from bot.catalog import Catalog
from bot.config import Settings
from bot.core.ports.cloud import Cloud
from bot.core.ports.time import Clock, Monotonic
from bot.core.ports.workspace_memory import WorkspaceMemory
from bot.responder.health import HealthChecks
from bot.serve.adapters import open_database, open_messenger, open_source
from bot.serve.bot import Adapters, Bot
from bot.serve.clock import monotonic, utc_now
from bot.serve.deadman import open_deadman
from bot.serve.duties import duties
from bot.serve.http import HttpServer
from bot.serve.metrics import Metrics
from bot.serve.routes import open_socket, pages, slack_route
from bot.serve.stalls import watch_stalls
from bot.serve.stop_signals import exit_in_time, when_asked
from bot.serve.stopping import USUAL, Patience, finish_work
from bot.serve.ticker import Duty, DutyForEach, start_ticking, stop_ticking
from bot.serve.wiring import compose
from bot.slack.outgoing.messenger import SlackMessenger

_log = structlog.get_logger(__name__)

# Over HTTP, a load balancer needs a moment to stop sending requests to this process. In Socket Mode
# Slack stops at once, so lingering would only keep requests from another replica.
_LINGER_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningBot:
    """A bot that serves, for programs that run it inside their own process."""

    port: int
    health: HealthChecks
    catalog: Catalog


async def serve(settings: Settings, *, socket_mode: bool) -> None:
    """Run until a signal asks for a stop; then finish the work under way, within 25 s. A stop that
    is asked for during the start breaks the start off."""
    stop = _Stop()
    when_asked(asyncio.get_running_loop(), stop.ask)
    patience = Patience(linger=0.0 if socket_mode else _LINGER_SECONDS)
    with stop.breaking_off():
        async with running(settings, socket_mode=socket_mode, patience=patience) as bot:
            stop.spare_the_service()
            mode = "socket mode" if socket_mode else "http"
            _log.info("serving", mode=mode, port=bot.port, project=settings.modelarts_project_id)
            tune_garbage_collector()
            await stop.asked.wait()


class _Stop:
    """A stop that a signal asks for, once: it cancels the start, or ends the service."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self._starting = asyncio.current_task()

    def ask(self) -> None:
        """Begin the stop; further signals change nothing."""
        if self.asked.is_set():
            return
        self.asked.set()
        _log.info("stopping")
        exit_in_time(lambda: _log.warning("stop_cut_short"))
        if self._starting:
            self._starting.cancel()

    def spare_the_service(self) -> None:
        """End the start: from here on a stop waits for the service instead of cancelling it."""
        self._starting = None

    @contextmanager
    def breaking_off(self) -> Iterator[None]:
        """End the cancellation of a start here."""
        try:
            yield
        except asyncio.CancelledError:
            if not self.asked.is_set():
                raise


def tune_garbage_collector() -> None:
    """Make the garbage collector skip all objects of start-up, and run less often: most objects of
    a command die by themselves, so that a collection finds nothing."""
    gc.freeze()
    gc.set_threshold(10_000)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    socket_mode: bool = False,
    host: str | None = None,
    jobs: Cloud | None = None,
    messenger: SlackMessenger | None = None,
    memory: WorkspaceMemory | None = None,
    clock: Clock = utc_now,
    monotonic: Monotonic = monotonic,
    tick_seconds: float = 1.0,
    patience: Patience = USUAL,
    jitter: Callable[[], float] = random.random,
) -> AsyncIterator[RunningBot]:
    """Start the whole bot, and stop its parts in the reverse order.

    An adapter that is not passed is opened from the settings; a passed one stays open at the end.
    `jitter` returns 0 to 1. Raises StoreUnavailable, or OSError if the port is taken.
    """
    async with AsyncExitStack() as stack:
        metrics = Metrics(clock)
        if jobs is None:
            jobs = await stack.enter_async_context(
                open_source(settings, clock=clock, monotonic=monotonic, meter=metrics)
            )
        store = open_database(settings, clock, monotonic)
        stack.push_async_callback(store.close)
        await store.prepare()
        if messenger is None:
            messenger = await open_messenger(
                settings, stack, memory=memory or store.workspace_memory, meter=metrics
            )
        bot = compose(Adapters(settings, jobs, store, messenger, clock, monotonic, jitter, metrics))
        stack.push_async_callback(bot.answering.last_asked.flush)
        ticked = duties(bot)
        if settings.deadman_url:
            ticked.append(await open_deadman(bot, stack))
        for duty in ticked:
            stack.push_async_callback(duty.stop)
        stack.callback(watch_stalls(metrics).stop)
        server = _open_ways_in(bot, stack, ticked, socket_mode=socket_mode)
        port = await server.start(host or settings.host, settings.port)
        stack.push_async_callback(finish_work, bot, patience)
        stack.push_async_callback(stop_ticking, start_ticking(ticked, every=tick_seconds))
        yield RunningBot(port=port, health=bot.answering.health, catalog=bot.watching.catalog)


def _open_ways_in(
    bot: Bot, stack: AsyncExitStack, ticked: list[Duty | DutyForEach], *, socket_mode: bool
) -> HttpServer:
    """Open the HTTP server or the socket. `stack` closes them after `finish_work` and before the
    store, so that requests get an answer until then. A duty connects the socket."""
    routes = pages(bot)
    server = HttpServer(routes, tally=bot.intake.tally)
    stack.push_async_callback(server.close)
    if not socket_mode:
        routes["/slack/events"] = slack_route(bot)
        return server
    socket = bot.intake.socket = open_socket(bot)
    watching = Duty("socket", socket.watch, monotonic=bot.adapters.monotonic)
    ticked.append(watching)
    stack.push_async_callback(socket.close)
    stack.push_async_callback(watching.stop)
    return server
