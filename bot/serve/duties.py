"""What is done again and again, and for which projects."""

import structlog

from bot.core.errors import StoreUnavailable
from bot.core.project import Project
from bot.serve.ticker import Duty, DutyForEach, Work
from bot.serve.wiring import Adapters, Bot

_log = structlog.get_logger(__name__)

_DAY_SECONDS = 86_400.0


def served_projects(bot: Bot) -> tuple[Project, ...]:
    """None until Slack has told who we are."""
    identity = bot.workspace.messenger.identity
    if not identity or not identity.team_id:
        return ()
    return (bot.project.catalog.project(identity.team_id),)


def duties(bot: Bot) -> list[Duty | DutyForEach]:
    """What is done again and again."""
    delivering, monotonic = bot.delivering, bot.adapters.monotonic
    once = {
        "slack token": bot.workspace.token_watch.ask,
        "poll": bot.project.index_poller.poll,
        "last asked": bot.answering.last_asked.write,
        "forget": lambda: _forget_old(bot.adapters),
        "tally": bot.entrance.write_tally,
    }
    for_each: dict[str, Work] = {
        "watch": bot.project.watcher.poll,
        "deliver": delivering.courier.deliver_due,
        "edit": delivering.card_keeper.edit_due,
        "rescan": delivering.card_keeper.rescan_due,
        "tell of pauses": delivering.pause_notifier.tell_due,
    }
    return [Duty(name, work, monotonic=monotonic) for name, work in once.items()] + [
        DutyForEach(name, work, projects=lambda: served_projects(bot), monotonic=monotonic)
        for name, work in for_each.items()
    ]


async def _forget_old(adapters: Adapters) -> float:
    try:
        await adapters.store.history.forget_before(adapters.clock() - adapters.settings.history)
    except StoreUnavailable as error:
        _log.warning("old_history_kept", error=str(error))
    return _DAY_SECONDS
