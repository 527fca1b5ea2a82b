"""What is done again and again, and for which projects."""

import structlog

from bot.core.errors import StoreUnavailable
from bot.core.project import Project
from bot.serve.bot import Adapters, Bot
from bot.serve.presence import Presence
from bot.serve.ticker import Duty, DutyForEach, Work
from bot.store.serving import NOTED_EVERY

_log = structlog.get_logger(__name__)

_DAY_SECONDS = 86_400.0
_PAUSE_AFTER_TROUBLE_SECONDS = 300.0


def served_projects(bot: Bot) -> tuple[Project, ...]:
    """None until Slack has told who we are."""
    return (bot.project,) if bot.project.team_id else ()


def duties(bot: Bot) -> list[Duty | DutyForEach]:
    """What is done again and again."""
    delivering, monotonic = bot.delivering, bot.adapters.monotonic
    once = {
        "slack token": bot.workspace.token_watch.ask,
        "poll": lambda: bot.watching.index_poller.poll(bot.project),
        "last asked": bot.answering.last_asked.write,
        "reads of people": bot.answering.reads.report,
        "forget": lambda: _forget_old(bot.adapters),
        "tally": bot.entrance.write_tally,
        "presence": Presence(bot.adapters.store, every=NOTED_EVERY.total_seconds()).note,
    }
    for_each: dict[str, Work] = {
        "watch": bot.watching.watcher.poll,
        "deliver": delivering.courier.deliver_due,
        "edit": delivering.card_keeper.edit_due,
        "rescan": delivering.card_keeper.rescan_due,
        "tell of pauses": delivering.pause_notifier.tell_due,
        "conclude actions": bot.answering.lost_actions.tell_due,
        "draw homes": bot.answering.listeners.homes.renew,
        "tell of lost answers": bot.answering.lost_answers.tell_due,
    }
    return [Duty(name, work, monotonic=monotonic) for name, work in once.items()] + [
        DutyForEach(name, work, projects=lambda: served_projects(bot), monotonic=monotonic)
        for name, work in for_each.items()
    ]


async def _forget_old(adapters: Adapters) -> float:
    moment = adapters.clock() - adapters.settings.history
    try:
        is_more = await adapters.store.history.forget_some_before(moment)
    except StoreUnavailable as error:
        _log.warning("old_history_kept", error=str(error), again_in=_PAUSE_AFTER_TROUBLE_SECONDS)
        return _PAUSE_AFTER_TROUBLE_SECONDS
    # At the next tick: in between others write.
    return 0.0 if is_more else _DAY_SECONDS
