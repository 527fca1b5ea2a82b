"""Changes that waited come in one message: its span, a line for each job, failures first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.cards.card import Moment, Person, TimeStyle
from bot.core.cards.changes.change_groups import changes_card
from bot.core.cards.words.change_words import way_words
from bot.core.change import StatusChange, Step
from bot.core.job import JobId
from bot.core.text import ENGLISH, NO_BREAK, say
from tests.make import ANA, NOW, a_change, line_words

HOUR = timedelta(hours=1)

# A sentence: the steps that are told of one job, and its way.
WAYS: dict[str, tuple[list[tuple[int, int]], str]] = {
    "one step": ([(7, 8)], "Queued → Running"),
    "it goes on from step to step": (
        [(7, 8), (8, 9), (9, 12)],
        "Queued → Running → Stopping → Stopped",
    ),
    "it appears": ([(-1, 1), (1, 8)], "New → Queued → Running"),
    "it is deleted": ([(8, 12), (12, -1)], "Running → Stopped → Deleted"),
    "steps that our word hides stand beside it where they are told": (
        [(12, 1), (1, 2), (2, 7), (7, 8)],
        "Stopped → Queued (JOBSTAT_INIT → JOBSTAT_IMAGE_CREATING → JOBSTAT_WAITING) → Running",
    ),
    "and alone": ([(7, 4)], "Queued (JOBSTAT_WAITING → JOBSTAT_SUBMIT_TRYING)"),
    "steps that our word hides are left out where they are not told": (
        [(12, 1), (7, 8), (8, 9), (9, 12)],
        "Stopped → Queued → Running → Stopping → Stopped",
    ),
    "some of them were told": (
        [(1, 2), (4, 7), (15, 12)],
        "Queued (JOBSTAT_INIT → JOBSTAT_IMAGE_CREATING → JOBSTAT_SUBMIT_TRYING → JOBSTAT_WAITING)"
        " → Running → Stopped",
    ),
    "it failed twice, each time otherwise": ([(7, 5), (3, 8)], "Queued → Failed → Running"),
    "it is deleted and comes back": ([(12, -1), (-1, 7)], "Stopped → Deleted → Queued"),
    "what is between two failures was not wanted": (
        [(8, 11), (8, 11)],
        "Running → Failed → Running → Failed",
    ),
    "a restart that no poll saw": ([(8, 8)], "Restarted → Running"),
    "a restart that no poll saw, after a start": (
        [(7, 8), (8, 8), (8, 11)],
        "Queued → Running → Restarted → Running → Failed",
    ),
    "one that changes all the time": (
        [(7, 8), (8, 12), (12, 7)] * 6,
        "Queued → Running → Stopped → … → Running → Stopped → Queued",
    ),
    "a status that nobody lists": ([(8, 37)], "Running → Unknown"),
}


@pytest.mark.parametrize(("steps", "way"), WAYS.values(), ids=WAYS)
def test_the_way_of_a_job_through_its_states(steps: list[tuple[int, int]], way: str) -> None:
    assert str(way_words([Step(*step) for step in steps])) == way


def of(job_id: int, *steps: tuple[int, int], ago: timedelta = HOUR) -> list[StatusChange]:
    """Changes of a job, the last one so long ago, and a minute between them."""
    return [
        replace(
            a_change(before, after, sequence=number + 1, id=job_id, name=f"job-{job_id}"),
            seen_at=NOW - ago - (len(steps) - 1 - number) * timedelta(minutes=1),
        )
        for number, (before, after) in enumerate(steps)
    ]


def lines(changes: list[StatusChange]) -> list[str]:
    """What is shown, the title first."""
    return [line_words(line).replace(NO_BREAK, " ") for line in changes_card(changes).lines]


def test_each_job_has_one_line_and_what_failed_comes_first() -> None:
    told = lines(
        [
            *of(1, (7, 8), (8, 12), ago=3 * HOUR),
            *of(2, (7, 8), ago=2 * HOUR),
            *of(3, (8, 11), (11, 7), (7, 8), ago=4 * HOUR),
            *of(4, (7, 8), (8, 11), ago=5 * HOUR),
        ]
    )

    assert told[1:] == [
        "🔴 job-4  ·  Queued → Running → Failed  ·  2 changes  ·  09:17 UTC",
        "🟢 job-3  ·  Running → Failed → Queued → Running  ·  3 changes  ·  10:17 UTC",
        "🟢 job-2  ·  Queued → Running  ·  12:17 UTC",
        "⏹️ job-1  ·  Queued → Running → Stopped  ·  2 changes  ·  11:17 UTC",
    ]


# A sentence: how long before the last change the first one was, of how many jobs, and the title.
TITLES: dict[str, tuple[timedelta, int, str]] = {
    "a night": (
        9 * HOUR,
        2,
        "What changed from 2026-03-24 04:17 UTC to 13:17 UTC: 2 jobs.",
    ),
    "a weekend": (
        60 * HOUR,
        2,
        "What changed from 2026-03-22 01:17 UTC to 2026-03-24 13:17 UTC: 2 jobs.",
    ),
    "all at once": (timedelta(seconds=20), 2, "What changed at 2026-03-24 13:16 UTC: 2 jobs."),
    "one job": (
        2 * HOUR,
        1,
        "What changed from 2026-03-24 11:17 UTC to 13:17 UTC: job-1.",
    ),
}


@pytest.mark.parametrize(("before", "jobs", "title"), TITLES.values(), ids=TITLES)
def test_the_title_says_from_when_until_when(before: timedelta, jobs: int, title: str) -> None:
    told = [*of(jobs, (7, 8), ago=HOUR + before), *of(1, (8, 12))]

    assert lines(told)[0] == title
    assert ENGLISH.plain(changes_card(told).summary).startswith(title)


def test_over_more_than_a_day_each_line_has_its_day() -> None:
    over_days = changes_card([*of(2, (7, 8), ago=60 * HOUR), *of(1, (8, 12))])

    moments = [span for line in over_days.lines for span in line if isinstance(span, Moment)]
    assert {one.style for one in moments} == {TimeStyle.DAY_AND_CLOCK}


def test_the_text_says_the_same() -> None:
    text = ENGLISH.plain(changes_card([*of(1, (7, 8), (8, 11)), *of(2, (7, 8))]).summary)

    assert "job-1: Queued → Running → Failed, 2 changes, the last at 13:17 UTC" in text
    assert text.endswith("job-2: Queued → Running, at 13:17 UTC.")


@pytest.mark.parametrize(
    ("steps", "is_named"),
    [([(7, 8), (8, 11)], True), ([(8, 11), (11, 7)], True), ([(7, 8)], False)],
)
def test_an_owner_is_named_where_the_job_failed(
    steps: list[tuple[int, int]], is_named: bool
) -> None:
    card = changes_card(of(205, *steps), owners={JobId(205): ANA})

    owner = say("owner {person}", person=Person(ANA))
    assert any(owner in line for line in card.lines) is is_named


# A sentence: the changes, and the rows below the title.
TIMES: dict[str, tuple[list[StatusChange], list[str]]] = {
    "one job, whose last change the title tells": (
        of(1, (7, 8), (8, 12)),
        ["⏹️ job-1  ·  Queued → Running → Stopped  ·  2 changes"],
    ),
    "several jobs at the minute of the title": (
        [*of(1, (8, 11)), *of(2, (7, 8))],
        ["🔴 job-1  ·  Running → Failed", "🟢 job-2  ·  Queued → Running"],
    ),
    "several jobs at several times": (
        [*of(1, (8, 11)), *of(2, (7, 8), ago=2 * HOUR)],
        ["🔴 job-1  ·  Running → Failed  ·  13:17 UTC",
         "🟢 job-2  ·  Queued → Running  ·  12:17 UTC"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "rows"), TIMES.values(), ids=TIMES)
def test_no_row_says_the_time_of_the_title_again(
    changes: list[StatusChange], rows: list[str]
) -> None:
    assert lines(changes)[1:] == rows
    text = ENGLISH.plain(changes_card(changes).summary)
    assert ("at 13:17 UTC" in text) is any("UTC" in row for row in rows)
