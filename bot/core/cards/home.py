"""A person's Home: what runs, their subscriptions, what failed, and the bot's health."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot.core.cards.card import Action, Bullet, Card, Line, Menu, Moment, Strong, TimeStyle
from bot.core.cards.home_failures import failed_jobs, failures
from bot.core.cards.home_own import claimed, claimed_jobs, held
from bot.core.cards.home_page import (
    LONG_AGO,
    ROWS_OF_A_PAGE,
    Known,
    Section,
    count_pages,
    head,
    paged,
    row_controls,
)
from bot.core.cards.job_lines import DOT, last_seen_line, listed_line
from bot.core.cards.span_words import money_words
from bot.core.cards.subscription_words import event_filter_words, target_words, where_span
from bot.core.commands.find import Find
from bot.core.commands.help import Help
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.status import Status
from bot.core.commands.subscribe import SubscribeForm
from bot.core.commands.subscriptions import ListSubscriptions, Scope
from bot.core.health import SourceHealth
from bot.core.job import JobId, Phase, VisualizationJob
from bot.core.subscription import Subscription, SubscriptionState
from bot.core.text import say, say_many

_SUBSCRIPTIONS_OF_A_PAGE = 10
#: How many rows there are, how many a page has, and what draws those of a page.
_List = tuple[int, int, Callable[[int], Section]]


def home_sections(known: Known, *, page: int = 1) -> tuple[Section, ...]:
    """A warning in an outage; running now, the longest first; the person's own; what failed; what
    is held back; the bot's health. `page` counts from 1."""
    running = sorted(
        (job for job in known.jobs if job.status.phase is Phase.RUNNING),
        key=lambda job: (job.duration or timedelta(0), job.read_at - (job.created_at or LONG_AGO)),
        reverse=True,
    )
    failed = failed_jobs(known)
    mine = known.own.subscriptions if known.own else ()
    owned = claimed_jobs(known)
    lists: list[_List] = [
        (len(running), ROWS_OF_A_PAGE, lambda page: _running(running, known, page)),
    ]
    if known.own:
        lists.append(
            (len(mine), _SUBSCRIPTIONS_OF_A_PAGE, lambda page: _subscriptions(mine, known, page))
        )
    if owned:
        lists.append((len(owned), ROWS_OF_A_PAGE, lambda page: claimed(owned, known, page)))
    lists.append((len(failed), ROWS_OF_A_PAGE, lambda page: failures(failed, known, page)))
    longest = max(count_pages(rows, size) for rows, size, _ in lists)
    page = min(max(page, 1), longest)
    sections: tuple[Section, ...] = (
        *_warning(known.source),
        # What ended on an earlier page is not announced again.
        *(draw(page) for rows, size, draw in lists if page <= count_pages(rows, size)),
        *(held(known) if page == 1 else ()),
        _health(known),
    )
    return (*sections, _pager(page, longest)) if longest > 1 else sections


def _warning(source: SourceHealth) -> tuple[Section, ...]:
    if source.failing_since is None:
        return ()
    since = source.last_good_at or source.failing_since
    words = say(
        "Not confirmed since {time}: ModelArts isn't answering. You see what was seen last.",
        time=Moment(since, TimeStyle.DAY_AND_CLOCK),
    )
    return ((Card(summary="", lines=(("⚠️ ", words),)),),)


def _running(jobs: Sequence[VisualizationJob], known: Known, page: int) -> Section:
    is_lost = known.source.failing_since is not None
    rows = [
        Card(
            summary="",
            lines=(last_seen_line(job) if is_lost else _running_line(job, known),),
            controls=row_controls(job, known),
        )
        for job in paged(jobs, page, ROWS_OF_A_PAGE)
    ]
    count = say_many(
        "{count} job. It is billed until someone stops it.",
        "{count} jobs. Each is billed until someone stops it.",
        len(jobs),
    )
    nothing = say("Nothing is running.")
    title = say("Last seen running") if is_lost else say("Running now")
    return (head(title, count if jobs else nothing), *rows)


def _running_line(job: VisualizationJob, known: Known) -> Line:
    line = listed_line(job)
    if known.price is None or job.duration is None:
        return line
    return (*line, DOT, money_words(job.duration, known.price))


def _subscriptions(mine: Sequence[Subscription], known: Known, page: int) -> Section:
    names = {job.id: job.name for job in known.jobs}
    lines = [_subscribed_line(one, names) for one in paged(mine, page, _SUBSCRIPTIONS_OF_A_PAGE)]
    title = say("What you follow")
    follow = Action(label=say("Follow a job…"), command=SubscribeForm())
    if not mine:
        example = f"{known.slash_command} subscribe 205 in dm"
        nothing = say("Nothing yet. For example: `{example}`.", example=example)
        return (head(title, nothing, controls=(follow,)),)
    manage = Action(label=say("Show and change"), command=ListSubscriptions(Scope.MINE))
    count = say_many("{count} subscription.", "{count} subscriptions.", len(mine))
    return (head(title, count), Card(summary="", lines=tuple(lines), controls=(manage, follow)))


def _subscribed_line(one: Subscription, names: Mapping[JobId, str]) -> Line:
    target = target_words(one.target, lambda job_id: names.get(job_id, ""))
    has_ended = one.state is SubscriptionState.ENDED
    return (
        Bullet(),
        Strong(target),
        DOT,
        event_filter_words(one.event_filter.text),
        DOT,
        where_span(one.place),
        *((DOT, say("ended")) if has_ended else ()),
    )


def _health(known: Known) -> Section:
    source = known.source
    lines: list[Line] = []
    if source.last_good_at and not source.failing_since:
        time = Moment(source.last_good_at)
        lines.append(("✅ ", say("ModelArts answers; last read at {time}.", time=time)))
    if known.own is None:
        lines.append(("⚠️ ", say("My database does not answer: I can't show what you follow.")))
    hint = say("Type `{command}` and a job anywhere in Slack.", command=known.slash_command)
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
