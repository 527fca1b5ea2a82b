"""The parts of a running bot; `wiring` builds them."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.catalog import Catalog
from bot.config import Settings
from bot.core.ports.cloud import Cloud
from bot.core.ports.time import Clock, Monotonic
from bot.core.project import Project
from bot.courier.answered_messages import AnsweredMessages
from bot.courier.card_keeper import CardKeeper
from bot.courier.courier import Courier
from bot.courier.pause_notifier import PauseNotifier
from bot.responder.health import HealthChecks
from bot.responder.last_asked import LastAsked
from bot.responder.performing import Performer
from bot.responder.reads import BoundedReads
from bot.serve.metrics import Metrics
from bot.serve.request_intake import RequestIntake
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.listeners import Listeners
from bot.slack.incoming.lost_actions import LostActions
from bot.slack.incoming.lost_answers import LostAnswers
from bot.slack.outgoing.conversations import SlackConversations
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.people import SlackPeople
from bot.slack.outgoing.token_watch import TokenWatch
from bot.store.store import SqlStore
from bot.watcher.index_poller import IndexPoller
from bot.watcher.quarantine import Quarantine
from bot.watcher.watcher import Watcher


@dataclass(frozen=True, slots=True)
class Adapters:
    """The settings, the open adapters, the clocks and the jitter; `jitter` returns 0 to 1."""

    settings: Settings
    jobs: Cloud
    store: SqlStore
    messenger: SlackMessenger
    clock: Clock
    monotonic: Monotonic
    jitter: Callable[[], float]
    metrics: Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The parts that call Slack for the workspace that is served."""

    messenger: SlackMessenger
    conversations: SlackConversations
    people: SlackPeople
    token_watch: TokenWatch
    background: BackgroundTasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """The parts that read the cloud."""

    catalog: Catalog
    watcher: Watcher
    index_poller: IndexPoller
    quarantine: Quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    """The parts that post, edit and delete messages."""

    courier: Courier
    card_keeper: CardKeeper
    answered_messages: AnsweredMessages
    pause_notifier: PauseNotifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The parts that answer people, and that answer the probes of machines."""

    health: HealthChecks
    last_asked: LastAsked
    reads: BoundedReads
    listeners: Listeners
    lost_answers: LostAnswers
    performer: Performer
    lost_actions: LostActions


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """All parts of a running bot."""

    adapters: Adapters
    intake: RequestIntake
    workspace: Workspace
    watching: Watching
    delivering: Delivering
    answering: Answering

    @property
    def project(self) -> Project:
        """The served project; `team_id` is empty until Slack has confirmed the bot token."""
        identity = self.workspace.messenger.identity
        return self.watching.catalog.project(identity.team_id if identity else "")
