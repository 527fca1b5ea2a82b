"""The routes of the running bot: the pages for machines, and Slack over HTTP or a socket."""

from bot.serve.adapters import revealed
from bot.serve.bot import Bot
from bot.serve.database_gauges import DatabaseGauges
from bot.serve.http import Route
from bot.serve.metrics_page import MetricsPage
from bot.serve.probe_access import ProbeAccess
from bot.serve.probes import Probes
from bot.slack.incoming.bolt import bolt_app
from bot.slack.incoming.endpoint import SlackEndpoint
from bot.slack.incoming.gate import Gate
from bot.slack.incoming.socket_mode import SocketMode


def pages(bot: Bot) -> dict[str, Route]:
    """Return the routes of the pages for machines."""
    access = ProbeAccess(revealed(bot.adapters.settings.metrics_token))

    def last_good_poll_age() -> float | None:
        return bot.answering.health.last_good_poll_age(bot.project)

    probes = Probes(
        bot.answering.health.essentials,
        bot.intake,
        access,
        last_good_poll_age=last_good_poll_age,
    )
    store, monotonic = bot.adapters.store, bot.adapters.monotonic
    metrics = MetricsPage(
        bot.adapters.metrics,
        access,
        gauges=DatabaseGauges(answers=store.answers, gauges=store.gauges, monotonic=monotonic),
        last_good_poll_age=last_good_poll_age,
        monotonic=monotonic,
    )
    return {
        "/healthz": Route("GET", probes.healthz),
        "/readyz": Route("GET", probes.readyz),
        "/metrics": Route("GET", metrics.answer),
    }


def slack_route(bot: Bot) -> Route:
    """Return the route for Slack's requests over HTTP."""
    settings, messenger = bot.adapters.settings, bot.workspace.messenger
    secrets = [secret.get_secret_value() for secret in settings.slack_signing_secrets]
    endpoint = SlackEndpoint(
        Gate(secrets, clock=bot.adapters.clock),
        bolt_app(bot.answering.listeners, messenger, messenger.client),
        clock_watch=bot.intake.clock_watch,
        tally=bot.intake.tally,
    )
    return Route("POST", endpoint.answer)


def open_socket(bot: Bot) -> SocketMode:
    """Return the socket for Slack's requests, not connected: its first `watch` connects it."""
    settings, messenger = bot.adapters.settings, bot.workspace.messenger
    return SocketMode(
        bolt_app(bot.answering.listeners, messenger, messenger.client),
        app_token=revealed(settings.slack_app_token) or "",
        proxy_url=revealed(settings.proxy_url),
        monotonic=bot.adapters.monotonic,
        jitter=bot.adapters.jitter,
    )
