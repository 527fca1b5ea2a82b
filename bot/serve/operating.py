"""What acts on jobs, connected: who may, with which ids, and what does it."""

import hmac
from hashlib import sha256

from bot.catalog import Catalog
from bot.config import Settings
from bot.core.action_ids import ActionIds
from bot.responder.acting import Acting
from bot.responder.job_finder import JobFinder
from bot.responder.performing import Performer
from bot.serve.adapters import revealed
from bot.serve.bot import Adapters, Workspace
from bot.slack.outgoing.operators import SlackOperators


def one_use_ids(settings: Settings) -> ActionIds:
    """All replicas have the same bot token, so they know each other's ids."""
    secret = (revealed(settings.slack_bot_token) or "").encode()
    return ActionIds(hmac.new(secret, b"visjob one-use ids", sha256).digest())


def open_performer(adapters: Adapters) -> Performer:
    """What calls the cloud."""
    return Performer(
        adapters.jobs,
        log=adapters.store.actions,
        clock=adapters.clock,
        monotonic=adapters.monotonic,
        call_deadline=adapters.settings.api_timeout,
    )


def open_acting(
    adapters: Adapters,
    workspace: Workspace,
    catalog: Catalog,
    finder: JobFinder,
    performer: Performer,
) -> Acting:
    """What decides whether it is called."""
    settings = adapters.settings
    return Acting(
        catalog=catalog,
        finder=finder,
        performer=performer,
        log=adapters.store.actions,
        operators=SlackOperators(
            workspace.messenger.calls,
            identity=lambda: workspace.messenger.identity,
            named=settings.operators,
            monotonic=adapters.monotonic,
        ),
        ids=one_use_ids(settings),
        link_hosts=settings.link_hosts,
        clock=adapters.clock,
    )
