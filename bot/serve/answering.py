"""What answers people, connected: the Responder behind its listeners."""

from bot.catalog import Catalog
from bot.config import Settings
from bot.locale import spoken
from bot.responder.acting import Acting
from bot.responder.calmer import Calmer
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
from bot.responder.surfaces import Surfaces
from bot.responder.thread_jobs import ThreadJobs
from bot.responder.zones import Zones
from bot.serve.adapters import store_checks
from bot.serve.books import open_reporter, price_of
from bot.serve.bot import Adapters, Answering, Delivering, Watching, Workspace
from bot.serve.entrance import Entrance
from bot.serve.operating import open_acting, open_performer
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.lifecycle import Lifecycle
from bot.slack.incoming.listeners import Listeners
from bot.slack.incoming.lost_actions import LostActions
from bot.slack.incoming.lost_answers import LostAnswers
from bot.slack.outgoing.own_messages import OwnMessages


def open_answering(
    adapters: Adapters,
    entrance: Entrance,
    workspace: Workspace,
    watching: Watching,
    delivering: Delivering,
) -> Answering:
    """The Responder behind its listeners."""
    store = adapters.store
    languages = Languages(workspace.people, store.place_rules, spoken(adapters.settings.language))
    health = _health(adapters, entrance, workspace, watching)
    last_asked = LastAsked(store)
    reads = _reads(adapters, watching.catalog)
    finder = JobFinder(watching.catalog, last_asked, reads)
    performer = open_performer(adapters)
    acting = open_acting(adapters, workspace, watching.catalog, finder, performer)
    responder, jobs = _responder(
        adapters, workspace, watching.catalog, finder, last_asked, acting, health, delivering
    )
    surfaces = Surfaces(
        catalog=watching.catalog,
        reads=reads,
        jobs=jobs,
        slash_command=adapters.settings.command,
        link_hosts=adapters.settings.link_hosts,
    )
    reception = Reception(responder, store.requests, monotonic=adapters.monotonic)
    return Answering(
        health=health,
        last_asked=last_asked,
        reads=reads,
        listeners=_listeners(adapters, workspace, reception, surfaces, languages),
        lost_answers=LostAnswers(store.requests, workspace.messenger, languages),
        performer=performer,
        lost_actions=LostActions(performer, workspace.messenger, languages),
    )


def _responder(
    adapters: Adapters,
    workspace: Workspace,
    catalog: Catalog,
    finder: JobFinder,
    last_asked: LastAsked,
    acting: Acting,
    health: HealthChecks,
    delivering: Delivering,
) -> tuple[Responder, JobAnswers]:
    settings, store, clock = adapters.settings, adapters.store, adapters.clock
    zones, places = _zones(adapters, workspace), _places(adapters, workspace)
    calmer = _calmer(adapters, catalog, finder, places, zones)
    subscriber = _subscriber(adapters, catalog, finder, places, zones, calmer)
    caretaker = _caretaker(adapters, catalog, finder, zones)
    jobs = JobAnswers(
        catalog=catalog,
        finder=finder,
        subscriber=subscriber,
        caretaker=caretaker,
        acting=acting,
        reporter=open_reporter(settings, catalog, finder, store.history, zones, clock),
        cards=delivering.card_keeper,
        link_hosts=settings.link_hosts,
    )
    return Responder(
        catalog=catalog,
        jobs=jobs,
        last_asked=last_asked,
        subscriber=subscriber,
        settler=Settler(store.place_rules, places=places, zones=zones),
        overviews=_overviews(adapters, workspace, catalog),
        caretaker=caretaker,
        calmer=calmer,
        dead_letters=DeadLetterOffice(catalog, store.history, workspace.conversations),
        acting=acting,
        health=health,
        reader=_reader(adapters, workspace, finder),
        pressed=delivering.pressed_messages,
        presentation=_presentation(settings),
        clock=clock,
        monotonic=adapters.monotonic,
        meter=adapters.metrics,
    ), jobs


def _places(adapters: Adapters, workspace: Workspace) -> Places:
    return Places(workspace.conversations, adapters.store.outbox, monotonic=adapters.monotonic)


def _caretaker(adapters: Adapters, catalog: Catalog, finder: JobFinder, zones: Zones) -> Caretaker:
    return Caretaker(
        catalog,
        finder,
        adapters.store.care,
        zones=zones,
        reminds=bool(adapters.settings.guard_hours),
        clock=adapters.clock,
    )


def _calmer(
    adapters: Adapters, catalog: Catalog, finder: JobFinder, places: Places, zones: Zones
) -> Calmer:
    store = adapters.store
    return Calmer(
        catalog=catalog,
        finder=finder,
        calm=store.calm,
        rules=store.place_rules,
        subscriptions=store.subscriptions,
        places=places,
        zones=zones,
        clock=adapters.clock,
    )


def _presentation(settings: Settings) -> Presentation:
    return Presentation(slash_command=settings.command)


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
    adapters: Adapters, entrance: Entrance, workspace: Workspace, watching: Watching
) -> HealthChecks:
    store = adapters.store
    return HealthChecks(
        watching.catalog,
        store=lambda: store_checks(store),
        slack=workspace.token_watch.check,
        outbox=store.history.counts,
        quarantine=watching.quarantine.check,
        ways_in=entrance.checks,
        clock=adapters.clock,
    )


def _zones(adapters: Adapters, workspace: Workspace) -> Zones:
    settings = adapters.settings
    return Zones(
        workspace.people,
        usual=settings.time_zone,
        is_language_chosen="language" in settings.model_fields_set,
    )


def _subscriber(
    adapters: Adapters,
    catalog: Catalog,
    finder: JobFinder,
    places: Places,
    zones: Zones,
    calmer: Calmer,
) -> Subscriber:
    store = adapters.store
    return Subscriber(
        catalog=catalog,
        finder=finder,
        subscriptions=store.subscriptions,
        history=store.history,
        recordings=store.history,
        poll_interval=adapters.settings.poll_interval,
        places=places,
        zones=zones,
        calm=calmer,
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
        calm=store.calm,
        rules=store.place_rules,
        conversations=workspace.conversations,
        slash_command=settings.command,
        link_hosts=settings.link_hosts,
        price=price_of(settings),
        clock=adapters.clock,
    )


def _listeners(
    adapters: Adapters,
    workspace: Workspace,
    reception: Reception,
    surfaces: Surfaces,
    languages: Languages,
) -> Listeners:
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
        offers=surfaces,
        greetings=store.place_rules,
        clicks=store.place_rules,
        languages=languages,
        monotonic=adapters.monotonic,
    )
