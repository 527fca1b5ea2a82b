"""The composition root: connects the open adapters to the workers. Nothing runs yet."""

from datetime import timedelta

import structlog

from bot.catalog import Catalog
from bot.core.guard import GuardRules
from bot.core.listing import OddRow
from bot.courier.answered_messages import AnsweredMessages
from bot.courier.card_keeper import CardKeeper
from bot.courier.courier import Courier
from bot.courier.lease_timing import LeaseTiming
from bot.courier.pause_notifier import PauseNotifier
from bot.locale import spoken
from bot.serve.acting import one_use_ids
from bot.serve.answering import open_answering
from bot.serve.bot import Adapters, Bot, Delivering, Watching, Workspace
from bot.serve.reporting import price_of
from bot.serve.request_intake import RequestIntake
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.outgoing.conversations import SlackConversations
from bot.slack.outgoing.deliveries import DeliverySender
from bot.slack.outgoing.people import SlackPeople
from bot.slack.outgoing.refusal_alarm import RefusalAlarm
from bot.slack.outgoing.token_watch import TokenWatch
from bot.watcher.guard_rounds import GuardRounds
from bot.watcher.index_poller import IndexPoller
from bot.watcher.pace import Pace
from bot.watcher.quarantine import Quarantine
from bot.watcher.watcher import Watcher

_log = structlog.get_logger(__name__)


def compose(adapters: Adapters) -> Bot:
    """Build and connect all workers."""
    intake = RequestIntake(clock=adapters.clock, monotonic=adapters.monotonic)
    workspace = open_workspace(adapters, intake)
    watching = open_watching(adapters)
    delivering = open_delivering(adapters, workspace)
    answering = open_answering(adapters, intake, workspace, watching, delivering)
    return Bot(
        adapters=adapters,
        intake=intake,
        workspace=workspace,
        watching=watching,
        delivering=delivering,
        answering=answering,
    )


def open_workspace(adapters: Adapters, intake: RequestIntake) -> Workspace:
    """Build the parts that call Slack with the bot token."""
    token_watch = TokenWatch(
        adapters.messenger,
        adapters.store.workspaces,
        monotonic=adapters.monotonic,
        jitter=adapters.jitter,
        recovered=intake.try_socket_soon,
        meter=adapters.metrics,
    )
    return Workspace(
        messenger=adapters.messenger,
        conversations=SlackConversations(
            adapters.messenger.calls, identity=lambda: adapters.messenger.identity
        ),
        people=SlackPeople(
            adapters.messenger.calls,
            identity=lambda: adapters.messenger.identity,
            monotonic=adapters.monotonic,
        ),
        token_watch=token_watch,
        background=BackgroundTasks(),
    )


def open_watching(adapters: Adapters) -> Watching:
    """Build the workers that read the project of the settings."""
    settings, store, clock = adapters.settings, adapters.store, adapters.clock
    catalog = Catalog(adapters.jobs, clock=clock, report_odd=_log_odd)
    quarantine = Quarantine()
    pace = Pace(
        interval=settings.poll_interval.total_seconds(),
        calls_per_minute=settings.api_calls_per_minute,
    )
    watcher = Watcher(
        catalog,
        store.watchlist,
        store.budget,
        pace=pace,
        quarantine=quarantine,
        guard=GuardRounds(
            store.care,
            GuardRules(
                hours=settings.guard_hours, stuck_after=timedelta(minutes=settings.stuck_minutes)
            ),
            interval=settings.poll_interval,
            clock=clock,
        ),
        clock=clock,
        meter=adapters.metrics,
    )
    index_poller = IndexPoller(
        catalog,
        store.budget,
        pace=pace,
        clock=clock,
        is_swept=watcher.is_swept,
        meter=adapters.metrics,
    )
    return Watching(
        catalog=catalog, watcher=watcher, index_poller=index_poller, quarantine=quarantine
    )


def open_delivering(adapters: Adapters, workspace: Workspace) -> Delivering:
    """Build the workers that post to Slack; all share one messenger."""
    settings, outbox = adapters.settings, adapters.store.outbox
    sender = DeliverySender(
        workspace.messenger.calls,
        identity=lambda: workspace.messenger.identity,
        link_hosts=settings.link_hosts,
        spoken=spoken(settings.language),
        price=price_of(settings),
        ids=one_use_ids(settings),
        has_operators=bool(settings.operators),
        slash_command=settings.command,
    )
    deliveries = RefusalAlarm(
        sender, adapters.store.workspaces, recheck=workspace.token_watch.recheck
    )
    timing = LeaseTiming(
        lease=settings.lease, settle=settings.settle, timeout=settings.slack_timeout
    )
    courier = Courier(
        outbox,
        deliveries,
        timing=timing,
        clock=adapters.clock,
        monotonic=adapters.monotonic,
        jitter=adapters.jitter,
        meter=adapters.metrics,
    )
    return Delivering(
        courier=courier,
        card_keeper=CardKeeper(outbox, deliveries, timing=timing, monotonic=adapters.monotonic),
        answered_messages=AnsweredMessages(outbox, sender),
        pause_notifier=PauseNotifier(
            outbox, workspace.conversations, workspace.people, adapters.store.place_rules
        ),
    )


def _log_odd(row: OddRow) -> None:
    _log.warning("row_not_read", job=row.job_id, what=row.what)
