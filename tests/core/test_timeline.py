"""The states of a job over time: a sentence a row."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.change import Step
from bot.core.runs import as_long_as_counted, last_run, runs
from bot.core.timeline import (
    JobRecord,
    Recorded,
    SeenStep,
    Span,
    joined,
    longest_gap,
    running_time,
    timeline,
    unseen_time,
)
from tests.history_fakes import GAP, a_record, ago
from tests.make import NOW, a_job

# Each span as its word, its length in hours, and what is not known of it: `<` it began before,
# `>` it goes on, `*` another run.
TABLE: dict[str, tuple[JobRecord, float, str]] = {
    "what was first read an hour ago runs on": (a_record(since=1), 168, "Running 1 <>"),
    "what began before the window is open": (a_record(since=200), 168, "Running 168 <>"),
    "a step ends one state and begins the next": (
        a_record((7, 8, 3), since=5),
        168,
        "Queued 2 < | Running 3 >",
    ),
    "steps of the vendor's within one word of ours are spans of their own": (
        a_record((1, 7, 3), (7, 8, 2), since=4),
        168,
        "Queued 1 < | Queued 1 | Running 2 >",
    ),
    "a job that appeared was not there before": (
        a_record((-1, 1, 3), (1, 8, 2), since=3),
        168,
        "Queued 1 | Running 2 >",
    ),
    "a state holds up to the last good read and no longer": (
        a_record((7, 8, 6), since=7, read=2),
        168,
        "Queued 1 < | Running 4 > | Not seen 2",
    ),
    "a downtime of the bot is no state": (
        a_record((8, 12, 2), since=8, unseen=3),
        168,
        "Running 3 < | Not seen 3 | Stopped 2 >",
    ),
    "a downtime that ends where the window begins is left out": (
        a_record((8, 12, 2), since=8, unseen=3),
        2,
        "Stopped 2 >",
    ),
    "a restart that was seen is another run": (
        a_record((8, 10, 6), (10, 7, 4), (7, 8, 3), since=9),
        168,
        "Running 3 < | Finished 2 | Queued 1 * | Running 3 >",
    ),
    "a restart that no poll saw is another run in the same state": (
        a_record((8, 8, 2), since=5),
        168,
        "Running 3 < | Running 2 >*",
    ),
    "a run of which only another end was seen is a run": (
        a_record((10, 11, 2), since=5),
        168,
        "Finished 3 < | Failed 2 >*",
    ),
    "a job that is gone stays gone up to now": (
        a_record((8, -1, 2), since=5, read=2),
        168,
        "Running 3 < | Deleted 2 >",
    ),
    "a job that came back was gone meanwhile": (
        a_record((8, -1, 4), (-1, 8, 1), since=5),
        168,
        "Running 1 < | Deleted 3 | Running 1 >*",
    ),
    "a clock that was set back makes no span shorter than nothing": (
        a_record((7, 8, 2), (8, 10, 3), since=4),
        168,
        "Queued 2 < | Finished 2 >",
    ),
    "nothing is known before the first read": (a_record(since=0), 168, ""),
    "a status that the vendor does not document is a state, too": (
        a_record((8, 37, 1), since=2),
        168,
        "Running 1 < | Unknown 1 >",
    ),
    "a state lasts as long as a read shows it, not up to this very moment": (
        a_record(since=1.5, read=1 / 60),
        168,
        "Running 1.48333 <>",
    ),
    "two minutes without a read leave no doubt": (
        a_record(since=1.5, read=2 / 60),
        168,
        "Running 1.46667 <>",
    ),
    "what is gone without a change that says so is gone": (
        replace(a_record(since=1), is_gone=True),
        168,
        "Deleted 1 <>",
    ),
    "a change goes before what the job was read as": (
        a_record((7, 8, 2), since=3, job=a_job(status=12)),
        168,
        "Queued 1 < | Running 2 >",
    ),
    "a change of an older version, which kept no time before it, leaves no gap": (
        replace(a_record(since=3), changes=(SeenStep(Step(7, 8), ago(2), None),)),
        168,
        "Queued 1 < | Running 2 >",
    ),
    "a run of no length between two reads was one": (
        a_record((10, 11, 2), (11, 8, 2), since=5),
        168,
        "Finished 3 < | Failed 0 * | Running 2 >*",
    ),
    "a run that began before the window is no new one in it": (
        a_record((8, 12, 30), (12, 8, 20), since=50),
        10,
        "Running 10 <>",
    ),
    "what changed before the window gives the state in which it begins": (
        a_record((8, 12, 30), (12, 7, 1), since=50),
        24,
        "Stopped 23 < | Queued 1 >*",
    ),
}


@pytest.mark.parametrize("sentence", TABLE)
def test_a_timeline_says_only_what_polls_saw(sentence: str) -> None:
    record, hours, expected = TABLE[sentence]

    spans = timeline(record, begin=ago(hours), end=NOW, gap=GAP)

    assert said(spans) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (a_record((8, 12, 3), (12, 8, 0.5), since=5), "Running 1 < | Stopped 2"),
        (a_record((12, 8, 3), (8, 12, 0.5), since=5), "Stopped 1 < | Running 2 *"),
        (a_record((12, 8, 4), (8, 12, 0.5), since=5), "Running 3 *"),
        (a_record((8, 12, 0.5), since=4), "Running 3 <"),
        (a_record(since=4), "Running 3 <>"),
        (a_record((8, 12, 0.5), since=1), ""),
    ],
)
def test_what_goes_on_at_the_end_of_a_window_ends_with_it(record: JobRecord, expected: str) -> None:
    assert said(timeline(record, begin=ago(4), end=ago(1), gap=GAP)) == expected


def said(spans: Iterable[Span]) -> str:
    """As the table has it."""
    return " | ".join(
        f"{span.word} {span.length / timedelta(hours=1):g}"
        f" {'<' * span.is_begin_open}{'>' * span.is_end_open}{'*' * span.is_new_run}".rstrip()
        for span in spans
    )


def test_since_when_is_exact_unless_somebody_says_otherwise() -> None:
    assert JobRecord(job=a_job(), watched_since=NOW).is_since_exact
    assert Recorded(jobs=(), watched_since=None).is_since_exact


def test_states_of_before_the_kept_steps_are_not_guessed() -> None:
    record = a_record((8, 12, 30), since=900)
    record = JobRecord(
        job=record.job,
        watched_since=record.watched_since,
        changes=record.changes,
        complete_from=ago(30),
    )

    [span] = timeline(record, begin=ago(600), end=NOW, gap=GAP)

    assert (span.word, span.begin) == ("Stopped", ago(30))


LIFE = a_record(
    (7, 8, 20), (8, 15, 19), (15, 8, 18), (8, 9, 10), (9, 12, 9.5),
    (12, 1, 8), (1, 8, 7), (8, 11, 6), (11, 10, 5), (10, 8, 4), since=21,
)  # fmt: skip


def test_runs_are_told_apart_by_their_restarts() -> None:
    spans = timeline(LIFE, begin=ago(100), end=NOW, gap=GAP)

    first, second, unseen, last = runs(spans)

    assert (first.begin, first.is_begin_open, first.ended_as) == (ago(21), True, 12)
    assert not first.is_running_open
    assert (first.running, first.unseen) == (timedelta(hours=10), timedelta())
    assert (second.begin, second.end, second.ended_as) == (ago(8), ago(6), 11)
    assert second.running == timedelta(hours=1)
    assert (unseen.running, unseen.ended_as) == (timedelta(), 10)
    assert (last.begin, last.end, last.ended_as) == (ago(4), None, None)
    assert running_time(spans) == timedelta(hours=15)


# Each run as when it began and ended (hours ago, `-` while it goes on), how long it ran, and how
# long nobody looked; `<` it had begun before, `<<` it was running then already.
RUNS: dict[str, tuple[JobRecord, str]] = {
    "what was queued at first had not run yet": (a_record((7, 8, 3), since=5), "5< - 3 0"),
    "what was running at first had run for nobody knows how long": (
        a_record((8, 12, 2), since=5),
        "5<< 2 3 0",
    ),
    "a run that was seen to begin is known from its beginning": (
        a_record((-1, 1, 3), (1, 8, 2), since=3),
        "3 - 2 0",
    ),
    "a restart that no poll saw ends the run before it": (
        a_record((8, 8, 2), since=5),
        "5<< 2 3 0 | 2 - 2 0",
    ),
    "what nobody saw in a run is told apart from what ran": (
        a_record((8, 12, 2), since=8, unseen=3),
        "8<< 2 3 3",
    ),
    "what nobody saw twice is added up": (
        a_record((8, 9, 6), (9, 12, 1), since=9, unseen=1),
        "9<< 1 2 2",
    ),
    "what nobody saw between two runs belongs to neither": (
        a_record((12, 10, 2), since=8, unseen=3),
        "2 2 0 0",
    ),
    "an end alone is no run where no restart was seen": (
        a_record(since=3, job=a_job(status=12)),
        "",
    ),
    "an end that another end follows was a run that nobody saw": (
        a_record((10, 11, 2), since=5),
        "2 2 0 0",
    ),
}


@pytest.mark.parametrize("sentence", RUNS)
def test_a_run_says_only_what_polls_saw(sentence: str) -> None:
    record, expected = RUNS[sentence]

    def hours_ago(at: datetime | None) -> str:
        return "-" if at is None else f"{(NOW - at) / timedelta(hours=1):g}"

    told = (
        f"{hours_ago(one.begin)}{'<' * (one.is_begin_open + one.is_running_open)}"
        f" {hours_ago(one.end)} {one.running / timedelta(hours=1):g}"
        f" {one.unseen / timedelta(hours=1):g}"
        for one in runs(timeline(record, begin=ago(168), end=NOW, gap=GAP))
    )
    assert " | ".join(told) == expected


def test_spans_that_people_call_the_same_are_one() -> None:
    spans = joined(timeline(LIFE, begin=ago(100), end=ago(9), gap=GAP))

    assert [span.word for span in spans] == ["Queued", "Running", "Stopping", "Stopped"]
    assert spans[1].length == timedelta(hours=10)


def test_another_run_in_the_same_state_is_not_one_with_it() -> None:
    record = a_record((1, 7, 6), (7, 8, 5), (8, 8, 2), since=7)

    spans = joined(timeline(record, begin=ago(9), end=NOW, gap=GAP))

    assert said(spans) == "Queued 2 < | Running 3 | Running 2 >*"


def test_states_made_one_are_the_last_of_them() -> None:
    [span] = joined(timeline(a_record((1, 7, 2), since=4), begin=ago(9), end=NOW, gap=GAP))

    assert (said([span]), span.status) == ("Queued 4 <>", 7)


def test_the_last_run_is_without_what_came_after_it() -> None:
    ended = a_record((7, 8, 6), (8, 9, 2), (9, 12, 1), since=7)
    unseen = a_record((7, 8, 6), (8, 8, 4), (8, 10, 1), since=7)
    again = a_record((8, 10, 6), (10, 7, 4), (7, 8, 3), (8, 11, 2), since=7)

    def words(record: JobRecord) -> list[str]:
        spans = timeline(record, begin=ago(100), end=NOW, gap=GAP)
        return [f"{one.word} {one.length / timedelta(hours=1):g}" for one in last_run(spans)]

    assert words(ended) == ["Queued 1", "Running 4", "Stopping 1"]
    assert words(unseen) == ["Running 3"]
    assert words(again) == ["Queued 1", "Running 1"]
    assert words(a_record((7, 8, 2), since=3)) == ["Queued 1", "Running 2"]
    assert words(a_record(since=3, job=a_job(status=12))) == []


# A sentence: what was seen of a run that is over, the cloud's count of it, and its states.
COUNTED: dict[str, tuple[JobRecord, float | None, list[str]]] = {
    "it ran for long before anybody watched": (
        a_record((8, 12, 1), since=2), 9, ["Running 9"],
    ),
    "it ran before, and was seen to stop": (
        a_record((8, 9, 2), (9, 12, 1), since=4), 26, ["Running 26", "Stopping 1"],
    ),
    "all of it was seen": (a_record((7, 8, 4), (8, 12, 1), since=5), 3, ["Queued 1", "Running 3"]),
    "the count is of more than was seen, but its start was seen": (
        a_record((7, 8, 4), (8, 12, 1), since=5), 9, ["Queued 1", "Running 3"],
    ),
    "the count is less than a minute longer": (
        a_record((8, 12, 1), since=2), 1.01, ["Running 1.01"],
    ),
    "the count is less than a minute shorter": (
        a_record((8, 11, 1), since=2), 0.99, ["Running 0.99"],
    ),
    "its start was seen, within a minute": (
        a_record((7, 8, 4), (8, 12, 1), since=5), 3.01, ["Queued 0.99", "Running 3.01"],
    ),
    "the count is shorter": (a_record((8, 12, 1), since=4), 1, ["Running 3"]),
    "nobody counts": (a_record((8, 12, 1), since=2), None, ["Running 1"]),
    "nobody looked for a while": (
        a_record((8, 12, 1), since=9, unseen=3), 10, ["Running 7", "Not seen 3"],
    ),
    "it was first seen waiting": (a_record((7, 11, 1), since=2), 9, ["Queued 1"]),
}  # fmt: skip


@pytest.mark.parametrize(("record", "counted", "states"), COUNTED.values(), ids=COUNTED)
def test_a_run_that_is_over_is_as_long_as_the_cloud_counts(
    record: JobRecord, counted: float | None, states: list[str]
) -> None:
    seen = last_run(timeline(record, begin=ago(100), end=NOW, gap=GAP))

    run = as_long_as_counted(seen, None if counted is None else timedelta(hours=counted))

    assert [f"{one.word} {one.length / timedelta(hours=1):g}" for one in run] == states
    assert run[-1].end == seen[-1].end


def test_only_what_may_have_run_is_missing_from_the_hours() -> None:
    running = timeline(a_record((8, 12, 2), since=8, unseen=3), begin=ago(9), end=NOW, gap=GAP)
    stopped = timeline(a_record((12, 10, 2), since=8, unseen=3), begin=ago(9), end=NOW, gap=GAP)

    begun = timeline(a_record((12, 8, 2), since=8, unseen=3), begin=ago(9), end=NOW, gap=GAP)
    late = a_record((12, 10, 4), (10, 8, 1), since=8, unseen=2)
    early = a_record((8, 12, 5), (12, 10, 1), since=8, unseen=2)

    assert unseen_time(running) == timedelta(hours=3)
    assert unseen_time(stopped) == timedelta()
    assert unseen_time(begun) == timedelta(hours=3)
    # Only what lies beside it counts, not what lies further off.
    for record in (late, early):
        spans = timeline(record, begin=ago(9), end=NOW, gap=GAP)
        assert unseen_time(spans) == timedelta(hours=2)


def test_reads_are_far_apart_after_three_polls_and_two_minutes() -> None:
    assert longest_gap(timedelta(seconds=5)) == timedelta(minutes=2)
    assert longest_gap(timedelta(minutes=5)) == timedelta(minutes=15)
