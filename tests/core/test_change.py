"""What a step means, and what two reads of a job side by side tell."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.change import NO_JOB, Event, Step, has_changed, is_ended_status, is_outdated
from tests.make import CREATED, NOW, a_job

INIT, WAITING, RUNNING, KILLING, COMPLETED, FAILED, KILLED = 1, 7, 8, 9, 10, 11, 12
DELETE_FAILED, CANCELED, LOST, SCALING, CHECK_FAILED, MOUNT_FAILED = 6, 13, 14, 15, 21, 22
UNKNOWN, UNLISTED = 0, 37

# A sentence: before, after, the event, and all that is true of the step.
STEPS: dict[str, tuple[int, int, Event | None, set[str]]] = {
    "queued → queued otherwise: only `all` hears of it": (INIT, WAITING, None, set()),
    "queued → running: people open it": (WAITING, RUNNING, Event.RUNNING, {"loud"}),
    "running → scaling: only `all` hears of it": (RUNNING, SCALING, None, set()),
    "scaling → running: it is ready again": (SCALING, RUNNING, Event.RUNNING, {"loud"}),
    "running → stopping: only `all` hears of it": (RUNNING, KILLING, None, set()),
    "running → an unlisted status: only `all` hears of it": (RUNNING, UNLISTED, None, set()),
    "running → the unknown status: only `all` hears of it": (RUNNING, UNKNOWN, None, set()),
    "stopping → stopped: an end": (KILLING, KILLED, Event.STOPPED, {"end", "loud"}),
    "queued → canceled: an end, told as stopped": (
        *(WAITING, CANCELED, Event.STOPPED),
        {"end", "loud"},
    ),
    "running → finished: an end": (RUNNING, COMPLETED, Event.FINISHED, {"end", "loud"}),
    "running → failed: an end and a failure": (
        *(RUNNING, FAILED, Event.FAILED),
        {"end", "failure", "loud"},
    ),
    "running → lost: counts as failed": (
        *(RUNNING, LOST, Event.FAILED),
        {"end", "failure", "loud"},
    ),
    "queued → a check that failed: a failure": (
        *(WAITING, CHECK_FAILED, Event.FAILED),
        {"end", "failure", "loud"},
    ),
    "queued → a mount that failed: a failure": (
        *(WAITING, MOUNT_FAILED, Event.FAILED),
        {"end", "failure", "loud"},
    ),
    "running → its deletion failed: a failure, but no end": (
        *(RUNNING, DELETE_FAILED, Event.FAILED),
        {"failure", "loud"},
    ),
    "running → gone: deleted too early is a failure": (
        *(RUNNING, NO_JOB, Event.DELETED),
        {"end", "failure", "loud"},
    ),
    "queued → gone: deleted too early is a failure": (
        *(WAITING, NO_JOB, Event.DELETED),
        {"end", "failure", "loud"},
    ),
    "finished → gone: deleted after its end is no failure": (
        *(COMPLETED, NO_JOB, Event.DELETED),
        {"end", "loud"},
    ),
    "failed → gone: deleted after its end is no failure": (
        *(FAILED, NO_JOB, Event.DELETED),
        {"end", "loud"},
    ),
    "stopped → queued: a restart": (
        *(KILLED, WAITING, Event.STARTED),
        {"restart", "follows restart"},
    ),
    "finished → scaling: a restart": (
        *(COMPLETED, SCALING, Event.STARTED),
        {"restart", "follows restart"},
    ),
    "failed → running: a restart whose queue no poll saw": (
        *(FAILED, RUNNING, Event.RUNNING),
        {"restart", "follows restart", "loud"},
    ),
    "finished → failed: a run that no poll saw, and its end": (
        *(COMPLETED, FAILED, Event.FAILED),
        {"end", "failure", "follows restart", "loud"},
    ),
    "running → running: a restart that no poll saw": (
        *(RUNNING, RUNNING, Event.RUNNING),
        {"restart", "loud"},
    ),
    "queued → queued, the same: a restart before it ever ran": (
        *(WAITING, WAITING, None),
        {"restart"},
    ),
    "failed → failed: it was restarted, and failed again": (
        *(FAILED, FAILED, Event.FAILED),
        {"end", "failure", "restart", "follows restart", "loud"},
    ),
    "finished → finished: it was restarted, and finished again": (
        *(COMPLETED, COMPLETED, Event.FINISHED),
        {"end", "restart", "follows restart", "loud"},
    ),
    "no job → queued: it is there (again)": (
        *(NO_JOB, WAITING, Event.STARTED),
        {"restart", "follows restart"},
    ),
    "no job → finished: it came and ended unseen": (
        *(NO_JOB, COMPLETED, Event.FINISHED),
        {"end", "follows restart", "loud"},
    ),
}


@pytest.mark.parametrize(("before", "after", "event", "truths"), STEPS.values(), ids=STEPS)
def test_a_step(before: int, after: int, event: Event | None, truths: set[str]) -> None:
    step = Step(before, after)

    assert step.event is event
    assert truths == {
        name
        for name, is_true in (
            ("end", step.ends),
            ("failure", step.is_failure),
            ("loud", step.calls_for_action),
            ("restart", step.is_restart),
            ("follows restart", step.follows_a_restart),
        )
        if is_true
    }


# A sentence: the step, and what people call the state before and after it.
WORDS = {
    "within a word of ours": (Step(INIT, WAITING), ("Queued", "Queued")),
    "scaling is running": (Step(RUNNING, SCALING), ("Running", "Running")),
    "both ways of stopping are stopped": (Step(KILLED, CANCELED), ("Stopped", "Stopped")),
    "one failure after the other": (Step(CHECK_FAILED, MOUNT_FAILED), ("Failed", "Failed")),
    "what nobody knows, twice": (Step(UNKNOWN, UNLISTED), ("Unknown", "Unknown")),
    "on the way from one to the next": (Step(RUNNING, KILLING), ("Running", "Stopping")),
    "what was lost has a word of its own": (Step(FAILED, LOST), ("Failed", "Lost")),
    "there was no such job": (Step(NO_JOB, WAITING), ("New", "Queued")),
    "there is no such job any more": (Step(COMPLETED, NO_JOB), ("Finished", "Deleted")),
}


@pytest.mark.parametrize(("step", "words"), WORDS.values(), ids=WORDS)
def test_the_words_of_a_step(step: Step, words: tuple[str, str]) -> None:
    assert step.words == words
    assert step.changes_word is (words[0] != words[1])


# A sentence: the step, and what a list of events may call it.
EVENTS = {
    "a step on the way has no name": (Step(INIT, WAITING), set()),
    "a restart in the queue": (Step(KILLED, WAITING), {Event.STARTED}),
    "a restart whose queue no poll saw": (Step(FAILED, RUNNING), {Event.RUNNING}),
    "another run, running": (Step(RUNNING, RUNNING), {Event.STARTED, Event.RUNNING}),
    "another run, queued": (Step(WAITING, WAITING), {Event.STARTED}),
    "another run, stopping": (Step(KILLING, KILLING), {Event.STARTED}),
    "another run, failed": (Step(FAILED, FAILED), {Event.STARTED, Event.FAILED}),
    "another run, of a status that nobody knows": (Step(UNLISTED, UNLISTED), {Event.STARTED}),
}


@pytest.mark.parametrize(("step", "events"), EVENTS.values(), ids=EVENTS)
def test_the_events_of_a_step(step: Step, events: set[Event]) -> None:
    assert step.events == events


def test_the_events_have_the_names_that_people_type() -> None:
    assert [event.value for event in Event] == [
        *("started", "running", "failed", "stopped", "finished", "deleted"),
        *("stuck", "cost", "link"),
    ]


def test_only_ends_and_no_job_at_all_are_ends() -> None:
    ended = [status for status in range(-1, 23) if is_ended_status(status)]

    assert ended == [NO_JOB, 3, 5, 10, 11, 12, 13, 14, 16, 17, 21, 22]
    assert NO_JOB == -1


HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
RAN, A_MOMENT = timedelta(hours=2, minutes=14), timedelta(milliseconds=1)

# A sentence: what is other in the second read, and whether that is a change.
READS: dict[str, tuple[dict[str, Any], bool]] = {
    "all is the same: unchanged": ({}, False),
    "it ran on: unchanged": ({"duration": 3 * HOUR}, False),
    "another name or link: unchanged": ({"name": "b", "service_url": ""}, False),
    "another status: changed": ({"status": 9}, True),
    "another status of the same word: changed": ({"status": 15}, True),
    "another status and shorter: changed, whatever else": (
        {"status": 9, "duration": MINUTE},
        True,
    ),
    "it ran for a shorter time: restarted": ({"duration": MINUTE}, True),
    "it has not run at all: restarted": ({"duration": 0 * SECOND}, True),
    "shorter by what rounding makes: unchanged": ({"duration": RAN - SECOND}, False),
    "shorter by more than rounding makes: restarted": (
        {"duration": RAN - SECOND - A_MOMENT},
        True,
    ),
    "it was created later: restarted": ({"created_at": CREATED + MINUTE}, True),
    "created later by what rounding makes: unchanged": ({"created_at": CREATED + SECOND}, False),
    "created later by more than rounding makes: restarted": (
        {"created_at": CREATED + SECOND + A_MOMENT},
        True,
    ),
    "created later, and it ran for longer: restarted": (
        {"created_at": CREATED + MINUTE, "duration": 3 * HOUR},
        True,
    ),
    "created at the same time, and it ran for a shorter time: restarted": (
        {"created_at": CREATED, "duration": HOUR},
        True,
    ),
    "it was created earlier: a slip, unchanged": ({"created_at": CREATED - MINUTE}, False),
    "its duration is not told: unchanged": ({"duration": None}, False),
    "its creation is not told: unchanged": ({"created_at": None}, False),
    "only its creation is told: restarted": (
        {"created_at": CREATED + MINUTE, "duration": None},
        True,
    ),
    "only its duration is told: restarted": ({"created_at": None, "duration": MINUTE}, True),
}


@pytest.mark.parametrize(("facts", "changed"), READS.values(), ids=READS)
def test_two_reads_side_by_side(facts: dict[str, Any], changed: bool) -> None:
    assert has_changed(a_job(), a_job(**facts)) is changed


def test_what_was_not_told_before_proves_no_restart() -> None:
    untold = a_job(duration=None, created_at=None)

    assert not has_changed(untold, a_job())


# A sentence: how long before what is known it was read.
AGES = {
    "read later: it counts": (timedelta(seconds=-1), False),
    "the same read: it counts": (timedelta(0), False),
    "a little earlier: it would tell it backwards": (timedelta(microseconds=1), True),
    "as old as a shared read can be: the same": (timedelta(seconds=14.9), True),
    "older than any shared read: another clock, it counts": (timedelta(seconds=15), False),
}


@pytest.mark.parametrize(("age", "outdated"), AGES.values(), ids=AGES)
def test_a_read_and_what_is_known(age: timedelta, outdated: bool) -> None:
    assert is_outdated(a_job(read_at=NOW - age), known_at=NOW) is outdated
