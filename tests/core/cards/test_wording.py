"""Spans, moments and sentences in plain words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cards.wording import (
    age_words,
    clock_words,
    count_words,
    duration_words,
    job_sentence,
    job_words,
    moment_words,
)
from bot.core.job import JobStatus
from tests.make import a_job


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=33), "33 s"),
        (timedelta(seconds=59.999), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=41), "41 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=2, minutes=14), "2 h 14 min"),
        (timedelta(hours=23, minutes=59, seconds=59), "23 h 59 min"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=3, hours=2, minutes=59), "3 d 2 h"),
        (timedelta(days=400, minutes=30), "400 d"),
    ],
)
def test_a_span_is_told_in_two_units_at_the_most(span: timedelta, words: str) -> None:
    assert duration_words(span) == words


@given(st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_no_span_is_rounded_up(span: timedelta) -> None:
    sizes = {"s": 1, "min": 60, "h": 3600, "d": 86400}
    smallest_told = {"s": 1, "min": 60, "h": 60, "d": 3600}
    parts = duration_words(span).split()
    told = sum(int(n) * sizes[unit] for n, unit in zip(parts[::2], parts[1::2], strict=True))

    assert told <= span.total_seconds() < told + smallest_told[parts[1]]


def test_moments_are_told_in_utc_wherever_they_come_from() -> None:
    at = datetime(2026, 3, 24, 0, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))

    assert clock_words(at) == "19:00 UTC"
    assert moment_words(at) == "2026-03-23 19:00 UTC"
    assert clock_words(at.astimezone(UTC)) == clock_words(at)


def test_counts_agree_with_their_noun() -> None:
    assert [count_words(n, "job") for n in (0, 1, 2)] == ["0 jobs", "1 job", "2 jobs"]


def test_a_job_without_a_name_is_called_by_its_id() -> None:
    assert job_words(a_job(name="")) == "job 205"


SENTENCES = {
    0: "flowers-tb has a status that this bot does not know.",
    7: "flowers-tb is queued for 2 h 14 min.",
    8: "flowers-tb is running for 2 h 14 min.",
    9: "flowers-tb is stopping after 2 h 14 min.",
    10: "flowers-tb finished after 2 h 14 min.",
    11: "flowers-tb failed after 2 h 14 min.",
    12: "flowers-tb was stopped after 2 h 14 min.",
    14: "flowers-tb was lost after 2 h 14 min.",
    6: "flowers-tb could not be deleted and may still be billed.",
    37: "flowers-tb has a status that this bot does not know (37).",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_how_a_job_is_makes_one_sentence(code: int) -> None:
    assert job_sentence(a_job(status=code)) == SENTENCES[code]


@pytest.mark.parametrize("code", [*range(23), 37])
def test_a_span_that_the_cloud_did_not_tell_is_not_told(code: int) -> None:
    job = a_job(status=code, duration=None)

    assert age_words(job) == ""
    assert not any(char.isdigit() for char in job_sentence(job).replace("(37)", ""))


def test_an_ended_job_ran_and_a_running_one_has_its_age() -> None:
    ran = {code for code in range(23) if age_words(a_job(status=code)).startswith("ran ")}

    assert ran == {3, 5, 10, 11, 12, 13, 14, 16, 17, 21, 22}
    assert age_words(a_job(status=JobStatus.RUNNING)) == "2 h 14 min"
