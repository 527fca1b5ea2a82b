"""The end of a subscription: each way to say it, and the moment it means."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.commands.times.until import checked_until, exact_words, is_by_the_clock, until_moment
from bot.core.errors import BadCommand

# A Tuesday.
NOW = datetime(2026, 3, 24, 14, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("done", None),
        ("", None),
        ("30m", NOW + timedelta(minutes=30)),
        ("4h", NOW + timedelta(hours=4)),
        ("2d", NOW + timedelta(days=2)),
        ("18:00", datetime(2026, 3, 24, 18, 0, tzinfo=UTC)),
        ("9:05", datetime(2026, 3, 25, 9, 5, tzinfo=UTC)),
        ("14:17", datetime(2026, 3, 25, 14, 17, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 3, 25, tzinfo=UTC)),
        ("wednesday", datetime(2026, 3, 25, tzinfo=UTC)),
        ("monday", datetime(2026, 3, 30, tzinfo=UTC)),
        ("tuesday", datetime(2026, 3, 31, tzinfo=UTC)),
        ("tomorrow 9:00", datetime(2026, 3, 25, 9, tzinfo=UTC)),
        ("tomorrow 18:00", datetime(2026, 3, 25, 18, tzinfo=UTC)),
        ("friday 17:00", datetime(2026, 3, 27, 17, tzinfo=UTC)),
        # The next such moment: later today, or in a week.
        ("tuesday 17:30", datetime(2026, 3, 24, 17, 30, tzinfo=UTC)),
        ("tuesday 14:17", datetime(2026, 3, 31, 14, 17, tzinfo=UTC)),
        ("monday 23:59", datetime(2026, 3, 30, 23, 59, tzinfo=UTC)),
        ("2026-03-24t14:18z", datetime(2026, 3, 24, 14, 18, tzinfo=UTC)),
        ("2027-03-25t14:17z", datetime(2027, 3, 25, 14, 17, tzinfo=UTC)),
    ],
)
def test_each_end_means_one_moment(said: str, meant: datetime | None) -> None:
    assert until_moment(said, NOW) == meant


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("2026-03-24t14:17z", "is over"),
        ("1999-12-31t00:00z", "is over"),
        ("2027-03-25t14:18z", "more than a year"),
    ],
)
def test_an_exact_end_is_ahead_and_within_a_year(said: str, says: str) -> None:
    with pytest.raises(BadCommand, match=says) as caught:
        until_moment(checked_until(said), NOW)

    assert caught.value.option == "until"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2026-03-25T09:05Z", "2026-03-25t09:05z"),
        ("2026-3-5t9:5z", "2026-03-05t09:05z"),
        ("0999-01-01t00:00z", "0999-01-01t00:00z"),
    ],
)
def test_an_exact_end_has_one_spelling(said: str, kept: str) -> None:
    assert checked_until(said) == kept
    assert checked_until(kept) == kept


def test_an_exact_end_means_the_same_minute_in_every_zone() -> None:
    there = datetime(2026, 3, 24, 23, 0, tzinfo=ZoneInfo("Asia/Singapore"))

    assert exact_words(there) == "2026-03-24t15:00z"
    assert until_moment(exact_words(there), NOW) == there


def test_an_end_within_a_minute_is_kept_to_the_second() -> None:
    until = NOW + timedelta(hours=4, seconds=31)

    assert until_moment(checked_until(exact_words(until)), NOW) == until


@pytest.mark.parametrize(
    ("zone", "now", "said", "meant"),
    [
        ("Asia/Singapore", "2026-03-24T14:17", "23:00", "2026-03-24T15:00"),
        # It is Wednesday there already.
        ("Asia/Singapore", "2026-03-24T16:17", "wednesday", "2026-03-31T16:00"),
        ("Asia/Singapore", "2026-03-24T16:17", "tomorrow", "2026-03-25T16:00"),
        ("America/Los_Angeles", "2026-03-24T02:00", "tuesday", "2026-03-24T07:00"),
        ("Asia/Kathmandu", "2026-03-24T14:17", "20:00", "2026-03-25T14:15"),
        # The clocks are put forward from 2:00 to 3:00: nobody's shows 2:30.
        ("Europe/Berlin", "2026-03-28T20:00", "2:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-28T20:00", "03:30", "2026-03-29T01:30"),
        ("Europe/Berlin", "2026-03-28T20:00", "01:59", "2026-03-29T00:59"),
        # ... and back from 3:00 to 2:00: everybody's shows 2:30 twice.
        ("Europe/Berlin", "2026-10-24T20:00", "2:30", "2026-10-25T00:30"),
        ("America/New_York", "2026-11-01T02:00", "1:30", "2026-11-01T05:30"),
        # By half an hour.
        ("Australia/Lord_Howe", "2026-10-03T03:00", "2:15", "2026-10-03T15:30"),
        ("Europe/Berlin", "2026-03-25T20:00", "sunday 2:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-20T20:00", "sunday 2:30", "2026-10-25T00:30"),
        # It is Wednesday there already, and earlier than 6:00.
        ("Asia/Singapore", "2026-03-24T16:17", "wednesday 6:00", "2026-03-24T22:00"),
        ("America/Los_Angeles", "2026-03-24T02:00", "tuesday 0:00", "2026-03-24T07:00"),
        # A day that begins at 1:00, and one that never was.
        ("America/Sao_Paulo", "2018-11-03T12:00", "tomorrow", "2018-11-04T03:00"),
        ("Pacific/Apia", "2011-12-29T12:00", "tomorrow", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-29T12:00", "saturday", "2011-12-30T10:00"),
    ],
)
def test_a_time_is_the_first_one_that_a_zone_has(
    zone: str, now: str, said: str, meant: str
) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)

    found = until_moment(said, at, ZoneInfo(zone))

    assert found == datetime.fromisoformat(meant).replace(tzinfo=UTC)


def test_only_what_depends_on_a_place_asks_for_one() -> None:
    local = ("18:00", "9:05", "tomorrow", "monday", "monday 9:00", "tomorrow 18:00")
    everywhere = ("", "done", "30m", "4h", "2026-03-24t14:18z")

    assert [is_by_the_clock(text) for text in local] == [True] * 6
    assert [is_by_the_clock(text) for text in everywhere] == [False] * 5


@pytest.mark.parametrize("said", ["Monday", "18:00", "4H", "DONE", "366d"])
def test_an_end_is_kept_in_lower_case(said: str) -> None:
    assert checked_until(said) == said.lower()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Mon", "monday"),
        ("thurs", "thursday"),
        ("9am", "9:00"),
        ("12AM", "0:00"),
        ("12:30 pm", "12:30"),
        ("at 18:00", "18:00"),
        ("Friday 17:00", "friday 17:00"),
        ("fri 5pm", "friday 17:00"),
        ("5 pm friday", "friday 17:00"),
        ("on Sat, at 8.15pm", "saturday 20:15"),
        ("monday 9", "monday 9:00"),
        ("tomorrow at 07:05", "tomorrow 07:05"),
        ("周五 17:00", "friday 17:00"),
        ("星期日9:30", "sunday 9:30"),
        ("礼拜天", "sunday"),
        ("明天 8:00", "tomorrow 8:00"),
        ("18.30", "18:30"),
        ("tmrw 9am", "tomorrow 9:00"),
    ],
)
def test_a_day_and_a_time_have_one_spelling(said: str, kept: str) -> None:
    assert checked_until(said) == kept
    assert checked_until(kept) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("4 hours", "4h"),
        ("4 h", "4h"),
        ("1 Hour", "1h"),
        ("90 min", "90m"),
        ("60 minutes", "1h"),
        ("2 days", "2d"),
        ("24hrs", "1d"),
        ("1h30m", "90m"),
        ("1 h 30 min", "90m"),
        ("90m", "90m"),
        ("24h", "24h"),
    ],
)
def test_a_span_has_one_spelling(said: str, kept: str) -> None:
    assert checked_until(said) == kept
    assert checked_until(kept) == kept


@pytest.mark.parametrize("said", ["4 parsecs", "30m 1d", "4 5 hours", "hours", "0 hours", "4 y"])
def test_a_span_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(BadCommand):
        checked_until(said)


@pytest.mark.parametrize(
    "said",
    [
        "monday tuesday",
        "monday 25:00",
        "monday 24:30",
        "monday 13pm",
        "friday 9:00 10:00",
        "monday 4h",
        "9",
        "9.30",
        "1 8:00",
        "at",
        "on at",
        "next friday",
        "next week",
        "monday next month",
        "大后天",
        "下下周一",
        "周八 9:00",
    ],
)
def test_a_day_and_a_time_that_are_none_are_refused(said: str) -> None:
    with pytest.raises(BadCommand, match="as a time"):
        checked_until(said)


@pytest.mark.parametrize(
    "said", ["", "24:01", "12:60", "0m", "-4h", "4y", "someday", "٤h", "367d", "2026-02-30t00:00z"]
)
def test_what_is_no_end_is_refused_with_examples(said: str) -> None:
    with pytest.raises(BadCommand) as caught:
        checked_until(said)

    assert caught.value.hint


@pytest.mark.parametrize("said", ["400D", "Someday", "2029-02-30T10:58:03Z", "２０２９-Xy"])
def test_what_is_refused_is_quoted_as_it_was_typed(said: str) -> None:
    with pytest.raises(BadCommand) as caught:
        checked_until(said)

    assert said in str(caught.value.sentence)


def test_a_moment_too_far_away_is_not_quoted_in_our_own_spelling() -> None:
    with pytest.raises(BadCommand) as caught:
        until_moment(checked_until("2029-02-06T10:58:03Z"), NOW)

    assert str(caught.value.sentence) == "That moment is more than a year away."
