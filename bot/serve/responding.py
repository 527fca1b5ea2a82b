"""Build the Responder over its ports: those of the running bot, or others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.catalog import Catalog
from bot.core.health import HealthReport
from bot.core.ports.care import Care
from bot.core.ports.meter import UNMETERED, Meter
from bot.core.ports.place_rules import PlaceRulesBook
from bot.core.ports.slack import Conversations, People, Threads
from bot.core.ports.snoozes import Snoozes
from bot.core.ports.store import History, Recordings, Subscriptions
from bot.core.ports.time import Clock, Monotonic
from bot.responder.action_answers import ActionAnswers
from bot.responder.care_answers import CareAnswers
from bot.responder.dead_letters import DeadLetterAnswers, DeadLetterStore
from bot.responder.explainer import Explainer
from bot.responder.home_reader import HomeReader
from bot.responder.job_answers import JobAnswers
from bot.responder.job_finder import JobFinder
from bot.responder.last_asked import LastAsked
from bot.responder.new_subscription import NewSubscriptions
from bot.responder.places import Pauses, Places
from bot.responder.quiet_answers import QuietAnswers
from bot.responder.replies import AnsweredMessages, CardRefresher
from bot.responder.reporter import Reporter, ReportSettings
from bot.responder.responder import Responder
from bot.responder.sentence_reader import SentenceReader
from bot.responder.settings_answers import SettingsAnswers
from bot.responder.several_subscriber import SeveralSubscriber
from bot.responder.subscriber import Subscriber
from bot.responder.subscription_copier import SubscriptionCopier
from bot.responder.subscription_filler import SubscriptionFiller
from bot.responder.subscription_finder import SubscriptionFinder
from bot.responder.subscription_lister import SubscriptionLister
from bot.responder.thread_jobs import FollowedCards, ThreadJobs
from bot.responder.unsubscriber import Unsubscriber
from bot.responder.zones import Zones


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderPorts:
    """What the Responder reads and writes, apart from the cloud."""

    subscriptions: Subscriptions
    history: History
    recordings: Recordings
    dead_letters: DeadLetterStore
    care: Care
    snoozes: Snoozes
    rules: PlaceRulesBook
    pauses: Pauses
    followed_cards: FollowedCards
    threads: Threads
    conversations: Conversations
    people: People
    cards: CardRefresher
    answered_messages: AnsweredMessages
    health: HealthReport
    clock: Clock
    monotonic: Monotonic
    meter: Meter = UNMETERED


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderSettings:
    """The settings that change what the Responder answers."""

    slash_command: str
    link_hosts: tuple[str, ...]
    #: Empty if the guard is off.
    guard_hours: Sequence[int]
    poll_interval: timedelta
    reports: ReportSettings
    #: The zone of the installation, for people whose own zone cannot be read.
    usual_zone: ZoneInfo
    #: True if the operator has set the language of channels.
    is_language_chosen: bool
    #: How many seconds a read may take before a subscription is recorded without its baseline.
    patience: float = 1.2


def build_responder(
    ports: ResponderPorts,
    settings: ResponderSettings,
    *,
    catalog: Catalog,
    finder: JobFinder,
    last_asked: LastAsked,
    acting: ActionAnswers,
) -> Responder:
    """Build and connect everything that answers a sentence."""
    shared = _shared(ports, settings, catalog, finder)
    quiet_answers = _quiet_answers(shared)
    care_answers = _care_answers(shared)
    subscriber = _subscriber(shared, quiet_answers)
    thread_jobs = ThreadJobs(ports.followed_cards, ports.threads)
    return Responder(
        catalog=catalog,
        jobs=JobAnswers(
            catalog=catalog,
            finder=finder,
            subscriber=subscriber,
            care_answers=care_answers,
            acting=acting,
            reporter=_reporter(shared),
            cards=ports.cards,
            link_hosts=settings.link_hosts,
        ),
        last_asked=last_asked,
        subscriber=subscriber,
        subscription_filler=_subscription_filler(shared),
        places=shared.places,
        settings_answers=SettingsAnswers(ports.rules, shared.places, shared.zones),
        home_reader=_home_reader(shared),
        care_answers=care_answers,
        quiet_answers=quiet_answers,
        dead_letters=DeadLetterAnswers(catalog, ports.dead_letters, ports.conversations),
        acting=acting,
        health=ports.health,
        reader=SentenceReader(catalog, thread_jobs, settings.slash_command),
        answered_messages=ports.answered_messages,
        slash_command=settings.slash_command,
        clock=ports.clock,
        monotonic=ports.monotonic,
        meter=ports.meter,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What most answers need."""

    ports: ResponderPorts
    settings: ResponderSettings
    catalog: Catalog
    finder: JobFinder
    places: Places
    zones: Zones


def _shared(
    ports: ResponderPorts, settings: ResponderSettings, catalog: Catalog, finder: JobFinder
) -> _Shared:
    return _Shared(
        ports=ports,
        settings=settings,
        catalog=catalog,
        finder=finder,
        places=Places(ports.conversations, ports.pauses, monotonic=ports.monotonic),
        zones=Zones(
            ports.people,
            usual=settings.usual_zone,
            is_language_chosen=settings.is_language_chosen,
        ),
    )


def _quiet_answers(shared: _Shared) -> QuietAnswers:
    ports = shared.ports
    return QuietAnswers(
        catalog=shared.catalog,
        finder=shared.finder,
        snoozes=ports.snoozes,
        rules=ports.rules,
        subscriptions=ports.subscriptions,
        places=shared.places,
        zones=shared.zones,
        clock=ports.clock,
    )


def _care_answers(shared: _Shared) -> CareAnswers:
    return CareAnswers(
        catalog=shared.catalog,
        finder=shared.finder,
        care=shared.ports.care,
        subscriptions=shared.ports.subscriptions,
        zones=shared.zones,
        reminds=bool(shared.settings.guard_hours),
        clock=shared.ports.clock,
    )


def _subscriber(shared: _Shared, quiet_answers: QuietAnswers) -> Subscriber:
    catalog, finder, places, zones = shared.catalog, shared.finder, shared.places, shared.zones
    ports, settings, subscriptions = shared.ports, shared.settings, shared.ports.subscriptions
    new = NewSubscriptions(catalog, ports.clock)
    subscription_finder = SubscriptionFinder(catalog, finder, subscriptions)
    return Subscriber(
        catalog=catalog,
        finder=finder,
        subscriptions=subscriptions,
        places=places,
        zones=zones,
        new=new,
        several=SeveralSubscriber(catalog, subscriptions, places, finder, zones, new),
        unsubscriber=Unsubscriber(
            catalog, subscriptions, places, subscription_finder, settings.slash_command
        ),
        copier=SubscriptionCopier(catalog, subscriptions, places, subscription_finder, zones),
        lister=SubscriptionLister(catalog, subscriptions, places, quiet_answers),
        explainer=Explainer(
            catalog=catalog,
            finder=finder,
            subscriptions=subscriptions,
            subscription_finder=subscription_finder,
            history=ports.history,
            recordings=ports.recordings,
            places=places,
            place_holds=quiet_answers,
            care=ports.care,
            poll_interval=settings.poll_interval,
            clock=ports.clock,
        ),
        guard_hours=settings.guard_hours,
        clock=ports.clock,
        patience=settings.patience,
    )


def _subscription_filler(shared: _Shared) -> SubscriptionFiller:
    return SubscriptionFiller(
        catalog=shared.catalog,
        finder=shared.finder,
        subscriptions=shared.ports.subscriptions,
        places=shared.places,
        zones=shared.zones,
        clock=shared.ports.clock,
    )


def _reporter(shared: _Shared) -> Reporter:
    return Reporter(
        catalog=shared.catalog,
        finder=shared.finder,
        recordings=shared.ports.recordings,
        subscriptions=shared.ports.subscriptions,
        zones=shared.zones,
        settings=shared.settings.reports,
        clock=shared.ports.clock,
    )


def _home_reader(shared: _Shared) -> HomeReader:
    ports, settings = shared.ports, shared.settings
    return HomeReader(
        catalog=shared.catalog,
        subscriptions=ports.subscriptions,
        history=ports.history,
        care=ports.care,
        snoozes=ports.snoozes,
        rules=ports.rules,
        conversations=ports.conversations,
        places=shared.places,
        slash_command=settings.slash_command,
        link_hosts=settings.link_hosts,
        price=settings.reports.price,
        clock=ports.clock,
    )
