"""Connect the Responder to the Slack listeners."""

from bot.catalog import Catalog
from bot.config import Settings
from bot.locale import spoken
from bot.responder.dialog_opener import DialogOpener
from bot.responder.health import HealthChecks
from bot.responder.job_finder import JobFinder
from bot.responder.last_asked import LastAsked
from bot.responder.reads import BoundedReads
from bot.responder.request_limiter import RequestLimiter
from bot.serve.acting import open_acting, open_performer
from bot.serve.adapters import store_checks
from bot.serve.bot import Adapters, Answering, Delivering, Watching, Workspace
from bot.serve.reporting import report_settings
from bot.serve.request_intake import RequestIntake
from bot.serve.responding import ResponderPorts, ResponderSettings, build_responder
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
    responder = build_responder(
        _ports(adapters, workspace, delivering, health),
        _settings(adapters.settings),
        catalog=watching.catalog,
        finder=finder,
        last_asked=last_asked,
        acting=open_acting(adapters, workspace, watching.catalog, finder, performer),
    )
    dialogs = DialogOpener(
        catalog=watching.catalog,
        reads=reads,
        jobs=responder.jobs,
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
        listeners=_listeners(adapters, workspace, limiter, dialogs, languages),
        lost_answers=LostAnswers(store.requests, workspace.messenger, languages),
        performer=performer,
        lost_actions=LostActions(performer, workspace.messenger, languages),
    )


def _ports(
    adapters: Adapters, workspace: Workspace, delivering: Delivering, health: HealthChecks
) -> ResponderPorts:
    store, messenger = adapters.store, workspace.messenger
    return ResponderPorts(
        subscriptions=store.subscriptions,
        history=store.history,
        recordings=store.history,
        dead_letters=store.history,
        care=store.care,
        snoozes=store.snoozes,
        rules=store.place_rules,
        pauses=store.outbox,
        followed_cards=store.outbox,
        threads=OwnMessages(messenger.calls, identity=lambda: messenger.identity),
        conversations=workspace.conversations,
        people=workspace.people,
        cards=delivering.card_keeper,
        answered_messages=delivering.answered_messages,
        health=health,
        clock=adapters.clock,
        monotonic=adapters.monotonic,
        meter=adapters.metrics,
    )


def _settings(settings: Settings) -> ResponderSettings:
    return ResponderSettings(
        slash_command=settings.command,
        link_hosts=settings.link_hosts,
        guard_hours=settings.guard_hours,
        poll_interval=settings.poll_interval,
        reports=report_settings(settings),
        usual_zone=settings.time_zone,
        is_language_chosen="language" in settings.model_fields_set,
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


def _listeners(
    adapters: Adapters,
    workspace: Workspace,
    limiter: RequestLimiter,
    dialogs: DialogOpener,
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
        offers=dialogs,
        greetings=store.place_rules,
        clicks=store.place_rules,
        languages=languages,
        strangers=workspace.people,
        claims=AnswerClaims(store.requests),
        monotonic=adapters.monotonic,
    )
