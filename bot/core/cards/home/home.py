"""A person's Home: running jobs, subscriptions, failures, and the health of the bot."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta

from bot.core.cards.card import Action, Bullet, Card, Line, Menu, Moment, Strong, TimeStyle
from bot.core.cards.home.home_failures import (
    failed_jobs,
    failures,
    own_failures,
    own_failures_section,
)
from bot.core.cards.home.home_page import (
    LONG_AGO,
    HomeFacts,
    Section,
    count_pages,
    head,
    paged,
    row_controls,
)
from bot.core.cards.home.home_personal import held, owned
from bot.core.cards.jobs.job_lines import DOT, last_seen_line, listed_line
from bot.core.cards.jobs.span_words import money_words
from bot.core.cards.words.subscription_words import row_words, target_words, where_span
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.status import Status
from bot.core.commands.verbs.subscribe import SubscribeForm
from bot.core.commands.verbs.subscriptions import ListSubscriptions, Scope
from bot.core.health import SourceHealth
from bot.core.job import JobId, Phase, VisualizationJob
from bot.core.subscription import Place, Subscription, SubscriptionState
from bot.core.text import say, say_many

#: The number of rows of a list, and the function that draws those of a page.
_List = tuple[int, Callable[[int], Section]]


def home_sections(facts: HomeFacts, *, page: int = 1) -> tuple[Section, ...]:
    """Return the sections of a page of Home, which counts from 1: a warning in an outage, the
    person's recent failures, the running jobs (the longest first), subscriptions, own jobs,
    other failures, holds, and the bot's health. Running jobs and subscriptions go on on further
    pages."""
    running = sorted(
        (job for job in facts.jobs if job.status.phase is Phase.RUNNING),
        key=lambda job: (job.duration or timedelta(0), job.read_at - (job.created_at or LONG_AGO)),
        reverse=True,
    )
    failed = failed_jobs(facts)
    first = own_failures(failed, facts)
    above = {job.id for job in running} | {one.job.id for one in first}
    mine = facts.personal.subscriptions if facts.personal else ()
    lists: list[_List] = [(len(running), lambda page: _running(running, facts, page))]
    if facts.personal:
        lists.append((len(mine), lambda page: _subscriptions(mine, facts, page)))
    longest = max(count_pages(rows) for rows, _ in lists)
    page = min(max(page, 1), longest)
    is_first = page == 1
    sections: tuple[Section, ...] = (
        *_warning(facts.source),
        *(own_failures_section(first, facts) if is_first else ()),
        # A list that ended on an earlier page gets no heading on this one.
        *(draw(page) for rows, draw in lists if page <= count_pages(rows)),
        *(owned(facts, above) if is_first else ()),
        *(failures(failed, facts, above=first) if is_first else ()),
        *(held(facts) if is_first else ()),
        _health(facts),
    )
    return (*sections, _pager(page, longest)) if longest > 1 else sections


def _warning(source: SourceHealth) -> tuple[Section, ...]:
    if source.failing_since is None:
        return ()
    since = source.last_good_at or source.failing_since
    words = say(
        "Not confirmed since {time}: ModelArts isn't answering. This is what I last saw.",
        time=Moment(since, TimeStyle.DAY_AND_CLOCK),
    )
    return ((Card(summary="", lines=(("⚠️ ", words),)),),)


def _running(jobs: Sequence[VisualizationJob], facts: HomeFacts, page: int) -> Section:
    is_lost = facts.source.failing_since is not None
    rows = [
        Card(
            summary="",
            lines=(last_seen_line(job) if is_lost else _running_line(job, facts),),
            controls=row_controls(job, facts),
        )
        for job in paged(jobs, page)
    ]
    count = say_many(
        "{count} job. It is billed until someone stops it.",
        "{count} jobs. Each is billed until someone stops it.",
        len(jobs),
    )
    nothing = say("Nothing is running.")
    title = say("Last seen running") if is_lost else say("Running now")
    return (head(title, count if jobs else nothing), *rows)


def _running_line(job: VisualizationJob, facts: HomeFacts) -> Line:
    line, price = listed_line(job), facts.price
    if price and job.duration is not None:
        line = (*line, DOT, money_words(job.duration, price))
    is_owned = facts.personal is not None and job.id in facts.personal.owned
    return (*line, DOT, say("yours")) if is_owned else line


def _subscriptions(mine: Sequence[Subscription], facts: HomeFacts, page: int) -> Section:
    names = {job.id: job.name for job in facts.jobs}
    hidden = facts.personal.hidden if facts.personal else ()
    lines = [_subscribed_line(one, names, hidden) for one in paged(mine, page)]
    title = say("What you follow")
    follow = Action(label=say("Subscribe to a job…"), command=SubscribeForm())
    if not mine:
        example = f"{facts.slash_command} subscribe 205 in dm"
        nothing = say("Nothing yet. For example: `{example}`.", example=example)
        return (head(title, nothing, controls=(follow,)),)
    manage = Action(label=say("Show and change"), command=ListSubscriptions(Scope.MINE))
    count = say_many("{count} subscription.", "{count} subscriptions.", len(mine))
    return (head(title, count), Card(summary="", lines=tuple(lines), controls=(manage, follow)))


def _subscribed_line(
    one: Subscription, names: Mapping[JobId, str], hidden: Collection[Place]
) -> Line:
    target = target_words(one.target, lambda job_id: names.get(job_id, ""))
    has_ended = one.state is SubscriptionState.ENDED
    return (
        Bullet(),
        Strong(target),
        DOT,
        row_words(one.event_filter.text),
        DOT,
        where_span(one.place, hidden),
        *((DOT, say("ended")) if has_ended else ()),
    )


def _health(facts: HomeFacts) -> Section:
    source = facts.source
    lines: list[Line] = []
    if source.last_good_at and not source.failing_since:
        time = Moment(source.last_good_at)
        lines.append(("✅ ", say("ModelArts answers; last read at {time}.", time=time)))
    if source.failing_since:
        # The warning above says since when.
        lines.append(("❌ ", say("ModelArts isn't answering.")))
    if facts.personal is None:
        lines.append(("⚠️ ", say("My database does not answer: I can't show what you follow.")))
    hint = say("Type `{command}` and a job anywhere in Slack.", command=facts.slash_command)
    lines.append((hint,))
    return (
        Card(
            summary="",
            title=say("Is the bot well?"),
            lines=tuple(lines),
            controls=(
                Action(label=say("Status"), command=Status()),
                Action(label=say("List all"), command=ListJobs()),
                Action(label=say("Find…"), command=Find()),
                Menu(actions=(Action(label=say("Help"), command=Help()),)),
            ),
        ),
    )


def _pager(page: int, pages: int) -> Section:
    back = Action(label=say("Back"), command=ListJobs(), turns_to=page - 1)
    on = Action(label=say("More"), command=ListJobs(), turns_to=page + 1)
    return (
        Card(
            summary="",
            lines=((say("Page {page} of {pages}", page=page, pages=pages),),),
            controls=(*((back,) if page > 1 else ()), *((on,) if page < pages else ())),
        ),
    )
