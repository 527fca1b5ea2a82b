"""The end of a subscription: each way to say it, and the moment it means."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.commands.until import checked_until, exact_words, until_moment, until_words
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
        ("2026-03-24t14:18z", datetime(2026, 3, 24, 14, 18, tzinfo=UTC)),
        ("2027-03-25t14:17z", datetime(2027, 3, 25, 14, 17, tzinfo=UTC)),
    ],
)
def test_each_end_means_one_moment(said: str, meant: datetime | None) -> None:
    assert until_moment(said, NOW) == meant


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(seconds=5), "1m"),
        (timedelta(minutes=30), "30m"),
        (timedelta(minutes=119, seconds=1), "120m"),
        (timedelta(hours=4), "4h"),
        (timedelta(hours=47, minutes=1), "48h"),
        (timedelta(days=30), "30d"),
        (timedelta(days=30, seconds=1), "31d"),
    ],
)
def test_an_end_that_is_kept_can_be_said_again(left: timedelta, words: str) -> None:
    assert until_words(NOW + left, NOW) == words
    assert checked_until(words) == words


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("2026-03-24t14:17z", "is over"),
        ("1999-12-31t00:00z", "is over"),
        ("2027-03-25t14:18z", "longer than a year"),
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


def test_no_end_has_no_words() -> None:
    assert until_words(None, NOW) == ""


def test_a_clock_time_is_meant_in_the_zone_of_now() -> None:
    now = NOW.astimezone(tz=ZoneInfo("Asia/Singapore"))

    assert until_moment("23:00", now) == datetime(2026, 3, 24, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("said", ["Monday", "18:00", "4H", "DONE", "366d"])
def test_an_end_is_kept_in_lower_case(said: str) -> None:
    assert checked_until(said) == said.lower()


@pytest.mark.parametrize(
    "said", ["", "24:00", "12:60", "0m", "-4h", "4w", "someday", "٤h", "367d", "2026-02-30t00:00z"]
)
def test_what_is_no_end_is_refused_with_examples(said: str) -> None:
    with pytest.raises(BadCommand) as caught:
        checked_until(said)

    assert caught.value.hint
