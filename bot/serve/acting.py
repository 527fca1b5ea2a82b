"""Connect what stops and restarts jobs: operators, one-use ids, and calls to the cloud."""

import hmac
from hashlib import sha256

from bot.catalog import Catalog
from bot.config import Settings
from bot.core.action_ids import ActionIds
from bot.responder.action_answers import ActionAnswers
from bot.responder.job_finder import JobFinder
from bot.responder.performing import Performer
from bot.serve.adapters import revealed
from bot.serve.bot import Adapters, Workspace
from bot.slack.outgoing.operators import SlackOperators


def one_use_ids(settings: Settings) -> ActionIds:
    """Return the one-use ids, signed with a key from the bot token: all replicas share it."""
    secret = (revealed(settings.slack_bot_token) or "").encode()
    return ActionIds(hmac.new(secret, b"visjob one-use ids", sha256).digest())


def open_performer(adapters: Adapters) -> Performer:
    """Return the Performer, which calls the cloud to stop and restart jobs."""
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
) -> ActionAnswers:
    """Return ActionAnswers, which decides whether a person may stop or restart a job."""
    settings = adapters.settings
    return ActionAnswers(
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
