"""What somebody asked for stands on the card for as long as it is about what is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.acting import TERMINAL, JobAction, RequestedAction
from bot.core.cards.jobs.asked import asked_sentence, stopped_sentence
from bot.core.change import NO_JOB
from tests.make import ANA, NOW, a_change, a_job

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
STOP, RESTART = JobAction.STOP, JobAction.RESTART

#: What was asked for, the state, what it changed from and how long after the asking that was seen
#: (None: no change was ever seen), how long after the asking it was read, and whether it shows.
CASES: dict[str, tuple[JobAction, int, tuple[int, timedelta] | None, timedelta, bool]] = {
    "a stop, and it runs on for now": (STOP, 8, None, SECOND, True),
    "a stop in the queue": (STOP, 7, (1, -MINUTE), SECOND, True),
    "a stop of a run that began before": (STOP, 8, (7, -MINUTE), SECOND, True),
    "a stop, and it stops": (STOP, 9, (8, SECOND), SECOND, True),
    "a stop, seen by a clock that is behind": (STOP, 9, (8, -4 * SECOND), SECOND, True),
    "a stop, and it has stopped": (STOP, 12, (9, MINUTE), MINUTE, False),
    "a stop, and it was restarted": (STOP, 8, (7, MINUTE), MINUTE, False),
    "a stop that nothing came of": (STOP, 8, None, 11 * MINUTE, False),
    "a stop of long ago, and it stops today": (STOP, 9, (8, 60 * MINUTE), 60 * MINUTE, False),
    "a restart, and nothing is seen for now": (RESTART, 12, (9, -MINUTE), SECOND, True),
    "a restart, and it is queued": (RESTART, 7, (12, SECOND), SECOND, True),
    "a restart, and it runs": (RESTART, 8, (7, MINUTE), MINUTE, False),
    "a restart, and it failed again": (RESTART, 11, (7, MINUTE), MINUTE, False),
    "a restart that nothing came of": (RESTART, 12, (9, -MINUTE), 11 * MINUTE, False),
}


@pytest.mark.parametrize("case", CASES)
def test_it_shows_until_it_is_over(case: str) -> None:
    action, status, changed, read_after, shows = CASES[case]
    job = a_job(status=status, read_at=NOW + read_after)
    change = None
    if changed is not None:
        change = replace(a_change(changed[0], status), job=job, seen_at=NOW + changed[1])

    said = asked_sentence(job, change, RequestedAction(action=action, by=ANA, at=NOW))

    assert (said is not None) == shows
    if said is not None:
        assert str(said).startswith("Stopping" if action is STOP else "Restarting")


ENDS = {
    "it stopped soon after": (STOP, 12, MINUTE, True),
    "it was canceled soon after": (STOP, 13, MINUTE, True),
    "by a clock that is behind": (STOP, 12, -4 * SECOND, True),
    "it stopped the day after": (STOP, 12, 1440 * MINUTE, False),
    "it had stopped before": (STOP, 12, -MINUTE, False),
    "it failed instead": (STOP, 11, MINUTE, False),
    "it still stops": (STOP, 9, MINUTE, False),
    "a restart stops nothing": (RESTART, 12, MINUTE, False),
}


@pytest.mark.parametrize("case", ENDS)
def test_who_stopped_a_job_stays_on_its_card(case: str) -> None:
    action, status, later, shows = ENDS[case]
    job = a_job(status=status)
    change = replace(a_change(9, status), job=job, seen_at=NOW + later)

    said = stopped_sentence(job, change, RequestedAction(action=action, by=ANA, at=NOW))

    assert (said is not None) == shows
    assert said is None or str(said).startswith("Stopped, asked by somebody at ")


def test_what_the_cloud_did_not_clearly_take_shows_when_it_is_seen() -> None:
    asked = RequestedAction(action=STOP, by=ANA, at=NOW, is_accepted=False)

    assert asked_sentence(a_job(status=8), None, asked) is None
    assert asked_sentence(a_job(status=9), a_change(8, 9), asked) is not None


def test_who_asked_from_a_terminal_is_named_as_such() -> None:
    asked = RequestedAction(action=STOP, by=f"{TERMINAL}root", at=NOW)

    assert "asked by terminal:root at 14:17 UTC" in str(asked_sentence(a_job(), None, asked))


def test_without_anybody_nothing_is_said() -> None:
    assert asked_sentence(a_job(), None, None) is None
    assert asked_sentence(a_job(status=9), a_change(8, NO_JOB), None) is None
