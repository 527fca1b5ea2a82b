"""The list of duties: work that repeats, and the projects that it repeats for."""

from functools import partial

import structlog

from bot.core.errors import StoreUnavailable
from bot.core.project import Project
from bot.serve.bot import Adapters, Bot
from bot.serve.due_checks import DueChecks
from bot.serve.presence import Presence
from bot.serve.ticker import Duty, DutyForEach, Work
from bot.store.serving import NOTED_EVERY

_log = structlog.get_logger(__name__)

_DAY_SECONDS = 86_400.0
# Work runs this often even if the database has nothing due, for steps that follow another clock.
_LOOKS_SECONDS = 10.0
_PAUSE_AFTER_TROUBLE_SECONDS = 300.0


def served_projects(bot: Bot) -> tuple[Project, ...]:
    """Return the projects that are served: none until Slack has confirmed the bot token."""
    return (bot.project,) if bot.project.team_id else ()


def posted_projects(bot: Bot) -> tuple[Project, ...]:
    """Return the projects to post for: none while Slack refuses our token, because another replica
    may have a valid one."""
    return () if bot.workspace.messenger.is_refused else served_projects(bot)


def duties(bot: Bot) -> list[Duty | DutyForEach]:
    delivering, monotonic = bot.delivering, bot.adapters.monotonic
    once = {
        "slack token": bot.workspace.token_watch.look,
        "poll": lambda: bot.watching.index_poller.poll(bot.project),
        "last asked": bot.answering.last_asked.write,
        "reads of people": bot.answering.reads.report,
        "forget": lambda: _forget_old(bot.adapters),
        "tally": bot.intake.write_tally,
        "presence": Presence(bot.adapters.store, every=NOTED_EVERY.total_seconds()).note,
    }
    looks = DueChecks(
        bot.adapters.store.find_due_work,
        at_least_every=min(_LOOKS_SECONDS, bot.adapters.settings.poll_interval.total_seconds()),
        monotonic=monotonic,
    )
    keeper, notifier = delivering.card_keeper, delivering.pause_notifier
    posting: dict[str, Work] = {
        "deliver": looks.when(lambda due: due.may_deliver, delivering.courier.deliver_due),
        "edit": looks.when(lambda due: due.may_edit, keeper.edit_due),
        "rescan": looks.when(lambda due: due.may_rescan, keeper.rescan_due),
        "tell of pauses": looks.when(lambda due: due.may_announce_pauses, notifier.tell_due),
    }
    for_each: dict[str, Work] = {
        "watch": looks.when(lambda due: due.may_watch, bot.watching.watcher.poll),
        "conclude actions": bot.answering.lost_actions.tell_due,
        "draw homes": bot.answering.listeners.homes.renew,
        "tell of lost answers": bot.answering.lost_answers.tell_due,
    }
    each = ((posting, posted_projects), (for_each, served_projects))
    return [Duty(name, work, monotonic=monotonic) for name, work in once.items()] + [
        DutyForEach(name, work, projects=partial(projects, bot), monotonic=monotonic)
        for works, projects in each
        for name, work in works.items()
    ]


async def _forget_old(adapters: Adapters) -> float:
    moment = adapters.clock() - adapters.settings.history
    try:
        is_more = await adapters.store.history.forget_some_before(moment)
    except StoreUnavailable as error:
        _log.warning("old_history_kept", error=str(error), again_in=_PAUSE_AFTER_TROUBLE_SECONDS)
        return _PAUSE_AFTER_TROUBLE_SECONDS
    # The rest waits for the next tick, so that other writers get the database in between.
    return 0.0 if is_more else _DAY_SECONDS
