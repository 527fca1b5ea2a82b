"""The composition root: settings become adapters, adapters become workers, workers run.

Time, signals and the order of shutdown live here and nowhere else.
"""

import asyncio
import gc
import random
import signal
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import structlog
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from bot.caretaker import Caretaker
from bot.catalog import Catalog
from bot.checkup import Checkup
from bot.config import Settings
from bot.core.errors import StoreUnavailable
from bot.core.health import Check, Verdict
from bot.core.pace import Pace
from bot.core.ports import Clock, JobSource, Monotonic
from bot.core.timing import Timing
from bot.courier import Courier
from bot.finder import JobFinder
from bot.modelarts.auth import KeySigning, TokenLogin
from bot.modelarts.client import ModelArts
from bot.poller import Poller
from bot.probes import Probes
from bot.recall import Recall
from bot.responder import Manners, Responder
from bot.server import HttpServer, Route
from bot.slack.bolt import bolt_app
from bot.slack.calls import without_redirects
from bot.slack.endpoint import SlackEndpoint
from bot.slack.gate import Gate
from bot.slack.lifecycle import Lifecycle
from bot.slack.listeners import LateWork, Listeners
from bot.slack.messenger import SlackMessenger
from bot.slack.postman import Postman
from bot.slack.rooms import SlackRooms
from bot.slack.socket_mode import SocketMode
from bot.slack.token_watch import TokenWatch
from bot.store.open import open_store
from bot.store.sql_store import SqlStore
from bot.subscriber import Subscriber
from bot.ticker import Duty, start_ticking
from bot.watcher import Watcher

_log = structlog.get_logger(__name__)

# Of the 25 s that a stop may take: requests under way get 15 (server.py), answers this long.
_LATE_ANSWERS_SECONDS = 6.0
_DAY_SECONDS = 86_400.0


def utc_now() -> datetime:
    """The one wall clock."""
    return datetime.now(UTC)


monotonic: Monotonic = time.monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningBot:
    """A bot that serves; for those who run it inside their own program."""

    port: int
    checkup: Checkup
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
        _spare_collector()
        await stop.wait()
        _log.info("stopping")


def _spare_collector() -> None:
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
        jobs = jobs or await _open_source(settings, stack, clock)
        store = _open_store(settings, jobs.project_id, clock)
        stack.push_async_callback(store.close)
        await store.prepare()
        messenger = await open_messenger(settings, stack)
        bot = _Parts(settings, jobs, store, messenger, clock)
        stack.push_async_callback(bot.recall.flush)
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


def cloud_source(settings: Settings, *, clock: Clock = utc_now) -> ModelArts:
    """The cloud of the `MODELARTS_…` settings. It must be closed."""
    return ModelArts(
        endpoint=settings.modelarts_endpoint or "",
        project_id=settings.modelarts_project_id or "",
        login=_login(settings, clock),
        clock=clock,
        monotonic=monotonic,
        timeout=settings.api_timeout.total_seconds(),
        proxy_url=_revealed(settings.proxy_url),
        ca_file=str(settings.ca_file) if settings.ca_file else None,
    )


class _Parts:
    """The workers and what connects them, made of open adapters; nothing runs yet."""

    def __init__(
        self,
        settings: Settings,
        jobs: JobSource,
        store: SqlStore,
        messenger: SlackMessenger,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self.messenger = messenger
        self._token_watch = TokenWatch(messenger)
        self.catalog = Catalog(jobs, clock=clock)
        self.recall = Recall(store)
        self.checkup = Checkup(
            self.catalog,
            store=lambda: store_checks(store),
            slack=self._token_watch.check,
            outbox=lambda: store.ledger.counts(self._team_id()),
            clock=clock,
        )
        self._store = store
        self._pace = Pace(
            interval=settings.poll_interval.total_seconds(),
            calls_per_minute=settings.api_calls_per_minute,
        )
        self._postman = Postman(
            messenger.calls,
            identity=lambda: messenger.identity,
            link_hosts=settings.link_hosts,
        )
        self._timing = Timing(
            lease=settings.lease, settle=settings.settle, timeout=settings.slack_timeout
        )
        self.courier = Courier(
            store.outbox,
            self._postman,
            team=self._team_id,
            timing=self._timing,
            clock=clock,
            monotonic=monotonic,
            jitter=random.random,
        )
        self.late = LateWork()
        manners = Manners(slash_command=settings.command, link_hosts=settings.link_hosts)
        responder = Responder(
            catalog=self.catalog,
            recall=self.recall,
            subscriber=self._subscriber(),
            health=self.checkup,
            manners=manners,
            clock=clock,
        )
        lifecycle = Lifecycle(
            outbox=store.outbox,
            subscriptions=store.subscriptions,
            inbox=store.inbox,
            messenger=messenger,
        )
        self._listeners = Listeners(responder, messenger, self.late, lifecycle)

    def duties(self) -> list[Duty]:
        """What is done again and again."""
        poller = Poller(self.catalog, self._store.budget, pace=self._pace, clock=self._clock)
        watcher = Watcher(
            self.catalog,
            self._store.watchlist,
            self._store.budget,
            team_id=self._team_id,
            pace=self._pace,
            clock=self._clock,
        )
        caretaker = Caretaker(
            self._store.outbox,
            self._postman,
            team=self._team_id,
            timing=self._timing,
            monotonic=monotonic,
        )
        work = {
            "slack token": self._token_watch.ask,
            "poll": poller.poll,
            "watch": watcher.poll,
            "deliver": self.courier.deliver_due,
            "edit": caretaker.edit_due,
            "rescan": caretaker.rescan_due,
            "recall": self.recall.write,
            "forget": self._forget_old,
        }
        return [Duty(name, what, monotonic=monotonic) for name, what in work.items()]

    async def _forget_old(self) -> float:
        try:
            await self._store.ledger.forget_before(self._clock() - self._settings.history)
        except StoreUnavailable as error:
            _log.warning("old_history_kept", error=str(error))
        return _DAY_SECONDS

    def _subscriber(self) -> Subscriber:
        return Subscriber(
            catalog=self.catalog,
            finder=JobFinder(self.catalog, self.recall),
            subscriptions=self._store.subscriptions,
            history=self._store.ledger,
            pauses=self._store.outbox,
            rooms=SlackRooms(self.messenger.calls),
            clock=self._clock,
        )

    def _team_id(self) -> str:
        """Empty until Slack has told who we are."""
        return self.messenger.identity.team_id if self.messenger.identity else ""

    def pages(self) -> dict[str, Route]:
        """What machines ask."""
        probes = Probes(self.checkup)
        return {
            "/healthz": Route("GET", probes.healthz),
            "/readyz": Route("GET", probes.readyz),
        }

    def slack_route(self) -> Route:
        """What Slack asks over HTTP."""
        secrets = [secret.get_secret_value() for secret in self._settings.slack_signing_secrets]
        app = bolt_app(self._listeners, self.messenger, signing_secret=secrets[0])
        return Route("POST", SlackEndpoint(Gate(secrets, clock=self._clock), app).answer)

    def socket_app(self) -> AsyncApp:
        """What Slack asks through a WebSocket."""
        return bolt_app(self._listeners, self.messenger)


def _open_store(settings: Settings, project_id: str, clock: Clock) -> SqlStore:
    return open_store(
        settings.database_url.get_secret_value(),
        project_id=project_id,
        clock=clock,
        lease=settings.lease,
        settle=settings.settle,
        interval=settings.poll_interval,
    )


async def store_checks(store: SqlStore) -> tuple[Check, ...]:
    """How the database is, as rows."""
    condition = await store.check()
    if not condition.is_reachable:
        return (_check("database", condition.problem, condition.cure),)
    schema = _check("schema", condition.problem, condition.cure) if condition.problem else None
    return (
        Check(name="database", verdict=Verdict.OK, found=condition.place),
        schema or Check(name="schema", verdict=Verdict.OK, found="up to date"),
    )


def _check(name: str, problem: str, cure: str) -> Check:
    return Check(name=name, verdict=Verdict.FAILED, found=problem, cure=cure)


async def _open_source(settings: Settings, stack: AsyncExitStack, clock: Clock) -> ModelArts:
    source = cloud_source(settings, clock=clock)
    stack.push_async_callback(source.close)
    return source


async def open_messenger(settings: Settings, stack: AsyncExitStack) -> SlackMessenger:
    """The way to Slack; `stack` closes it."""
    context = ssl.create_default_context()
    if settings.ca_file:
        context.load_verify_locations(settings.ca_file)
    connector = aiohttp.TCPConnector(ssl=context)
    session = await stack.enter_async_context(
        aiohttp.ClientSession(connector=connector, trace_configs=[without_redirects()])
    )
    return SlackMessenger(
        token=_revealed(settings.slack_bot_token) or "",
        api_url=settings.slack_api_url,
        session=session,
        timeout=settings.slack_timeout.total_seconds(),
        proxy_url=_revealed(settings.proxy_url),
        ssl_context=context,
    )


async def _open_socket(settings: Settings, bot: _Parts, stack: AsyncExitStack) -> Duty:
    """Connect in the background: the watchdog's first look does it."""
    socket = SocketMode(
        bot.socket_app(),
        app_token=_revealed(settings.slack_app_token) or "",
        proxy_url=_revealed(settings.proxy_url),
        monotonic=monotonic,
    )
    stack.push_async_callback(socket.close)
    return Duty("socket", socket.watch, monotonic=monotonic)


def _login(settings: Settings, clock: Clock) -> KeySigning | TokenLogin:
    project_id = settings.modelarts_project_id or ""
    if settings.signs_requests:
        return KeySigning(
            access_key=_revealed(settings.modelarts_access_key) or "",
            secret_key=_revealed(settings.modelarts_secret_key) or "",
            security_token=_revealed(settings.modelarts_security_token),
            project_id=project_id,
            clock=clock,
        )
    return TokenLogin(
        iam_endpoint=settings.modelarts_iam_endpoint or "",
        username=settings.modelarts_username or "",
        password=_revealed(settings.modelarts_password) or "",
        domain=settings.modelarts_domain or "",
        project_id=project_id,
        clock=clock,
    )


def _revealed(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
