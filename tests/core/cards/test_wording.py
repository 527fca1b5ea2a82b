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
    full_words,
    job_sentence,
    job_words,
    moment_words,
    told_span,
)
from bot.core.job import JobStatus
from bot.core.text import ENGLISH, NO_BREAK
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
    assert str(duration_words(span)) == words
    assert ENGLISH.words(duration_words(span)) == words.replace(" ", NO_BREAK)


@given(st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_no_span_is_rounded_up(span: timedelta) -> None:
    sizes = {"s": 1, "min": 60, "h": 3600, "d": 86400}
    smallest_told = {"s": 1, "min": 60, "h": 60, "d": 3600}
    parts = str(duration_words(span)).split()
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
    assert str(job_words(a_job(name=""))) == "Job 205"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("flowers-tb", "flowers-tb (205)"),
        ("197", "197 (job 205)"),
        ("", "Job 205"),
        ("\u3164", "Job 205"),
        ("\u2800\ufe0f", "Job 205"),
        ("\u0301\u0302", "Job 205"),
        ("\ufe0f", "Job 205"),
    ],
)
def test_a_name_stands_with_its_id_and_the_id_alone_where_no_name_can_be_seen(
    name: str, words: str
) -> None:
    assert str(full_words(a_job(name=name))) == words
    assert (str(job_words(a_job(name=name))) == "Job 205") is (words == "Job 205")


SENTENCES = {
    0: "flowers-tb is in a state that ModelArts calls unknown.",
    7: "flowers-tb has been queued for 2 h 14 min.",
    8: "flowers-tb has been running for 2 h 14 min.",
    9: "flowers-tb is stopping; it ran 2 h 14 min.",
    10: "flowers-tb finished after 2 h 14 min.",
    11: "flowers-tb failed after 2 h 14 min.",
    12: "flowers-tb was stopped after 2 h 14 min.",
    14: "flowers-tb was lost after 2 h 14 min.",
    6: "flowers-tb could not be deleted.",
    37: "flowers-tb has status 37, which this bot does not know.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_how_a_job_is_makes_one_sentence(code: int) -> None:
    assert str(job_sentence(a_job(status=code))) == SENTENCES[code]


SPANS = {
    "what has only begun to run has no span worth telling": (8, 4.0, True, "is running."),
    "nor has what has only begun to wait": (7, 59.9, True, "is queued."),
    "after a minute there is one": (8, 60.0, True, "has been running for 1 min."),
    "who asks is told of seconds, too": (7, 33.0, False, "has been queued for 33 s."),
    "but of no part of a second": (8, 0.9, False, "is running."),
    "a span of nothing is none": (8, 0.0, False, "is running."),
    "what ran before a stop is no running clock": (9, 4.0, True, "is stopping; it ran 4 s."),
    "what it ran before it ended is none either": (12, 4.0, True, "was stopped after 4 s."),
    "an end at once has no span": (11, 0.2, True, "failed."),
}  # fmt: skip


@pytest.mark.parametrize("case", SPANS)
def test_a_span_is_told_only_where_it_says_something(case: str) -> None:
    code, seconds, just_changed, words = SPANS[case]
    job = a_job(status=code, duration=timedelta(seconds=seconds))

    told = job._replace(duration=told_span(job, just_changed=just_changed))
    assert str(job_sentence(told)) == f"flowers-tb {words}"


@pytest.mark.parametrize("code", [*range(23), 37])
def test_a_span_that_the_cloud_did_not_tell_is_not_told(code: int) -> None:
    job = a_job(status=code, duration=None)

    assert age_words(job) == ""
    assert not any(char.isdigit() for char in str(job_sentence(job)).replace("37", ""))


def test_an_ended_job_ran_and_a_running_one_has_its_age() -> None:
    ran = {code for code in range(23) if str(age_words(a_job(status=code))).startswith("ran ")}

    assert ran == {3, 5, 9, 10, 11, 12, 13, 14, 16, 17, 21, 22}
    assert str(age_words(a_job(status=JobStatus.RUNNING))) == "2 h 14 min"
