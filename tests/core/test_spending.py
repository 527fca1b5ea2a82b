"""Running hours by job and by day, their price, and the figures of the morning line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.cards.changes.morning import morning_line
from bot.core.cards.jobs.span_words import money_words
from bot.core.cards.past.cost import cost_card
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.cost import Cost
from bot.core.job import VisualizationJob
from bot.core.morning import Morning
from bot.core.spending import (
    JobSpending,
    Period,
    Price,
    Spending,
    calendar_period,
    hours,
    morning_of,
    ran_before,
    spending,
)
from bot.core.timeline import JobRecord
from tests.history_fakes import GAP, a_record, ago
from tests.make import NOW, a_job, line_words

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


# 2026-03-24 is a Tuesday; Berlin's clocks went forward on Sunday, 2026-03-29.
@pytest.mark.parametrize(
    ("name", "now", "begin", "days"),
    [
        ("today", datetime(2026, 3, 24, 14, tzinfo=UTC), "2026-03-23T23:00", 1),
        ("week", datetime(2026, 3, 24, 14, tzinfo=UTC), "2026-03-22T23:00", 2),
        ("month", datetime(2026, 3, 24, 14, tzinfo=UTC), "2026-02-28T23:00", 24),
        ("week", datetime(2026, 3, 31, 22, 30, tzinfo=UTC), "2026-03-29T22:00", 3),
        ("month", datetime(2026, 3, 31, 22, 30, tzinfo=UTC), "2026-03-31T22:00", 1),
        ("month", datetime(2026, 3, 31, 12, tzinfo=UTC), "2026-02-28T23:00", 31),
    ],
)
def test_a_period_begins_by_the_clock_of_whoever_asks(
    name: str, now: datetime, begin: str, days: int
) -> None:
    period = calendar_period(name, now, BERLIN)

    assert period.begin == datetime.fromisoformat(f"{begin}+00:00")
    assert (len(period.days), period.end) == (days, now)


def test_the_day_on_which_clocks_go_forward_has_23_hours() -> None:
    now = datetime(2026, 3, 31, 12, tzinfo=UTC)
    record = JobRecord(job=a_job(read_at=now), watched_since=datetime(2026, 2, 1, tzinfo=UTC))

    spent = spending([record], calendar_period("month", now, BERLIN), gap=GAP)

    assert [span / HOUR for span in spent.by_day[27:31]] == [24, 23, 24, 14]
    assert spent.total == sum(spent.by_day, timedelta())


def test_jobs_that_run_at_once_cost_each_and_the_longest_stands_first() -> None:
    records = [
        a_record(since=2, job=a_job(1, name="a")),
        a_record((8, 12, 1), since=9, job=a_job(2, 12, name="b")),
        a_record((8, -1, 4), since=10, job=a_job(3, name="gone")),
        JobRecord(job=a_job(4, 12, name="never ran"), watched_since=ago(9)),
        a_record((8, 10, 6), (10, 8, 5), (8, 8, 3), since=7, read=2, job=a_job(5, name="again")),
    ]

    spent = spending(records, calendar_period("today", NOW, ZoneInfo("UTC")), gap=GAP)

    told = [(one.job.name, one.running / HOUR, one.runs, one.is_gone) for one in spent.jobs]
    assert told == [
        ("b", 8, 1, False),
        ("gone", 6, 1, True),
        ("again", 4, 3, False),
        ("a", 2, 1, False),
    ]
    assert spent.seen == sum(spent.by_day, timedelta()) == 20 * HOUR
    assert spent.unseen == 2 * HOUR


def counted(span: float, status: int = 8) -> VisualizationJob:
    """As ModelArts counts its run, in hours."""
    return a_job(status=status, duration=span * HOUR)


BEFORE = {
    "it has run on since": (a_record(since=2, job=counted(26)), 24.0),
    "it was first read now": (a_record(since=0, job=counted(26)), 26.0),
    "it has ended since": (a_record((8, 12, 1), since=3, job=counted(9, 12)), 7.0),
    "it was scaled, which is the same run": (a_record((8, 15, 1), since=2, job=counted(5)), 3.0),
    "nobody looked for a while": (
        a_record((8, 15, 1), since=6, unseen=4, job=counted(10)),
        4.0,
    ),
    "another run is counted by now": (
        a_record((8, 12, 3), (12, 7, 2), (7, 8, 1), since=4, job=counted(1)),
        0.0,
    ),
    "it was queued then": (a_record((7, 8, 1), since=2, job=counted(9)), 0.0),
    "it was first read when it had ended": (a_record(since=0, job=counted(9, 11)), 0.0),
    "it began a few seconds before": (a_record(since=2, job=counted(2.01)), 0.0),
    "it began a minute before": (a_record(since=2, job=counted(2 + 1 / 60)), 1 / 60),
    "it began a minute and a half before": (a_record(since=2, job=counted(2.025)), 0.025),
    "it is gone, and its last count old": (a_record((8, -1, 1), since=3, job=counted(9)), 0.0),
    "it was queued, and begins to run now": (a_record((7, 8, 0), since=0, job=counted(9)), 0.0),
    "ModelArts counts nothing": (a_record(since=2, job=a_job(duration=None)), 0.0),
    "what was before is not asked for": (
        replace(a_record(since=2, job=counted(26)), complete_from=ago(1)),
        0.0,
    ),
}


@pytest.mark.parametrize(("record", "before"), BEFORE.values(), ids=BEFORE.keys())
def test_how_long_a_job_had_run_before_it_was_watched(record: JobRecord, before: float) -> None:
    assert ran_before(record) / HOUR == pytest.approx(before)


TODAY = calendar_period("today", NOW, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("since", "earlier", "before"),
    [
        (2, 5, 5),
        # It ran on from an earlier day.
        (2, 24, (NOW - TODAY.begin) / HOUR - 2),
        # Then the rest of that run belongs to an earlier period.
        (20, 24, 0),
        ((NOW - TODAY.begin) / HOUR, 24, 0),
    ],
)
def test_what_ran_before_counts_as_far_as_it_lies_in_the_period(
    since: float, earlier: float, before: float
) -> None:
    record = a_record(since=since, job=counted(since + earlier))

    spent = spending([record], TODAY, gap=GAP)

    assert spent.before / HOUR == pytest.approx(before)
    assert spent.total == spent.seen + spent.before
    assert spent.before == sum(spent.before_by_day, timedelta())


def test_a_job_that_has_only_begun_to_be_watched_counts_with_what_the_cloud_says() -> None:
    spent = spending([a_record(since=0, job=counted(3))], TODAY, gap=GAP)

    assert (spent.seen, spent.before, spent.total) == (timedelta(), 3 * HOUR, 3 * HOUR)


@pytest.mark.parametrize(
    ("since", "counted_hours", "said"),
    [
        # Nothing ran before it was watched.
        (2, 2, "flowers-tb (205) ran 2 h today."),
        (1, 4, "flowers-tb (205) ran at least 4 h today. That includes 3 h before it was watched."),
        (0, 26, "ran at least 14 h 17 min today. That includes 14 h 17 min before"),
    ],
)
def test_the_headline_of_cost_says_what_ran_before_anybody_watched(
    since: float, counted_hours: float, said: str
) -> None:
    record = a_record(since=since, job=counted(counted_hours))
    spent = spending([record], TODAY, gap=GAP, watched_since=record.watched_since)

    card = cost_card(
        Cost(JobNumber("205"), "today"), spent, job=record.job, price=None, zone=ZoneInfo("UTC")
    )

    assert said in str(card.summary)


def test_the_columns_of_cost_mean_what_they_are_titled() -> None:
    records = [
        a_record(since=1, job=counted(4)),
        a_record((8, 12, 1), since=9, job=a_job(2, 12, name="b")),
        a_record((8, -1, 4), since=10, job=a_job(3, name="gone")),
    ]
    price = Price(hourly=Decimal(1), currency="EUR")
    spent = spending(records, TODAY, gap=GAP, watched_since=records[-1].watched_since)

    card = cost_card(Cost(period="today"), spent, job=None, price=price, zone=ZoneInfo("UTC"))

    assert card.table is not None
    heads = [line_words(head) for head in card.table.heads]
    assert heads == ["Job", "Running time", "Before it was watched", "Cost", "State"]
    told = [[line_words(cell) for cell in row] for row in card.table.rows]
    assert told == [
        ["b (2)", "8 h", "", "about 8.00 EUR", "Stopped"],
        ["gone (3)", "6 h", "", "about 6.00 EUR", "Deleted"],
        ["flowers-tb (205)", "4 h", "3 h unwatched", "about 4.00 EUR", "Running"],
    ]


@pytest.mark.parametrize("period", ["week", "month"])
def test_a_chart_has_no_more_labels_than_stand_beside_one_another(period: str) -> None:
    now = datetime(2026, 3, 31, 12, tzinfo=UTC)
    record = JobRecord(job=a_job(read_at=now), watched_since=datetime(2026, 2, 1, tzinfo=UTC))
    spent = spending([record], calendar_period(period, now, BERLIN), gap=GAP)

    [chart] = cost_card(Cost(period=period), spent, job=None, price=None, zone=BERLIN).charts

    assert 2 <= len(chart.labels) <= 8
    assert max(len(str(label)) for label in chart.labels) <= len("21–24 Mar")
    assert sum(chart.series[0].values) == pytest.approx(float(hours(spent.total)), abs=0.1)


def test_jobs_that_ran_equally_long_stand_in_the_order_of_their_ids() -> None:
    records = [a_record(since=2, job=a_job(number)) for number in (3, 1, 2)]

    spent = spending(records, TODAY, gap=GAP)

    assert [one.job.id for one in spent.jobs] == [1, 2, 3]


@pytest.mark.parametrize(
    ("record", "is_gone"),
    [
        (a_record(since=2), False),
        # The change is not among those that were asked for, or has no record of its own yet.
        (replace(a_record((7, 8, 2), since=3), is_gone=True), True),
        (replace(a_record((8, -1, 1), since=3), is_gone=False), True),
    ],
)
def test_a_job_is_gone_by_its_record_or_by_its_last_change(
    record: JobRecord, is_gone: bool
) -> None:
    [spent] = spending([record], TODAY, gap=GAP).jobs

    assert spent.is_gone == is_gone


@pytest.mark.parametrize("is_exact", [True, False])
def test_since_when_is_told_as_it_was_given(is_exact: bool) -> None:
    nothing = Spending(
        period=TODAY,
        jobs=(),
        by_day=(timedelta(),),
        before_by_day=(timedelta(),),
        watched_by_day=(False,),
        watched_since=NOW,
        is_since_exact=is_exact,
    )

    found = spending([], TODAY, gap=GAP, watched_since=NOW, is_since_exact=is_exact)

    assert found == nothing


def test_what_nobody_says_is_exact_and_there_and_without_a_currency() -> None:
    job = JobSpending(job=a_job(), running=HOUR, runs=1)
    spent = Spending(
        period=TODAY, jobs=(job,), by_day=(HOUR,), watched_by_day=(True,), watched_since=NOW
    )

    assert (spent.is_since_exact, job.is_gone) == (True, False)
    assert spending([], TODAY, gap=GAP).is_since_exact
    assert Price(hourly=Decimal(1)).currency == ""


def test_hours_are_counted_by_the_second() -> None:
    assert hours(timedelta(seconds=3)) * 1200 == 1


@pytest.mark.parametrize(
    ("hourly", "currency", "span", "words"),
    [
        ("0.35", "EUR", timedelta(hours=26), "about 9.10 EUR"),
        ("0.36", "USD", timedelta(minutes=1), "about 0.01 USD"),
        ("0", "EUR", timedelta(hours=26), "about 0.00 EUR"),
        ("0.36", "USD", timedelta(seconds=40), "less than 0.01 USD"),
        ("0.001", "CNY", timedelta(hours=2), "less than 0.01 CNY"),
        ("1e-30", "EUR", timedelta(hours=1), "less than 0.01 EUR"),
        ("0.002", "", timedelta(hours=1), "less than 0.01"),
        ("0.36", "USD", timedelta(), "about 0.00 USD"),
        ("1e3", "JPY", timedelta(hours=1000), "about 1000000.00 JPY"),
        ("0.1", "", timedelta(hours=3), "about 0.30"),
        ("2", "<!channel>", timedelta(hours=1), "about 2.00 <!channel>"),
    ],
)
def test_money_is_about_so_much(hourly: str, currency: str, span: timedelta, words: str) -> None:
    price = Price(hourly=Decimal(hourly), currency=currency)

    assert str(money_words(span, price)).replace("\u00a0", " ") == words


MORNING = Morning(
    running=3,
    oldest=26 * HOUR,
    failed=1,
    yesterday=41 * HOUR,
    day_before=timedelta(hours=31, minutes=30),
)


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({}, "3 running (oldest 1 d 2 h), 1 failed, 41 TensorBoard hours yesterday, up 28 %."),
        ({"running": 0, "oldest": None, "failed": 0, "yesterday": timedelta()},
         "0 running, no new failures, 0 TensorBoard hours yesterday, down 100 %."),
        # Both are told in whole hours: the two lines can be put side by side.
        ({"yesterday": 96 * HOUR, "day_before": timedelta(hours=24, minutes=14)},
         "3 running (oldest 1 d 2 h), 1 failed, 96 TensorBoard hours yesterday, up 300 %."),
        ({"yesterday": 25 * HOUR, "day_before": timedelta(minutes=20)},
         "3 running (oldest 1 d 2 h), 1 failed, 25 TensorBoard hours yesterday."),
        ({"yesterday": HOUR, "day_before": timedelta()},
         "3 running (oldest 1 d 2 h), 1 failed, 1 TensorBoard hour yesterday."),
        ({"day_before": 41 * HOUR},
         "3 running (oldest 1 d 2 h), 1 failed, 41 TensorBoard hours yesterday, "
         "as the day before."),
        ({"is_whole": False},
         "3 running (oldest 1 d 2 h), 1 failed, 41 TensorBoard hours yesterday."),
        ({"as_of": datetime(2026, 3, 23, 23, tzinfo=UTC), "failed": 0},
         "As of 2026-03-23 23:00 UTC: 3 running (oldest 1 d 2 h), no new failures, "
         "41 TensorBoard hours yesterday, up 28 %."),
    ],
)  # fmt: skip
def test_the_morning_line(facts: dict[str, object], line: str) -> None:
    morning = Morning(**{**{name: getattr(MORNING, name) for name in Morning.__slots__}, **facts})

    assert str(morning_line(morning)).replace("\u00a0", " ") == line


def test_a_morning_looks_at_yesterday_and_the_day_before() -> None:
    # NOW is 14:17:05 UTC: yesterday ended 14.28 h ago.
    records = [
        a_record((7, 8, 60), since=61, job=a_job(1)),
        a_record((7, 8, 38), (8, 11, 20), since=39, job=a_job(2, 11)),
        a_record((8, 12, 200), (12, 7, 6), (7, 8, 5), since=300, job=a_job(3)),
        # That failure was told on another morning.
        a_record((8, 11, 39), since=39, job=a_job(4, 11)),
    ]

    morning = morning_of(records, now=NOW, zone=ZoneInfo("UTC"), gap=GAP)

    assert (morning.running, morning.oldest, morning.failed) == (2, 60 * HOUR, 1)
    today = NOW - datetime(2026, 3, 24, tzinfo=UTC)
    # The first ran all day, the second for 18 hours of it; the day before, the first began.
    assert morning.yesterday == 42 * HOUR
    assert morning.day_before == 60 * HOUR - today - 24 * HOUR


@pytest.mark.parametrize(
    ("facts", "is_news"),
    [
        ({}, True),
        ({"running": 0, "oldest": None, "failed": 0}, True),
        ({"running": 0, "oldest": None, "yesterday": timedelta()}, True),
        ({"failed": 0, "yesterday": timedelta()}, True),
        # The day before yesterday is no news.
        ({"running": 0, "oldest": None, "failed": 0, "yesterday": timedelta()}, False),
    ],
)
def test_a_quiet_day_has_no_line(facts: dict[str, object], is_news: bool) -> None:
    morning = Morning(**{**{name: getattr(MORNING, name) for name in Morning.__slots__}, **facts})

    assert morning.is_news is is_news


def test_a_run_that_is_older_than_the_watch_counts_as_the_cloud_counts_it() -> None:
    long = a_job(1, duration=26 * HOUR + timedelta(minutes=3))
    records = [a_record(since=1, job=long)]

    morning = morning_of(records, now=NOW, zone=ZoneInfo("UTC"), gap=GAP)

    assert (morning.running, morning.oldest) == (1, 26 * HOUR + timedelta(minutes=3))


def test_what_ran_when_it_was_read_last_runs_also_while_nobody_can_look() -> None:
    records = [a_record((7, 8, 5), since=6, read=1)]

    morning = morning_of(records, now=NOW, zone=ZoneInfo("UTC"), gap=GAP)

    assert (morning.running, morning.oldest) == (1, 4 * HOUR)


@pytest.mark.parametrize(
    ("what", "record", "read_ago", "as_of"),
    [
        ("It runs, and was read just now.", {"since": 6}, 0, None),
        ("It runs, and nobody could look for hours.", {"since": 6, "read": 5}, 5, 5),
        ("It waits, and nobody could look.", {"steps": (8, 7, 5), "since": 6, "read": 2}, 2, 2),
        ("It ended: nobody reads it any more.", {"steps": (8, 12, 5), "since": 6, "read": 4}, 4,
         None),
    ],
)  # fmt: skip
def test_a_morning_says_of_old_numbers_how_old_they_are(
    what: str, record: dict[str, Any], read_ago: int, as_of: int | None
) -> None:
    steps = [record.pop("steps")] if "steps" in record else []
    status = steps[0][1] if steps else 8
    one = a_record(*steps, **record)
    one = replace(one, job=a_job(1, status, read_at=NOW - read_ago * HOUR))

    morning = morning_of([one], now=NOW, zone=ZoneInfo("UTC"), gap=GAP)

    assert morning.as_of == (None if as_of is None else NOW - as_of * HOUR), what


@pytest.mark.parametrize(
    ("what", "record", "watched_ago", "is_whole"),
    [
        ("Watched for a week.", {"since": 160}, 160, True),
        ("Watched since yesterday.", {"since": 20}, 20, False),
        ("Watched since some hour of the day before.", {"since": 50}, 50, False),
        ("A new job of a project that is long watched.", {"since": 20}, 160, True),
        ("An outage of hours, the day before.", {"steps": (8, 12, 30), "since": 160, "unseen": 45},
         160, False),
    ],
)  # fmt: skip
def test_days_that_were_watched_in_part_are_not_compared(
    what: str, record: dict[str, Any], watched_ago: int, is_whole: bool
) -> None:
    steps = [record.pop("steps")] if "steps" in record else []
    one = a_record(*steps, **record)

    morning = morning_of(
        [one], now=NOW, zone=ZoneInfo("UTC"), gap=GAP, watched_since=NOW - watched_ago * HOUR
    )

    assert morning.is_whole is is_whole, what


@pytest.mark.parametrize(
    ("ran", "watched"),
    [(2, 1), (20, 1), (50, 1), (20, 20), (70, 16), (3, 38), (90, 62)],
)
def test_a_morning_counts_what_cost_counted_on_the_day_itself(ran: float, watched: float) -> None:
    """`ran` hours before it was watched, which began so many hours before NOW."""
    job = a_job(1, duration=(ran + watched) * HOUR)
    record = a_record(since=watched, job=job)
    midnight = datetime(2026, 3, 24, tzinfo=UTC)
    days = (midnight, midnight - 24 * HOUR)

    morning = morning_of([record], now=NOW, zone=ZoneInfo("UTC"), gap=GAP)

    counted = []
    for end in days:
        day = Period(begin=end - 24 * HOUR, end=end, days=(end - 24 * HOUR,))
        begin = max(day.begin, NOW - (ran + watched) * HOUR)
        counted.append(max(end - begin, timedelta()))
        assert spending([record], day, gap=GAP).total == counted[-1]
    assert [morning.yesterday, morning.day_before] == counted
