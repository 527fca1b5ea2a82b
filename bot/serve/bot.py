"""What a running bot is made of; `wiring` puts it together."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.catalog import Catalog
from bot.config import Settings
from bot.core.ports.cloud import Cloud
from bot.core.ports.time import Clock, Monotonic
from bot.core.project import Project
from bot.courier.card_keeper import CardKeeper
from bot.courier.courier import Courier
from bot.courier.pause_notifier import PauseNotifier
from bot.courier.pressed_messages import PressedMessages
from bot.responder.health import HealthChecks
from bot.responder.last_asked import LastAsked
from bot.responder.performing import Performer
from bot.responder.reads import BoundedReads
from bot.serve.entrance import Entrance
from bot.serve.metrics import Metrics
from bot.slack.incoming.late import LateWork
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
    """What is open, and time and chance; `jitter` gives 0 to 1."""

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
    """What speaks to the workspace that is served."""

    messenger: SlackMessenger
    conversations: SlackConversations
    people: SlackPeople
    token_watch: TokenWatch
    late: LateWork

    def recheck_token(self) -> None:
        """Begin to ask Slack whether our token is good, and do not wait."""
        self.late.start(self.token_watch.ask())


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What reads the projects of the cloud."""

    catalog: Catalog
    watcher: Watcher
    index_poller: IndexPoller
    quarantine: Quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    """What empties the outbox."""

    courier: Courier
    card_keeper: CardKeeper
    pressed_messages: PressedMessages
    pause_notifier: PauseNotifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """What answers people, and the machines that ask how the bot is."""

    health: HealthChecks
    last_asked: LastAsked
    reads: BoundedReads
    listeners: Listeners
    lost_answers: LostAnswers
    performer: Performer
    lost_actions: LostActions


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """All workers."""

    adapters: Adapters
    entrance: Entrance
    workspace: Workspace
    watching: Watching
    delivering: Delivering
    answering: Answering

    @property
    def project(self) -> Project:
        """The one in use; it is no workspace's until Slack has told who we are."""
        identity = self.workspace.messenger.identity
        return self.watching.catalog.project(identity.team_id if identity else "")
