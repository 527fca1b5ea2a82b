"""The card of `cost`: running hours by job and by day, and what they cost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from bot.core.cards.card import Action, Card, Control, Line, Strong, Table, strong_first
from bot.core.cards.charts import chunks, figure, minutes
from bot.core.cards.figures import Amount, Chart, Series
from bot.core.cards.history import counted_words, kept_words, watched_words
from bot.core.cards.job_lines import DOT
from bot.core.cards.rows import table_of
from bot.core.cards.span_words import money_words
from bot.core.cards.wording import called, duration_words, full_words, state_words
from bot.core.commands.cost import PERIODS, Cost
from bot.core.commands.history import History
from bot.core.commands.job_reference import JobById
from bot.core.commands.targets import WholeProject
from bot.core.job import VisualizationJob
from bot.core.spending import JobSpending, Price, Spending
from bot.core.text import Text, Value, Words, enumeration, say, say_many, sentences
from bot.core.timeline import NO_TIME

_JOBS_AT_MOST = 10
_AN_HOUR = timedelta(hours=1)


def cost_card(
    command: Cost,
    spent: Spending,
    *,
    job: VisualizationJob | None,
    price: Price | None,
    zone: tzinfo,
    is_cut: bool = False,
) -> Card:
    """Running hours, and money if there is a price. `job` is what was asked for, None for the
    whole project; `is_cut` where more was asked for than is kept."""
    headline, limit = _headline(command, spent, job, price), _limit(spent)
    rows = () if job else spent.jobs[:_JOBS_AT_MOST]
    rest = () if job else _rest(spent)
    counted = counted_words(job, spent.jobs[0].before) if job and spent.jobs else ()
    notes = (
        *counted,
        *_doubts(spent, is_cut=is_cut),
        say("Days by the clock of {zone}.", zone=str(zone)),
    )
    return Card(
        subject=say("Cost"),
        summary=sentences(
            headline, limit, *(_row_sentence(one, price) for one in rows), *rest, *notes
        ),
        lines=(strong_first(headline, limit),),
        table=_table(rows, price),
        more_lines=(*((one,) for one in rest), *_by_day(spent, zone)),
        notes=tuple((note,) for note in notes),
        controls=_controls(command, job),
        charts=_charts(spent, price, zone),
    )


def _headline(
    command: Cost, spent: Spending, job: VisualizationJob | None, price: Price | None
) -> Words:
    when = _WHEN[command.period]
    if not spent.total:
        if job is None:
            return say("I saw no job of the project running {when}.", when=when)
        return say("I did not see {job} running {when}.", job=full_words(job), when=when)
    whose: Value = full_words(job) if job else say("The project's jobs")
    span: Words = duration_words(spent.total)
    ran = say("at least {span}", span=span) if spent.before else span
    if price is None:
        total = say("{jobs} ran {span} {when}.", jobs=whose, span=ran, when=when)
    else:
        money = money_words(spent.total, price)
        total = say(
            "{jobs} ran {span} {when}, {money}.", jobs=whose, span=ran, when=when, money=money
        )
    return sentences(total, _unwatched(spent.before, job))


def _unwatched(before: timedelta, job: VisualizationJob | None) -> Words:
    if not before:
        return ""
    span = duration_words(before)
    if job:
        return say("Of that, {span} were before it was watched.", span=span)
    return say("Of that, {span} were before they were watched.", span=span)


def _limit(spent: Spending) -> Words:
    """Since when there are figures, where that is later than what was asked for."""
    if spent.watched_since is None or spent.watched_since <= spent.period.begin:
        return ""
    return watched_words(spent.watched_since, is_exact=spent.is_since_exact)


_WHEN = {
    "today": say("today"),
    "week": say("since Monday"),
    "month": say("since the first of the month"),
}


def _table(rows: Sequence[JobSpending], price: Price | None) -> Table | None:
    return table_of(
        say("Running hours by job, the most first"),
        (
            say("Job"),
            say("Running time"),
            say("Before it was watched"),
            say("Cost"),
            say("Runs"),
            say("State"),
        ),
        [_row(one, price, counts_runs=any(each.runs > 1 for each in rows)) for one in rows],
    )


def _row(one: JobSpending, price: Price | None, *, counts_runs: bool) -> tuple[Line, ...]:
    return (
        (called(one.job, Strong),),
        (Amount(figure(one.total), duration_words(one.total)),),
        _before(one),
        (Amount(float(price.of(one.total)), money_words(one.total, price)),) if price else (),
        (Amount(one.runs, _runs(one.runs)),) if counts_runs else (),
        (say("Deleted") if one.is_gone else state_words(one.job.status),),
    )


def _runs(count: int) -> Text:
    return say_many("{count} run", "{count} runs", count)


def _before(one: JobSpending) -> Line:
    if not one.before:
        return ()
    span = duration_words(one.before)
    return (Amount(figure(one.before), say("{span} before it was watched", span=span)),)


def _row_sentence(one: JobSpending, price: Price | None) -> Words:
    name, span = full_words(one.job), duration_words(one.total)
    facts: list[Words] = [span]
    if price:
        facts.append(money_words(one.total, price))
    if one.before:
        before = duration_words(one.before)
        facts.append(say("of it {span} before it was watched", span=before))
    return say("{name}: {facts}.", name=name, facts=enumeration(facts))


def _rest(spent: Spending) -> tuple[Text, ...]:
    left_out = spent.jobs[_JOBS_AT_MOST:]
    if not left_out:
        return ()
    span = duration_words(sum((one.total for one in left_out), NO_TIME))
    return (
        say_many(
            "{count} more job ran {span}.",
            "{count} more jobs ran {span} together.",
            len(left_out),
            span=span,
        ),
    )


def _by_day(spent: Spending, zone: tzinfo) -> tuple[Line, ...]:
    """The chart's figures where no chart is drawn."""
    points = _points(spent, zone)
    if len(points) < 2 or not spent.total:
        return ()
    line: list[Words] = []
    for day, span in points:
        line += [DOT, say("{day}: {span}", day=day, span=duration_words(span))] if span else []
    return (tuple(line[1:]),)


def _points(spent: Spending, zone: tzinfo) -> list[tuple[str, timedelta]]:
    days = [day.astimezone(zone) for day in spent.period.days]
    return [
        (
            _days(days[numbers[0]], days[numbers[-1]]),
            sum((_ran_on(spent, number) for number in numbers), NO_TIME),
        )
        for numbers in chunks(days)
    ]


def _ran_on(spent: Spending, day: int) -> timedelta:
    before = spent.before_by_day[day] if spent.before_by_day else NO_TIME
    return spent.by_day[day] + before


def _days(first: datetime, last: datetime) -> str:
    """`03-24`, or `03-23–24` for days that are counted together."""
    return f"{first:%m-%d}" if first == last else f"{first:%m-%d}–{last:%d}"


def _charts(spent: Spending, price: Price | None, zone: tzinfo) -> tuple[Chart, ...]:
    points = _points(spent, zone)
    if len(points) < 2 or not spent.total:
        return ()
    is_brief = max(span for _, span in points) < _AN_HOUR
    height = minutes if is_brief else figure
    heights = tuple(height(span) for _, span in points)
    if not any(heights):
        return ()
    hourly = Chart(
        title=say("Running minutes by day") if is_brief else say("Running hours by day"),
        labels=tuple(day for day, _ in points),
        series=(Series(name=say("Running"), values=heights),),
        unit=say("minutes") if is_brief else say("hours"),
        along=say("day"),
    )
    money = tuple(float(price.of(span)) for _, span in points) if price else ()
    if price is None or not any(money):
        return (hourly,)
    cost = replace(
        hourly,
        title=say("Cost by day, about"),
        series=(Series(name=say("Cost"), values=money),),
        unit=price.currency or say("cost"),
    )
    return (hourly, cost)


def _doubts(spent: Spending, *, is_cut: bool) -> tuple[Text, ...]:
    doubts: list[Text] = []
    if spent.watched_since is None:
        doubts.append(say("I have recorded no job yet."))
    elif is_cut and spent.watched_since <= spent.period.begin:
        doubts.append(kept_words(spent.period.begin))
    elif spent.watched_since <= spent.period.begin:
        doubts.append(watched_words(spent.watched_since, is_exact=spent.is_since_exact))
    if spent.unseen:
        unseen = duration_words(spent.unseen)
        doubts.append(say("It may be up to {span} more, which I could not see.", span=unseen))
    doubts.append(say("Only what was followed is counted."))
    return tuple(doubts)


def _controls(command: Cost, job: VisualizationJob | None) -> tuple[Control, ...]:
    target = JobById(job.id) if job else WholeProject()
    others = (period for period in PERIODS if period != command.period)
    switches = tuple(
        Action(
            label=_LABELS[period],
            command=Cost(target, period),
            renews_card=True,
        )
        for period in others
    )
    if job is None:
        return switches
    return (*switches, Action(label=say("History"), command=History(JobById(job.id))))


_LABELS = {"today": say("Today"), "week": say("This week"), "month": say("This month")}
