"""What answers people, connected: the Responder behind its listeners."""

from bot.catalog import Catalog
from bot.courier.card_keeper import CardKeeper
from bot.locale import language_of
from bot.responder.acting import Acting
from bot.responder.caretaker import Caretaker
from bot.responder.dead_letters import DeadLetterOffice
from bot.responder.health import HealthChecks
from bot.responder.job_answers import JobAnswers
from bot.responder.job_finder import JobFinder
from bot.responder.last_asked import LastAsked
from bot.responder.overviews import Overviews
from bot.responder.places import Places
from bot.responder.reads import BoundedReads
from bot.responder.reception import Reception
from bot.responder.responder import Presentation, Responder
from bot.responder.sentence_reader import SentenceReader
from bot.responder.settler import Settler
from bot.responder.subscriber import Subscriber
from bot.responder.thread_jobs import ThreadJobs
from bot.responder.zones import Zones
from bot.serve.adapters import store_checks
from bot.serve.books import open_reporter, price_of
from bot.serve.bot import Adapters, Answering, WatchedProject, Workspace
from bot.serve.entrance import Entrance
from bot.serve.operating import open_acting, open_performer
from bot.slack.incoming.lifecycle import Lifecycle
from bot.slack.incoming.listeners import Listeners
from bot.slack.incoming.lost_actions import LostActions
from bot.slack.incoming.lost_answers import LostAnswers
from bot.slack.outgoing.own_messages import OwnMessages
from bot.slack.outgoing.people import SlackPeople


def open_answering(
    adapters: Adapters,
    entrance: Entrance,
    workspace: Workspace,
    project: WatchedProject,
    cards: CardKeeper,
) -> Answering:
    """The Responder behind its listeners."""
    store, language = adapters.store, language_of(adapters.settings.language)
    health = _health(adapters, entrance, workspace, project)
    last_asked = LastAsked(store)
    reads = _reads(adapters, project.catalog)
    finder = JobFinder(project.catalog, last_asked, reads)
    performer = open_performer(adapters)
    acting = open_acting(adapters, workspace, project.catalog, finder, performer)
    responder = _responder(
        adapters, workspace, project.catalog, finder, last_asked, acting, health, cards
    )
    reception = Reception(responder, store.requests, monotonic=adapters.monotonic)
    return Answering(
        health=health,
        last_asked=last_asked,
        reads=reads,
        listeners=_listeners(adapters, workspace, reception),
        lost_answers=LostAnswers(store.requests, workspace.messenger, language),
        performer=performer,
        lost_actions=LostActions(performer, workspace.messenger, language),
    )


def _responder(
    adapters: Adapters,
    workspace: Workspace,
    catalog: Catalog,
    finder: JobFinder,
    last_asked: LastAsked,
    acting: Acting,
    health: HealthChecks,
    cards: CardKeeper,
) -> Responder:
    settings, store, clock = adapters.settings, adapters.store, adapters.clock
    zones = _zones(adapters, workspace)
    subscriber = _subscriber(adapters, workspace, catalog, finder, zones)
    reminds = bool(settings.guard_hours)
    caretaker = Caretaker(catalog, finder, store.care, zones=zones, reminds=reminds, clock=clock)
    jobs = JobAnswers(
        catalog=catalog,
        finder=finder,
        last_asked=last_asked,
        subscriber=subscriber,
        caretaker=caretaker,
        acting=acting,
        reporter=open_reporter(settings, catalog, finder, store.history, zones, clock),
        cards=cards,
        link_hosts=settings.link_hosts,
    )
    return Responder(
        catalog=catalog,
        jobs=jobs,
        last_asked=last_asked,
        subscriber=subscriber,
        settler=Settler(store.place_rules, places=_places(adapters, workspace), zones=zones),
        overviews=_overviews(adapters, workspace, catalog),
        caretaker=caretaker,
        dead_letters=DeadLetterOffice(catalog, store.history, workspace.conversations),
        acting=acting,
        health=health,
        reader=_reader(adapters, workspace, finder),
        presentation=Presentation(slash_command=settings.command),
        clock=clock,
    )


def _reader(adapters: Adapters, workspace: Workspace, finder: JobFinder) -> SentenceReader:
    threads = OwnMessages(workspace.messenger.calls, identity=lambda: workspace.messenger.identity)
    return SentenceReader(
        finder,
        ThreadJobs(adapters.store.outbox, threads),
        slash_command=adapters.settings.command,
    )


def _reads(adapters: Adapters, catalog: Catalog) -> BoundedReads:
    return BoundedReads(
        catalog,
        adapters.store.budget,
        calls_per_minute=adapters.settings.api_calls_per_minute,
        clock=adapters.clock,
        monotonic=adapters.monotonic,
    )


def _health(
    adapters: Adapters, entrance: Entrance, workspace: Workspace, project: WatchedProject
) -> HealthChecks:
    store = adapters.store
    return HealthChecks(
        project.catalog,
        store=lambda: store_checks(store),
        slack=workspace.token_watch.check,
        outbox=store.history.counts,
        quarantine=project.quarantine.check,
        ways_in=entrance.checks,
        clock=adapters.clock,
    )


def _zones(adapters: Adapters, workspace: Workspace) -> Zones:
    people = SlackPeople(
        workspace.messenger.calls,
        identity=lambda: workspace.messenger.identity,
        monotonic=adapters.monotonic,
    )
    return Zones(people, usual=adapters.settings.time_zone)


def _subscriber(
    adapters: Adapters, workspace: Workspace, catalog: Catalog, finder: JobFinder, zones: Zones
) -> Subscriber:
    store = adapters.store
    return Subscriber(
        catalog=catalog,
        finder=finder,
        subscriptions=store.subscriptions,
        history=store.history,
        rules=store.place_rules,
        places=_places(adapters, workspace),
        zones=zones,
        guard_hours=adapters.settings.guard_hours,
        clock=adapters.clock,
    )


def _overviews(adapters: Adapters, workspace: Workspace, catalog: Catalog) -> Overviews:
    settings, store = adapters.settings, adapters.store
    return Overviews(
        catalog=catalog,
        subscriptions=store.subscriptions,
        history=store.history,
        care=store.care,
        rules=store.place_rules,
        conversations=workspace.conversations,
        slash_command=settings.command,
        link_hosts=settings.link_hosts,
        price=price_of(settings),
        clock=adapters.clock,
    )


def _places(adapters: Adapters, workspace: Workspace) -> Places:
    return Places(workspace.conversations, adapters.store.outbox, monotonic=adapters.monotonic)


def _listeners(adapters: Adapters, workspace: Workspace, reception: Reception) -> Listeners:
    store, messenger = adapters.store, workspace.messenger
    lifecycle = Lifecycle(
        outbox=store.outbox,
        subscriptions=store.subscriptions,
        workspaces=store.workspaces,
        home=messenger,
        recheck=workspace.recheck_token,
    )
    return Listeners(
        reception,
        messenger,
        workspace.conversations,
        workspace.late,
        lifecycle,
        language=language_of(adapters.settings.language),
        monotonic=adapters.monotonic,
    )
