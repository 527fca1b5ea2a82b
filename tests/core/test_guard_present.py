"""A notice that was held says what is true when it is let go."""

from datetime import timedelta

import pytest

from bot.core.care import GuardKind
from bot.core.change import Step
from bot.core.delivery import GuardFacts
from bot.core.guard_present import Since, present_facts
from tests.make import NOW, a_job

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
COST, OVER, STUCK = GuardKind.COST, GuardKind.LEASE_OVER, GuardKind.STUCK
Steps = list[tuple[int, int]]

# A sentence: what it is about, the steps since, and whether that is over.
ENDS: dict[str, tuple[GuardKind, Steps, bool]] = {
    "nothing has changed": (COST, [], False),
    "it is scaled, and runs": (COST, [(8, 15), (15, 8)], False),
    "it is stopping": (COST, [(8, 9)], False),
    "it has stopped": (COST, [(8, 9), (9, 12)], True),
    "it failed and was restarted": (COST, [(8, 11), (11, 7), (7, 8)], True),
    "no poll saw it restart": (OVER, [(8, 8)], True),
    "it was deleted": (OVER, [(8, -1)], True),
    "it cannot be seen for a while": (OVER, [(8, 0), (0, 8)], False),
    "it waits in another queue": (STUCK, [(1, 7), (7, 4)], False),
    "it runs at last": (STUCK, [(7, 8)], True),
    "it ran, and waits again": (STUCK, [(7, 8), (8, 12), (12, 7)], True),
}


@pytest.mark.parametrize(("kind", "steps", "is_over"), ENDS.values(), ids=ENDS)
def test_what_a_notice_tells_of_comes_to_an_end(
    kind: GuardKind, steps: Steps, is_over: bool
) -> None:
    seen = [(Step(*step), NOW + number * MINUTE) for number, step in enumerate(steps)]

    at = Since(enqueued_at=NOW - HOUR, steps=seen).over_at(kind)

    assert (at is not None) is is_over


AT_LEAST = GuardFacts(kind=COST, hours=8, length=8 * HOUR, is_at_least=True)
# A sentence: what it is about, what the cloud counts now, the steps since, and what is told.
LENGTHS: dict[str, tuple[GuardFacts, timedelta | None, Steps, timedelta]] = {
    "it ran on through the night": (
        GuardFacts(kind=COST, hours=8, length=8 * HOUR), 16 * HOUR, [], 16 * HOUR,
    ),
    "it ran on for a while, and ended": (
        GuardFacts(kind=COST, hours=8, length=8 * HOUR), 11 * HOUR, [(8, 12)], 11 * HOUR,
    ),
    "another run is counted by now": (
        GuardFacts(kind=COST, hours=8, length=8 * HOUR), 9 * HOUR, [(8, 12), (12, 8)], 8 * HOUR,
    ),
    "the cloud counts no more": (
        GuardFacts(kind=OVER, hours=8, length=8 * HOUR), None, [], 17 * HOUR,
    ),
    "the cloud's count stands still": (
        AT_LEAST, HOUR, [], 17 * HOUR,
    ),
    "its count stood still, and the job has ended": (
        AT_LEAST, HOUR, [(8, 12)], 8 * HOUR,
    ),
    "it still waits": (
        GuardFacts(kind=STUCK, hours=0, length=16 * MINUTE), HOUR, [], 9 * HOUR + 16 * MINUTE,
    ),
    "it waits no more": (
        GuardFacts(kind=STUCK, hours=0, length=16 * MINUTE), HOUR, [(7, 8)], 16 * MINUTE,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "counted", "steps", "told"), LENGTHS.values(), ids=LENGTHS)
def test_hours_go_on_while_a_notice_is_held(
    facts: GuardFacts, counted: timedelta | None, steps: Steps, told: timedelta
) -> None:
    since = Since(enqueued_at=NOW - 9 * HOUR, steps=[(Step(*step), NOW) for step in steps])

    present = present_facts(facts, a_job(duration=counted, read_at=NOW), since)

    assert present.length == told
    assert (present.kind, present.hours) == (facts.kind, facts.hours)
