"""Connect the Responder to the Slack listeners."""

from bot.catalog import Catalog
from bot.locale import spoken
from bot.responder.action_answers import ActionAnswers
from bot.responder.care_answers import CareAnswers
from bot.responder.dead_letters import DeadLetterAnswers
from bot.responder.dialog_opener import DialogOpener
from bot.responder.explainer import Explainer
from bot.responder.health import HealthChecks
from bot.responder.home_reader import HomeReader
from bot.responder.job_answers import JobAnswers
from bot.responder.job_finder import JobFinder
from bot.responder.last_asked import LastAsked
from bot.responder.places import Places
from bot.responder.quiet_answers import QuietAnswers
from bot.responder.reads import BoundedReads
from bot.responder.request_limiter import RequestLimiter
from bot.responder.responder import Responder
from bot.responder.sentence_reader import SentenceReader
from bot.responder.settings_answers import SettingsAnswers
from bot.responder.subscriber import Subscriber
from bot.responder.thread_jobs import ThreadJobs
from bot.responder.zones import Zones
from bot.serve.acting import open_acting, open_performer
from bot.serve.adapters import store_checks
from bot.serve.bot import Adapters, Answering, Delivering, Watching, Workspace
from bot.serve.reporting import open_reporter, price_of
from bot.serve.request_intake import RequestIntake
from bot.slack.incoming.answer_claims import AnswerClaims
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.lifecycle import Lifecycle
from bot.slack.incoming.listeners import Listeners
from bot.slack.incoming.lost_actions import LostActions
from bot.slack.incoming.lost_answers import LostAnswers
from bot.slack.outgoing.own_messages import OwnMessages
from bot.store.store import PROBE_DEADLINE


def open_answering(
    adapters: Adapters,
    intake: RequestIntake,
    workspace: Workspace,
    watching: Watching,
    delivering: Delivering,
) -> Answering:
    """Build the Responder, the listeners that call it, and what follows up lost answers."""
    store = adapters.store
    languages = Languages(workspace.people, store.place_rules, spoken(adapters.settings.language))
    health = _health(adapters, intake, workspace, watching)
    last_asked = LastAsked(store)
    reads = _reads(adapters, watching.catalog)
    finder = JobFinder(watching.catalog, last_asked, reads)
    performer = open_performer(adapters)
    acting = open_acting(adapters, workspace, watching.catalog, finder, performer)
    responder, jobs = _responder(
        adapters, workspace, watching.catalog, finder, last_asked, acting, health, delivering
    )
    surfaces = DialogOpener(
        catalog=watching.catalog,
        reads=reads,
        jobs=jobs,
        slash_command=adapters.settings.command,
        link_hosts=adapters.settings.link_hosts,
    )
    limiter = RequestLimiter(
        responder,
        store.requests,
        monotonic=adapters.monotonic,
        note_asked=watching.catalog.note_asked,
    )
    return Answering(
        health=health,
        last_asked=last_asked,
        reads=reads,
        listeners=_listeners(adapters, workspace, limiter, surfaces, languages),
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
    acting: ActionAnswers,
    health: HealthChecks,
    delivering: Delivering,
) -> tuple[Responder, JobAnswers]:
    settings, store, clock = adapters.settings, adapters.store, adapters.clock
    zones = _zones(adapters, workspace)
    places = Places(workspace.conversations, store.outbox, monotonic=adapters.monotonic)
    quiet_answers = _quiet_answers(adapters, catalog, finder, places, zones)
    subscriber = _subscriber(adapters, catalog, finder, places, zones, quiet_answers)
    care_answers = _care_answers(adapters, catalog, finder, zones)
    jobs = JobAnswers(
        catalog=catalog,
        finder=finder,
        subscriber=subscriber,
        care_answers=care_answers,
        acting=acting,
        reporter=open_reporter(settings, catalog, finder, store, zones, clock),
        cards=delivering.card_keeper,
        link_hosts=settings.link_hosts,
    )
    return Responder(
        catalog=catalog,
        jobs=jobs,
        last_asked=last_asked,
        subscriber=subscriber,
        settings_answers=SettingsAnswers(store.place_rules, places=places, zones=zones),
        home_reader=_home_reader(adapters, workspace, catalog, places),
        care_answers=care_answers,
        quiet_answers=quiet_answers,
        dead_letters=DeadLetterAnswers(catalog, store.history, workspace.conversations),
        acting=acting,
        health=health,
        reader=_reader(adapters, workspace, finder),
        answered_messages=delivering.answered_messages,
        slash_command=settings.command,
        clock=clock,
        monotonic=adapters.monotonic,
        meter=adapters.metrics,
    ), jobs


def _care_answers(
    adapters: Adapters, catalog: Catalog, finder: JobFinder, zones: Zones
) -> CareAnswers:
    return CareAnswers(
        catalog,
        finder,
        adapters.store.care,
        subscriptions=adapters.store.subscriptions,
        zones=zones,
        reminds=bool(adapters.settings.guard_hours),
        clock=adapters.clock,
    )


def _quiet_answers(
    adapters: Adapters, catalog: Catalog, finder: JobFinder, places: Places, zones: Zones
) -> QuietAnswers:
    store = adapters.store
    return QuietAnswers(
        catalog=catalog,
        finder=finder,
        snoozes=store.snoozes,
        rules=store.place_rules,
        subscriptions=store.subscriptions,
        places=places,
        zones=zones,
        clock=adapters.clock,
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
    adapters: Adapters, intake: RequestIntake, workspace: Workspace, watching: Watching
) -> HealthChecks:
    store = adapters.store
    return HealthChecks(
        watching.catalog,
        store=lambda: store_checks(store, within=PROBE_DEADLINE),
        slack=workspace.token_watch.check,
        outbox=store.history.counts,
        quarantine=watching.quarantine.check,
        ways_in=intake.checks,
        slack_failing_since=adapters.metrics.slack.failing_since,
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
    quiet_answers: QuietAnswers,
) -> Subscriber:
    store = adapters.store
    explainer = Explainer(
        catalog=catalog,
        finder=finder,
        subscriptions=store.subscriptions,
        history=store.history,
        recordings=store.history,
        places=places,
        place_holds=quiet_answers,
        care=store.care,
        poll_interval=adapters.settings.poll_interval,
        clock=adapters.clock,
    )
    return Subscriber(
        catalog=catalog,
        finder=finder,
        subscriptions=store.subscriptions,
        explainer=explainer,
        places=places,
        zones=zones,
        place_holds=quiet_answers,
        slash_command=adapters.settings.command,
        guard_hours=adapters.settings.guard_hours,
        clock=adapters.clock,
    )


def _home_reader(
    adapters: Adapters, workspace: Workspace, catalog: Catalog, places: Places
) -> HomeReader:
    settings, store = adapters.settings, adapters.store
    return HomeReader(
        catalog=catalog,
        subscriptions=store.subscriptions,
        history=store.history,
        care=store.care,
        snoozes=store.snoozes,
        rules=store.place_rules,
        conversations=workspace.conversations,
        places=places,
        slash_command=settings.command,
        link_hosts=settings.link_hosts,
        price=price_of(settings),
        clock=adapters.clock,
    )


def _listeners(
    adapters: Adapters,
    workspace: Workspace,
    limiter: RequestLimiter,
    surfaces: DialogOpener,
    languages: Languages,
) -> Listeners:
    store, messenger = adapters.store, workspace.messenger
    lifecycle = Lifecycle(
        outbox=store.outbox,
        subscriptions=store.subscriptions,
        workspaces=store.workspaces,
        installation=messenger,
        recheck=workspace.token_watch.recheck,
    )
    return Listeners(
        limiter,
        messenger,
        workspace.conversations,
        workspace.background,
        lifecycle,
        offers=surfaces,
        greetings=store.place_rules,
        clicks=store.place_rules,
        languages=languages,
        strangers=workspace.people,
        claims=AnswerClaims(store.requests),
        monotonic=adapters.monotonic,
    )
