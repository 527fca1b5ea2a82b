"""The running hours of `cost` day by day: a line, charts, and the days without reads."""

from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from bot.core.cards.card import Line
from bot.core.cards.charts import chunks, figure, minutes
from bot.core.cards.day_words import days_words, weekday_words
from bot.core.cards.figures import Chart, Series
from bot.core.cards.jobs.job_lines import DOT
from bot.core.cards.wording import hours_words
from bot.core.spending import Price, Spending
from bot.core.text import Text, Words, say
from bot.core.timeline import NO_TIME

_AN_HOUR = timedelta(hours=1)


def by_day_line(spent: Spending, zone: tzinfo) -> tuple[Line, ...]:
    """Return the chart's figures as a line, as not every platform draws charts; none for one
    day."""
    points = _points(spent, zone)
    if len(points) < 2 or not spent.total:
        return ()
    line: list[Words] = []
    for (first, last), span in points:
        day = weekday_words(first) if first == last else days_words(first, last)
        line += [DOT, say("{day}: {span}", day=day, span=hours_words(span))] if span else []
    if _is_sum(spent):
        return ((say("All jobs, by day"), *line),)
    return (tuple(line[1:]),)


def _is_sum(spent: Spending) -> bool:
    """Return True for several jobs, whose hours of one day may sum to more than 24."""
    return len(spent.jobs) > 1


def cost_charts(spent: Spending, price: Price | None, zone: tzinfo) -> tuple[Chart, ...]:
    """Return the charts of hours, and of money if there is a price; none for a single day."""
    points = _points(spent, zone)
    if len(points) < 2 or not spent.total:
        return ()
    is_brief = max(span for _, span in points) < _AN_HOUR
    height = minutes if is_brief else figure
    heights = tuple(height(span) for _, span in points)
    if not any(heights):
        return ()
    hourly = Chart(
        title=_title(is_brief=is_brief, is_sum=_is_sum(spent)),
        labels=tuple(days_words(*days) for days, _ in points),
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


def _title(*, is_brief: bool, is_sum: bool) -> Text:
    match is_brief, is_sum:
        case True, True:
            return say("Running minutes of all jobs, by day")
        case False, True:
            return say("Running hours of all jobs, by day")
        case True, False:
            return say("Running minutes by day")
        case _:
            return say("Running hours by day")


def unwatched_days(spent: Spending, zone: tzinfo, kept_since: datetime | None) -> list[Text]:
    """Return the days without reads since the watch began; consecutive days are one item."""
    days = spent.period.days
    since = max(filter(None, (spent.watched_since, kept_since)), default=spent.period.end)
    found: list[tuple[int, int]] = []
    for number, day in enumerate(days):
        if day >= since and not _is_known(spent, number):
            begin = found.pop()[0] if found and found[-1][1] == number - 1 else number
            found.append((begin, number))
    return [days_words(*(_date(days[end], zone) for end in ends)) for ends in found]


def _points(spent: Spending, zone: tzinfo) -> list[tuple[tuple[date, date], timedelta]]:
    """Return the running time of each day that is known; many days are grouped, and named by the
    first and the last of them."""
    known = [number for number in range(len(spent.period.days)) if _is_known(spent, number)]
    points = []
    for chunk in chunks(known):
        numbers = [known[at] for at in chunk]
        first, last = (_date(spent.period.days[numbers[end]], zone) for end in (0, -1))
        span = sum((_ran_on(spent, number) for number in numbers), NO_TIME)
        points.append(((first, last), span))
    return points


def _is_known(spent: Spending, day: int) -> bool:
    return spent.watched_by_day[day] or bool(_ran_on(spent, day))


def _ran_on(spent: Spending, day: int) -> timedelta:
    before = spent.before_by_day[day] if spent.before_by_day else NO_TIME
    return spent.by_day[day] + before


def _date(midnight: datetime, zone: tzinfo) -> date:
    return midnight.astimezone(zone).date()
