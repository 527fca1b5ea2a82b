"""`visjob history`, `cost` and `why`: the same answers as in Slack, from the database."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from bot.cli.database import RecordedProject, open_recorded_project
from bot.cli.past_facts import Json, change_facts, cost_facts, current_facts, history_facts
from bot.cli.terminal import draw, open_console, write_json
from bot.config import Settings
from bot.core.audience import covering
from bot.core.cards.bot.problem import problem_card
from bot.core.cards.card import Card
from bot.core.cards.jobs.current_state import CurrentState
from bot.core.cards.why.why_everywhere import why_everywhere_card
from bot.core.commands.command import Command
from bot.core.commands.grammar import parse
from bot.core.commands.targets.job_reference import LastJob, ThisJob
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.history import History
from bot.core.commands.verbs.why import Why
from bot.core.errors import BadCommand, BotError
from bot.core.subscription import Place
from bot.core.text import Language, say
from bot.locale import language_of
from bot.serve.clock import utc_now
from bot.serve.reporting import price_of

_LOOKING_BACK = timedelta(days=7)
#: A card, and its facts for `--json`; None if nothing is recorded.
_Answer = tuple[Card, Json | None]


async def show_history(settings: Settings, words: Sequence[str], *, as_json: bool) -> int:
    """Print a job's states over time. Return the exit code: 0 shown, 1 nothing recorded or no
    database, 2 a sentence that cannot be parsed."""

    async def answer(recorded: RecordedProject, command: Command) -> _Answer:
        if not isinstance(command, History):
            raise TypeError(command)
        past = await recorded.reporter.job_past(command, recorded.request)
        if isinstance(past, Card):
            return past, None
        return past.card(command), history_facts(past)

    return await _show(settings, ("history", *words), answer, as_json=as_json)


async def show_cost(settings: Settings, words: Sequence[str], *, as_json: bool) -> int:
    """Print running hours and their cost. Return the exit code, as in `show_history`."""
    price = price_of(settings)

    async def answer(recorded: RecordedProject, command: Command) -> _Answer:
        if not isinstance(command, Cost):
            raise TypeError(command)
        spent = await recorded.reporter.spent(command, recorded.request)
        if isinstance(spent, Card):
            return spent, None
        facts = {"period": command.period, **cost_facts(spent, price)}
        return spent.card(command, price), facts

    return await _show(settings, ("cost", *words), answer, as_json=as_json)


async def show_why(settings: Settings, words: Sequence[str], *, as_json: bool) -> int:
    """Print a job's changes and their deliveries. Return the exit code, as in `show_history`."""

    async def answer(recorded: RecordedProject, command: Command) -> _Answer:
        if not isinstance(command, Why):
            raise TypeError(command)
        past = await recorded.reporter.job_past(History(command.job), recorded.request)
        if isinstance(past, Card):
            return past, None
        now, interval = utc_now(), settings.poll_interval
        record = past.record
        state = CurrentState(job=record.job, now=now, interval=interval, record=record)
        return await _why(recorded, state)

    return await _show(settings, ("why", *words), answer, as_json=as_json)


async def _why(recorded: RecordedProject, state: CurrentState) -> _Answer:
    history, project = recorded.store.history, recorded.project
    job, now = state.job, state.now
    changes = await history.changes_since(project, since=now - _LOOKING_BACK, job_id=job.id)
    subscriptions = await recorded.store.subscriptions.list_subscriptions(project)
    following: dict[Place, list[Any]] = {}
    for one in covering(subscriptions, job, now):
        following.setdefault(one.place, []).append(one)
    places = dict.fromkeys((*await history.places_of(project, job.id), *following))
    receipts = {one: await history.deliveries_of(project, one, job.id) for one in places}
    card = why_everywhere_card(
        changes=changes,
        receipts=receipts,
        following=following,
        state=state,
        care=await recorded.store.care.care_of(project, job),
    )
    facts = {
        "job_id": job.id,
        "job_name": job.name,
        **current_facts(state),
        "followed_in": [place.channel_id for place in following],
        "changes": [change_facts(change, receipts) for change in reversed(changes)],
    }
    return card, facts


async def _show(
    settings: Settings,
    words: Sequence[str],
    answer: Callable[[RecordedProject, Command], Awaitable[_Answer]],
    *,
    as_json: bool,
) -> int:
    language = language_of(settings.language)
    try:
        command = parse(" ".join(words))
    except BadCommand as error:
        _report(error, language, as_json=as_json)
        return 2
    if not isinstance(command, History | Cost | Why) or isinstance(command.job, LastJob | ThisJob):
        unnamed = BadCommand(
            say("Which job?"), hint=say("Give an id, a name, its beginning, or a link.")
        )
        _report(unnamed, language, as_json=as_json)
        return 2
    try:
        async with open_recorded_project(settings) as recorded:
            card, facts = await answer(recorded, command)
    except BotError as error:
        _report(error, language, as_json=as_json)
        return 1
    if as_json:
        write_json(facts or {"error": {"sentence": language.plain(card.summary), "hint": None}})
    else:
        draw(card, open_console(), language)
    return 0 if facts else 1


def _report(error: BotError, language: Language, *, as_json: bool) -> None:
    if as_json:
        hint = language.plain(error.hint) or None
        write_json({"error": {"sentence": language.plain(error.sentence), "hint": hint}})
    else:
        draw(problem_card(error), open_console(), language)
