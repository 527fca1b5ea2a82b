"""What the running bot answers: the pages that machines ask, and Slack over HTTP or a socket."""

from bot.serve.adapters import revealed
from bot.serve.bot import Bot
from bot.serve.http import Route
from bot.serve.insiders import Insiders
from bot.serve.metrics_page import MetricsPage
from bot.serve.probes import Probes
from bot.slack.incoming.bolt import bolt_app
from bot.slack.incoming.endpoint import SlackEndpoint
from bot.slack.incoming.gate import Gate
from bot.slack.incoming.socket_mode import SocketMode


def pages(bot: Bot) -> dict[str, Route]:
    """What machines ask."""
    insiders = Insiders(revealed(bot.adapters.settings.metrics_token))

    def last_good_poll_age() -> float | None:
        return bot.answering.health.last_good_poll_age(bot.project)

    probes = Probes(
        bot.answering.health.essentials,
        bot.entrance,
        insiders,
        last_good_poll_age=last_good_poll_age,
    )
    metrics = MetricsPage(
        bot.adapters.metrics,
        insiders,
        gauges=bot.adapters.store.gauges,
        last_good_poll_age=last_good_poll_age,
        monotonic=bot.adapters.monotonic,
    )
    return {
        "/healthz": Route("GET", probes.healthz),
        "/readyz": Route("GET", probes.readyz),
        "/metrics": Route("GET", metrics.answer),
    }


def slack_route(bot: Bot) -> Route:
    """What Slack asks over HTTP."""
    settings, messenger = bot.adapters.settings, bot.workspace.messenger
    secrets = [secret.get_secret_value() for secret in settings.slack_signing_secrets]
    clock = bot.adapters.clock
    app = bolt_app(
        bot.answering.listeners,
        messenger,
        messenger.client,
        clock=clock,
        signing_secret=secrets[0],
    )
    endpoint = SlackEndpoint(
        Gate(secrets, clock=clock),
        app,
        clock_watch=bot.entrance.clock_watch,
        tally=bot.entrance.tally,
    )
    return Route("POST", endpoint.answer)


def open_socket(bot: Bot) -> SocketMode:
    """What Slack asks through a WebSocket. It is not connected yet: its first watch does that."""
    settings, messenger = bot.adapters.settings, bot.workspace.messenger
    return SocketMode(
        bolt_app(bot.answering.listeners, messenger, messenger.client, clock=bot.adapters.clock),
        app_token=revealed(settings.slack_app_token) or "",
        proxy_url=revealed(settings.proxy_url),
        monotonic=bot.adapters.monotonic,
        jitter=bot.adapters.jitter,
    )
