"""The workers and what connects them, made of open doors; nothing runs yet."""

import random

import structlog
from slack_bolt.async_app import AsyncApp

from bot.catalog import Catalog
from bot.config import Settings
from bot.core.errors import StoreUnavailable
from bot.core.listing import OddRow
from bot.core.ports.cloud import JobSource
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.courier.card_keeper import CardKeeper
from bot.courier.courier import Courier
from bot.courier.pause_notifier import PauseNotifier
from bot.courier.timing import Timing
from bot.responder.dead_letters import DeadLetterOffice
from bot.responder.health import HealthChecks
from bot.responder.job_finder import JobFinder
from bot.responder.last_asked import LastAsked
from bot.responder.places import Places
from bot.responder.responder import Presentation, Responder
from bot.responder.subscriber import Subscriber
from bot.serve.adapters import store_checks
from bot.serve.clock import monotonic
from bot.serve.http import Route
from bot.serve.probes import Probes
from bot.serve.ticker import Duty
from bot.slack.incoming.bolt import bolt_app
from bot.slack.incoming.endpoint import SlackEndpoint
from bot.slack.incoming.gate import Gate
from bot.slack.incoming.late import LateWork
from bot.slack.incoming.lifecycle import Lifecycle
from bot.slack.incoming.listeners import Listeners
from bot.slack.outgoing.conversations import SlackConversations
from bot.slack.outgoing.deliveries import DeliverySender
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.removal_alarm import RemovalAlarm
from bot.slack.outgoing.token_watch import TokenWatch
from bot.store.store import SqlStore
from bot.watcher.index_poller import IndexPoller
from bot.watcher.pace import Pace
from bot.watcher.quarantine import Quarantine
from bot.watcher.watcher import Watcher

_log = structlog.get_logger(__name__)

_DAY_SECONDS = 86_400.0


class Parts:
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
        self._store = store
        self._clock = clock
        self.messenger = messenger
        self._conversations = SlackConversations(messenger.calls)
        self._token_watch = TokenWatch(messenger, store.workspaces)
        self.catalog = Catalog(jobs, clock=clock, report_odd=_log_odd)
        self.last_asked = LastAsked(store)
        self._quarantine = Quarantine()
        self.checkup = self._new_checkup()
        self._pace = Pace(
            interval=settings.poll_interval.total_seconds(),
            calls_per_minute=settings.api_calls_per_minute,
        )
        self.late = LateWork()
        self._deliveries = self._new_deliveries()
        self._timing = Timing(
            lease=settings.lease, settle=settings.settle, timeout=settings.slack_timeout
        )
        self.courier = self._new_courier()
        self._card_keeper = self._new_card_keeper()
        self._listeners = self._connect_listeners()

    def duties(self) -> list[Duty]:
        """What is done again and again."""
        watcher = Watcher(
            self.catalog,
            self._store.watchlist,
            self._store.budget,
            project=self._project,
            pace=self._pace,
            quarantine=self._quarantine,
            clock=self._clock,
        )
        poller = IndexPoller(
            self.catalog,
            self._store.budget,
            pace=self._pace,
            clock=self._clock,
            is_swept=lambda: watcher.is_swept,
        )
        pause_notifier = PauseNotifier(
            self._store.outbox, self._conversations, project=self._project
        )
        work = {
            "slack token": self._token_watch.ask,
            "poll": poller.poll,
            "watch": watcher.poll,
            "deliver": self.courier.deliver_due,
            "edit": self._card_keeper.edit_due,
            "rescan": self._card_keeper.rescan_due,
            "tell of pauses": pause_notifier.tell_due,
            "last asked": self.last_asked.write,
            "forget": self._forget_old,
        }
        return [Duty(name, what, monotonic=monotonic) for name, what in work.items()]

    def _new_checkup(self) -> HealthChecks:
        return HealthChecks(
            self.catalog,
            store=lambda: store_checks(self._store),
            slack=self._token_watch.check,
            outbox=lambda: self._store.history.counts(self.catalog.project(self._team_id())),
            quarantine=self._quarantine.check,
            clock=self._clock,
        )

    def _new_deliveries(self) -> RemovalAlarm:
        sender = DeliverySender(
            self.messenger.calls,
            identity=lambda: self.messenger.identity,
            link_hosts=self._settings.link_hosts,
        )
        return RemovalAlarm(
            sender, self._store.workspaces, team=self._team_id, recheck=self._recheck_token
        )

    def _recheck_token(self) -> None:
        self.late.start(self._token_watch.ask())

    def _new_courier(self) -> Courier:
        return Courier(
            self._store.outbox,
            self._deliveries,
            project=self._project,
            timing=self._timing,
            clock=self._clock,
            monotonic=monotonic,
            jitter=random.random,
        )

    def _new_card_keeper(self) -> CardKeeper:
        return CardKeeper(
            self._store.outbox,
            self._deliveries,
            project=self._project,
            timing=self._timing,
            monotonic=monotonic,
        )

    def _connect_listeners(self) -> Listeners:
        settings, store = self._settings, self._store
        responder = Responder(
            catalog=self.catalog,
            last_asked=self.last_asked,
            subscriber=self._new_subscriber(),
            cards=self._card_keeper,
            dead_letters=DeadLetterOffice(self.catalog, store.history, self._conversations),
            health=self.checkup,
            presentation=Presentation(
                slash_command=settings.command, link_hosts=settings.link_hosts
            ),
            clock=self._clock,
        )
        lifecycle = Lifecycle(
            outbox=store.outbox,
            subscriptions=store.subscriptions,
            workspaces=store.workspaces,
            messenger=self.messenger,
            recheck=self._recheck_token,
        )
        return Listeners(responder, self.messenger, self.late, lifecycle)

    async def _forget_old(self) -> float:
        try:
            await self._store.history.forget_before(self._clock() - self._settings.history)
        except StoreUnavailable as error:
            _log.warning("old_history_kept", error=str(error))
        return _DAY_SECONDS

    def _new_subscriber(self) -> Subscriber:
        return Subscriber(
            catalog=self.catalog,
            finder=JobFinder(self.catalog, self.last_asked),
            subscriptions=self._store.subscriptions,
            history=self._store.history,
            places=Places(self._conversations, self._store.outbox, monotonic=monotonic),
            clock=self._clock,
        )

    def _team_id(self) -> str:
        """Empty until Slack has told who we are."""
        return self.messenger.identity.team_id if self.messenger.identity else ""

    def _project(self) -> Project | None:
        """None until Slack has told who we are."""
        team_id = self._team_id()
        return self.catalog.project(team_id) if team_id else None

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


def _log_odd(row: OddRow) -> None:
    _log.warning("row_not_read", job=row.job_id, what=row.what)
