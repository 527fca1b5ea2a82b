"""What charts and bars draw of a time in which nobody looked: nothing like standing still."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.cards.charts import states_chart
from bot.core.cards.figures import BAR_WIDTH, Bar, Chart, Fill, Stretch, drawn
from bot.core.cards.jobs.span_words import bar_lines, span_state
from bot.core.cards.past.cost import cost_card
from bot.core.change import NO_JOB
from bot.core.commands.verbs.cost import Cost
from bot.core.spending import Price, calendar_period, spending
from bot.core.timeline import JobRecord, Span, timeline
from tests.history_fakes import GAP, a_record, ago
from tests.make import NOW, a_job, line_words

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
# NOW is Tuesday the 24th of March 2026, 14:17 UTC.
_IDLE = a_job(status=12)


def chart_of(record: JobRecord, back: timedelta) -> tuple[Chart, ...]:
    spans = timeline(record, begin=NOW - back, end=NOW, gap=GAP)
    return states_chart(spans, name="x", begin=NOW - back, end=NOW, zone=UTC)


def columns(chart: Chart) -> dict[str, dict[str, float]]:
    """By label what stands there, without zeros."""
    return {
        label: {str(one.name): one.values[at] for one in chart.series if one.values[at]}
        for at, label in enumerate(map(str, chart.labels))
    }


@pytest.mark.parametrize(
    ("record", "back", "expected"),
    [
        # A week of which two days were watched has two days.
        (a_record(since=30), 7 * DAY, {"23 Mar": {"Running": 15.71}, "24 Mar": {"Running": 14.29}}),
        # A day of which four hours were watched has four hours, in eight parts.
        (
            a_record(since=4),
            DAY,
            {f"{at // 60}:{at % 60}": {"Running": 30.0} for at in range(617, 857, 30)},
        ),
        # Nobody looked for a night: it says so.
        (
            a_record((8, 12, 14.29), since=48, unseen=12, job=_IDLE),
            3 * DAY,
            {
                "22 Mar": {"Running": 9.71},
                "23 Mar": {"Running": 12.0, "Not seen": 12.0},
                "24 Mar": {},
            },
        ),
        # Nobody has looked since, as nobody follows it any more.
        (
            a_record(since=40, read=30),
            7 * DAY,
            {"22 Mar": {"Running": 1.72}, "23 Mar": {"Running": 8.28, "Not seen": 15.72},
             "24 Mar": {"Not seen": 14.28}},
        ),
        # A state that nobody documented is none in which it surely did not run.
        (
            a_record((37, 8, 38.28), since=62.28),
            7 * DAY,
            {"22 Mar": {"Unknown": 24.0}, "23 Mar": {"Running": 24.0},
             "24 Mar": {"Running": 14.28}},
        ),
    ],
)  # fmt: skip
def test_a_chart_begins_when_somebody_looked_and_says_when_nobody_did(
    record: JobRecord, back: timedelta, expected: dict[str, Any]
) -> None:
    [chart] = chart_of(record, back)

    shown = columns(chart)
    assert list(shown) == list(expected)
    for label, column in expected.items():
        assert shown[label] == pytest.approx(column, abs=0.05)


@pytest.mark.parametrize(
    ("length", "points"),
    [
        (timedelta(seconds=119), 0),
        (timedelta(seconds=121), 2),
        (5 * timedelta(minutes=1), 5),
        (HOUR, 8),
        (DAY, 8),
    ],
)
def test_no_two_points_of_a_short_chart_have_the_same_time(length: timedelta, points: int) -> None:
    spans = [Span(begin=NOW - length, end=NOW, status=8)]

    charts = states_chart(spans, name="x", begin=NOW - DAY, end=NOW, zone=BERLIN)

    assert len(charts) == bool(points)
    for chart in charts:
        assert len(chart.labels) == len(set(chart.labels)) == points


def test_an_hour_that_comes_twice_has_two_names() -> None:
    end = datetime(2026, 10, 25, 6, 30, tzinfo=UTC)
    spans = [Span(begin=end - 8 * HOUR, end=end, status=8)]

    [chart] = states_chart(spans, name="x", begin=end - DAY, end=end, zone=BERLIN)

    assert len(set(chart.labels)) == 8
    assert {"02:30 CEST", "02:30 CET"} <= set(chart.labels)


@pytest.mark.parametrize(
    ("record", "bar", "words"),
    [
        (
            a_record((8, 12, 10), since=30, unseen=10),
            "│███████╌╌╌╌╌╌╌╌▁▁▁▁▁▁▁│",
            ["running at least 10 h", "not seen 10 h", "stopped 10 h"],
        ),
        (
            a_record((37, 8, 5), since=10),
            "│???????????███████████│",
            ["unknown at least 5 h", "running 5 h"],
        ),
    ],
)
def test_a_bar_has_a_look_of_its_own_for_what_nobody_knows(
    record: JobRecord, bar: str, words: list[str]
) -> None:
    line, legend = bar_lines(timeline(record, begin=ago(100), end=NOW, gap=GAP))

    [fragment] = line
    assert isinstance(fragment, Bar)
    assert drawn(fragment) == bar
    told = line_words(legend).replace("\u00a0", " ")
    assert [one for one in words if one not in told] == []


@pytest.mark.parametrize(
    ("parts", "bar"),
    [
        # Short ones at the end, the later of which is the shorter, and the other way round.
        ([("█", 7200), ("▒", 70), ("▁", 40)], "█" * 20 + "▒▁"),
        ([("█", 7200), ("▒", 40), ("▁", 70)], "█" * 20 + "▒▁"),
        ([("░", 9), ("█", 7200), ("▒", 4), ("▁", 5)], "░" + "█" * 19 + "▒▁"),
        # At the start.
        ([("▁", 1), ("░", 2), ("█", 7200)], "▁░" + "█" * 20),
        ([("▁", 2), ("░", 1), ("█", 7200)], "▁░" + "█" * 20),
        # In the middle.
        ([("█", 3600), ("▒", 4), ("▁", 9), ("░", 2), ("█", 3600)], "█" * 9 + "▒▁░" + "█" * 10),
        # The same state twice, each as short.
        ([("▁", 1), ("█", 7200), ("▁", 1)], "▁" + "█" * 20 + "▁"),
        # More parts than are each seen: each state still is, in its place.
        ([("█", 900), ("▁", 900)] * 6 + [("▒", 1), ("▁", 2)], None),
        ([("█", 1), ("▁", 1)] * 40 + [("▒", 0.1), ("?", 0.1)], None),
    ],
)
def test_short_parts_of_a_bar_stand_where_they_belong(
    parts: list[tuple[str, float]], bar: str | None
) -> None:
    stretches = tuple(Stretch(fill=Fill(fill), weight=weight) for fill, weight in parts)

    cells = drawn(Bar(stretches)).strip("│")

    assert len(cells) == BAR_WIDTH - 2
    if bar is not None:
        assert cells == bar
    assert {*cells} == {fill for fill, _ in parts}
    order = iter(fill for fill, _ in parts)
    assert all(seen in order for seen, _ in groupby(cells))


@pytest.mark.parametrize(
    ("status", "label"),
    [
        (12, "stopped"),
        (13, "stopped"),
        (10, "finished"),
        (11, "failed"),
        (14, "lost"),
        (6, "delete failed"),
        (NO_JOB, "deleted"),
    ],
)
@pytest.mark.parametrize("runs", [1, 3])
def test_the_line_below_a_bar_has_the_words_of_the_table(
    status: int, label: str, runs: int
) -> None:
    spans = [
        Span(begin=ago(20 - at), end=ago(19 - at), status=status if at % 2 else 8)
        for at in range(2 * runs)
    ]

    _, legend = bar_lines(spans)

    told = line_words(legend).replace("\u00a0", " ")
    assert told == f"█ running {runs} h  ▁ {label} {runs} h"
    assert str(span_state(spans[1])).lower() == label


def cost_of(*records: JobRecord, period: str = "month", **more: Any) -> Any:
    since = min(one.watched_since for one in records)
    spent = spending(records, calendar_period(period, NOW, UTC), gap=GAP, watched_since=since)
    return cost_card(Cost(period=period), spent, job=None, price=None, zone=UTC, **more)


NEXT = a_job(231, name="resnet")
_UNCOUNTED = a_job(231, 12, name="resnet", duration=None)


@pytest.mark.parametrize(
    ("records", "labels", "said"),
    [
        # Days before the first read are left out; "Watched since" says so.
        ([a_record(since=40)], ["22 Mar", "23 Mar", "24 Mar"], []),
        # A day on which it was seen standing still is a day.
        ([a_record((8, 12, 62), since=70)], ["21 Mar", "22 Mar", "23 Mar", "24 Mar"], []),
        # Days in between on which nobody looked are left out, and named.
        (
            [a_record((8, 12, 14), since=110, unseen=86)],
            ["20 Mar", "24 Mar"],
            ["Nobody looked on 21–23 Mar."],
        ),
        # Somebody looked at another job meanwhile.
        (
            [a_record((8, 12, 14), since=110, unseen=86), a_record(since=40, job=NEXT)],
            ["20 Mar", "22 Mar", "23 Mar", "24 Mar"],
            ["Nobody looked on 21 Mar."],
        ),
        # What the cloud counts of a day before that is known, too.
        (
            [a_record(since=14, job=a_job(duration=40 * HOUR))],
            ["22 Mar", "23 Mar", "24 Mar"],
            ["and the time that ModelArts had counted for those runs before."],
        ),
    ],
)  # fmt: skip
def test_cost_by_day_leaves_out_the_days_on_which_nobody_looked(
    records: list[JobRecord], labels: list[str], said: list[str]
) -> None:
    card = cost_of(*records)

    assert [*map(str, card.charts[0].labels)] == labels
    summary = str(card.summary).replace("\u00a0", " ")
    assert [one for one in said if one not in summary] == []
    assert ("Nobody looked" in summary) == any("Nobody" in one for one in said)


def test_what_is_no_longer_kept_is_told_by_its_own_date_and_not_drawn() -> None:
    card = cost_of(a_record(since=400), kept_since=ago(50))

    assert "What I saw before 2026-03-22 12:17 UTC is no longer kept." in str(card.summary)


@pytest.mark.parametrize(
    ("records", "headline"),
    [
        ([a_record((8, 12, 1), since=4)], "1 followed job ran 3 h since"),
        # Two jobs beside one another ran longer than the time that has passed.
        (
            [a_record((8, 12, 1), since=4), a_record((8, 12, 2), since=4, job=_UNCOUNTED)],
            "2 followed jobs ran 5 h in total since",
        ),
        # A job that has not run is none of those whose hours are added up.
        (
            [a_record((8, 12, 1), since=4), a_record((7, 12, 1), since=3, job=NEXT)],
            "1 followed job ran 3 h since",
        ),
        # Less than a second is not told as hours.
        (
            [a_record((8, 12, 0), since=0.0001, job=_UNCOUNTED)],
            "I saw no followed job running since",
        ),
        ([a_record((7, 12, 1), since=3)], "I saw no followed job running since"),
    ],
)
def test_the_headline_of_cost_says_whose_hours_they_are(
    records: list[JobRecord], headline: str
) -> None:
    summary = str(cost_of(*records).summary).replace("\u00a0", " ")

    assert summary.startswith(headline)
    assert "This counts followed jobs only" in summary


def test_what_has_not_run_costs_nothing() -> None:
    record = a_record((8, 12, 0), since=0.0001, job=_UNCOUNTED)
    spent = spending([record], calendar_period("week", NOW, UTC), gap=GAP, watched_since=NOW)
    price = Price(hourly=Decimal("0.35"), currency="EUR")

    card = cost_card(Cost(period="week"), spent, job=None, price=price, zone=UTC)

    assert "EUR" not in str(card.summary)
    assert card.table is None


def test_running_stands_second_where_slack_colours_by_the_order() -> None:
    """Slack's first colour is a rusty red; a job that queues first gets it for that."""
    [chart] = chart_of(a_record((7, 8, 2), (8, 9, 0.5), (9, 12, 0.2), since=3), DAY)

    assert [str(one.name) for one in chart.series] == ["Queued", "Running", "Stopping"]


@pytest.mark.parametrize(
    ("jobs", "title", "line"),
    [
        (1, "Running hours by day", "Mon 23 Mar: 23 h 42 min"),
        (2, "Running hours of all jobs, by day", "All jobs, by day  ·  Mon 23 Mar: 47 h 25 min"),
    ],
)
def test_a_day_of_several_jobs_is_called_a_sum(jobs: int, title: str, line: str) -> None:
    """It may have more hours than a day."""
    records = [a_record(since=38, job=a_job(205 + number, duration=None)) for number in range(jobs)]

    card = cost_of(*records)

    assert str(card.charts[0].title) == title
    assert line_words(card.more_lines[0]).replace("\u00a0", " ").startswith(line)
