"""What a look at a running or waiting job tells, and when it is worth the next one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.care import GuardKind
from bot.core.change import NO_JOB, Event, Step
from bot.core.guard import (
    GUARDED_PHASES,
    GuardedRead,
    GuardRules,
    GuardState,
    Look,
    catch_up,
    look,
    marks_around,
    recipients_of,
)
from bot.core.job import JobStatus, Phase
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    PatternTarget,
    ProjectTarget,
    Subscription,
    SubscriptionState,
)
from tests.make import NOW, a_job
from tests.watch_fakes import HERE, a_subscription

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
RULES = GuardRules(hours=(8, 24), stuck_after=15 * MINUTE)
OFF = replace(RULES, hours=())
#: A job that was first seen running an hour ago, when it had run for an hour.
KNOWN = GuardState(running_since=NOW - HOUR, counted=HOUR, looked_at=NOW - HOUR)


def seen(
    hours: float | None = 2,
    status: int = 8,
    *,
    at: datetime = NOW,
    steps: Sequence[tuple[int, Step]] = (),
) -> GuardedRead:
    duration = None if hours is None else hours * HOUR
    return GuardedRead(status=JobStatus(status), duration=duration, seen_at=at, steps=steps)


def said(found: Look) -> list[tuple[str, int]]:
    return [(one.facts.kind.value, one.facts.hours) for one in found.notices]


def look_now(known: GuardState, sighting: GuardedRead, rules: GuardRules = RULES) -> Look:
    return look(known, sighting, rules, usual_wait=None)


@pytest.mark.parametrize(
    ("hours", "marks", "around"),
    [
        (0, (8, 24), (0, 8)),
        (7.99, (8, 24), (0, 8)),
        (8, (8, 24), (8, 24)),
        (23.9, (8, 24), (8, 24)),
        (24, (8, 24), (24, 48)),
        (47.9, (8, 24), (24, 48)),
        (100, (8, 24), (96, 120)),
        (7, (8,), (0, 8)),
        (31.9, (8,), (8, 32)),
        (32, (8,), (32, 56)),
        (1000, (1, 2, 500), (980, 1004)),
        (3, (1, 2, 500), (2, 500)),
        (500, (), (0, None)),
    ],
)
def test_after_the_last_mark_of_the_settings_each_day_is_one(
    hours: float, marks: tuple[int, ...], around: tuple[int, int | None]
) -> None:
    assert marks_around(hours * HOUR, marks) == around


@pytest.mark.parametrize(
    ("known", "sighting", "told"),
    [
        # once per mark and run, after downtime only the highest
        (KNOWN, seen(7.9), []),
        (KNOWN, seen(8), [("cost", 8)]),
        (KNOWN, seen(30), [("cost", 24)]),
        (KNOWN, seen(75), [("cost", 72)]),
        (replace(KNOWN, mark=8), seen(9), []),
        (replace(KNOWN, mark=8), seen(24.1), [("cost", 24)]),
        (replace(KNOWN, mark=24), seen(30), []),
        # a first look tells what was passed: who hears of it is a matter of subscriptions
        (GuardState(), seen(26), [("cost", 24)]),
        # a new run begins anew, whether its end was seen or not
        (replace(KNOWN, mark=24), seen(8.5, steps=[(4, Step(12, 8))]), [("cost", 8)]),
        (replace(KNOWN, mark=8), seen(8.5, steps=[(4, Step(8, 8))]), [("cost", 8)]),
        (replace(KNOWN, mark=8), seen(8.5, steps=[(3, Step(8, NO_JOB)), (4, Step(-1, 8))]),
         [("cost", 8)]),
        (replace(KNOWN, mark=8), seen(8.5, steps=[(3, Step(8, 9)), (4, Step(9, 8))]), []),
        (replace(KNOWN, mark=8), seen(8.5, steps=[(3, Step(8, 15))], status=15), []),
        # under a lease nothing is told; at its end that alone is
        (replace(KNOWN, kept_until=NOW + SECOND), seen(9), []),
        (replace(KNOWN, kept_until=NOW), seen(9), [("lease_over", 9)]),
        (replace(KNOWN, kept_until=NOW - 3 * HOUR), seen(26), [("lease_over", 26)]),
        (replace(KNOWN, kept_until=NOW - HOUR), seen(3), [("lease_over", 3)]),
        # one that there is after a restart was said of the run that goes on
        (replace(KNOWN, kept_until=NOW + HOUR), seen(9, steps=[(4, Step(12, 8))]), []),
    ],
)  # fmt: skip
def test_each_mark_and_the_end_of_a_lease_are_told_once(
    known: GuardState, sighting: GuardedRead, told: list[tuple[str, int]]
) -> None:
    found = look_now(known, sighting)

    assert said(found) == told
    assert said(look_now(found.after, replace(sighting, steps=()))) == []
    assert said(look_now(known, sighting, OFF)) == []


LATER = NOW - HOUR
STARTED = replace(KNOWN, run=2, mark=8, wait=1, waiting_since=LATER, is_stuck_told=True)


@pytest.mark.parametrize(
    ("known", "sighting", "after"),
    [
        # a first look at what runs begins to count there, as of the cloud's own count
        (GuardState(), seen(2), GuardState(running_since=NOW, counted=2 * HOUR)),
        # what runs on is counted from where it was first seen
        (KNOWN, seen(3), KNOWN),
        # what runs waits no longer, and was told of no wait
        (STARTED, seen(3), replace(STARTED, waiting_since=None, is_stuck_told=False)),
        # another run: its own sequence, count and marks; it began to wait anew, too
        (STARTED, seen(0, 7, steps=[(5, Step(12, 7))]),
         replace(STARTED, run=5, running_since=None, counted=None, mark=0, wait=5,
                 waiting_since=NOW, is_stuck_told=False)),
        # a job that came back has another run, whatever it does now
        (STARTED, seen(0, 7, steps=[(6, Step(NO_JOB, 7))]),
         replace(STARTED, run=6, running_since=None, counted=None, mark=0, wait=6,
                 waiting_since=NOW, is_stuck_told=False)),
        # a lease that there is now was said of the run that began
        (replace(KNOWN, kept_until=NOW + SECOND), seen(0, 7, steps=[(5, Step(12, 7))]),
         GuardState(run=5, wait=5, waiting_since=NOW, looked_at=LATER, kept_until=NOW + SECOND)),
    ],
)  # fmt: skip
def test_what_changed_since_the_last_look_is_made_up_for(
    known: GuardState, sighting: GuardedRead, after: GuardState
) -> None:
    assert catch_up(known, sighting) == after
    assert look_now(known, sighting).after.looked_at == NOW


def test_what_runs_and_what_waits_is_guarded() -> None:
    assert {Phase.RUNNING, Phase.QUEUED, Phase.STOPPING} == GUARDED_PHASES
    assert (GuardState().run, GuardState().mark, GuardState().wait) == (0, 0, 0)


def test_a_lease_that_is_given_up_lets_the_highest_mark_be_told() -> None:
    kept = look_now(replace(KNOWN, kept_until=NOW + HOUR), seen(26)).after

    assert said(look_now(replace(kept, kept_until=None), seen(26))) == [("cost", 24)]


def test_marks_that_passed_under_a_lease_are_not_told_after_its_end() -> None:
    ended = look_now(replace(KNOWN, kept_until=NOW), seen(9)).after

    assert ended.kept_until is None
    assert said(look_now(ended, seen(10, at=NOW + HOUR))) == []
    assert said(look_now(ended, seen(24, at=NOW + 15 * HOUR))) == [("cost", 24)]


@pytest.mark.parametrize(
    ("known", "sighting", "length", "is_at_least"),
    [
        (KNOWN, seen(9), 9, False),
        # more than we saw: the cloud may count faster than our clock, or was not asked for long
        (KNOWN, seen(30), 30, False),
        # rounding and a late count are no standstill
        (replace(KNOWN, running_since=NOW - 9 * HOUR, counted=0 * HOUR), seen(8.9), 8.9, False),
        (
            replace(KNOWN, running_since=NOW - 9 * HOUR - 10 * MINUTE, counted=0 * HOUR),
            seen(9),
            9,
            False,
        ),
        (replace(KNOWN, running_since=NOW - 9 * HOUR, counted=None), seen(8.9), 8.9, False),
        # later than any rounding
        (replace(KNOWN, running_since=NOW - 9.175 * HOUR, counted=0 * HOUR), seen(9), 9.175, True),
        # so much of it had been counted before we saw it run
        (replace(KNOWN, running_since=NOW - 9 * HOUR), seen(9), 9, True),
        # it stands still, goes too slowly, or is not there
        (replace(KNOWN, running_since=NOW - 9 * HOUR), seen(1), 9, True),
        (replace(KNOWN, running_since=NOW - 9 * HOUR), seen(5), 9, True),
        (replace(KNOWN, running_since=NOW - 9 * HOUR), seen(None), 9, True),
        (replace(KNOWN, running_since=NOW - 9 * HOUR, counted=None), seen(None), 9, True),
    ],
)
def test_a_count_that_stands_still_is_replaced_by_what_was_seen(
    known: GuardState, sighting: GuardedRead, length: float, is_at_least: bool
) -> None:
    [notice] = look_now(known, sighting).notices

    assert notice.facts.length == length * HOUR
    assert notice.facts.is_at_least == is_at_least


def test_the_next_look_comes_with_the_next_mark_by_our_clock_or_by_the_clouds() -> None:
    near, far = look_now(KNOWN, seen(7.5)), look_now(KNOWN, seen(2))

    assert (near.look_at, near.look_past) == (NOW + HOUR / 2, 8 * HOUR)
    assert (far.look_at, far.look_past) == (NOW + HOUR, 8 * HOUR)
    still = look_now(replace(KNOWN, running_since=NOW - 7.8 * HOUR), seen(1))
    assert (still.look_at, still.look_past) == (NOW + 0.2 * HOUR, None)
    kept = look_now(replace(KNOWN, kept_until=NOW + 5 * MINUTE), seen(9))
    assert (kept.look_at, kept.look_past) == (NOW + 5 * MINUTE, None)
    assert look_now(KNOWN, seen(9), OFF).look_at == NOW + HOUR


WAITING = GuardState(waiting_since=NOW - 20 * MINUTE, looked_at=NOW - MINUTE)


@pytest.mark.parametrize(
    ("known", "sighting", "usual", "told"),
    [
        (WAITING, seen(0, 7), None, [("stuck", 0)]),
        (WAITING, seen(0, 9), None, [("stuck", 0)]),
        (replace(WAITING, waiting_since=NOW - 15 * MINUTE), seen(0, 7), None, []),
        (replace(WAITING, waiting_since=NOW - 3 * HOUR), seen(0, 7), None, [("stuck", 3)]),
        # the project's own times
        (WAITING, seen(0, 7), 20 * MINUTE, []),
        (WAITING, seen(0, 7), 19 * MINUTE, [("stuck", 0)]),
        (WAITING, seen(0, 7), 0 * MINUTE, [("stuck", 0)]),
        # once per wait; another status of the same phase is the same wait
        (replace(WAITING, is_stuck_told=True), seen(0, 7), None, []),
        (WAITING, seen(0, 4, steps=[(3, Step(7, 4))]), None, [("stuck", 0)]),
        (replace(WAITING, is_stuck_told=True), seen(0, 4, steps=[(3, Step(7, 4))]), None, []),
        # another one has only begun
        (WAITING, seen(0, 9, steps=[(3, Step(7, 9))]), None, []),
        (WAITING, seen(0, 7, steps=[(3, Step(7, 7))]), None, []),
        (WAITING, seen(0, 7, steps=[(3, Step(7, 8)), (4, Step(8, 7))]), None, []),
        (WAITING, seen(0, 7, steps=[(3, Step(7, 37)), (4, Step(37, 7))]), None, []),
        (GuardState(), seen(9, 7), None, []),
        # what runs does not wait
        (WAITING, seen(1, steps=[(3, Step(7, 8))]), None, []),
    ],
)
def test_who_waits_longer_than_usual_is_stuck_once_per_wait(
    known: GuardState, sighting: GuardedRead, usual: timedelta | None, told: list[tuple[str, int]]
) -> None:
    found = look(known, sighting, RULES, usual_wait=usual)

    assert said(found) == told
    assert said(look(found.after, replace(sighting, steps=()), RULES, usual_wait=usual)) == []


def test_each_wait_is_told_under_a_key_of_its_own() -> None:
    steps = [(3, Step(7, 8)), (4, Step(8, 7))]
    [first] = look_now(WAITING, seen(0, 7)).notices
    again = look_now(WAITING, seen(0, 7, steps=steps)).after
    [second] = look_now(again, seen(0, 7, at=NOW + HOUR)).notices

    assert first.key != second.key
    assert look_now(GuardState(), seen(0, 7, steps=steps)).after.wait == again.wait


def test_a_notice_has_the_key_under_which_it_was_told_last_year() -> None:
    ran = replace(KNOWN, run=4)
    [mark] = look_now(ran, seen(30)).notices
    [over] = look_now(replace(ran, kept_until=NOW), seen(9)).notices
    [stuck] = look_now(replace(WAITING, wait=3), seen(0, 7)).notices

    assert mark.key == "run 4/cost 24"
    assert over.key == f"run 4/lease {NOW.timestamp():.3f}"
    assert stuck.key == "wait 3/stuck"


@pytest.mark.parametrize(("usual", "since"), [(None, 15 * MINUTE), (19 * MINUTE, 19 * MINUTE)])
def test_who_is_stuck_is_so_since_the_usual_wait_was_over(
    usual: timedelta | None, since: timedelta
) -> None:
    [stuck] = look(WAITING, seen(0, 7), RULES, usual_wait=usual).notices

    assert stuck.facts.usual == usual
    assert stuck.since == NOW - 20 * MINUTE + since


def test_what_waits_is_looked_at_when_it_will_be_stuck_and_each_minute_until_then() -> None:
    fresh = replace(WAITING, waiting_since=NOW)
    late = replace(WAITING, waiting_since=NOW - 15 * MINUTE + 2 * SECOND)
    nearly = replace(WAITING, waiting_since=NOW - 15 * MINUTE + SECOND / 2)

    assert look_now(fresh, seen(0, 7)).look_at == NOW + MINUTE
    assert look_now(late, seen(0, 7)).look_at == NOW + 2 * SECOND
    assert look_now(nearly, seen(0, 7)).look_at == NOW + SECOND
    assert look_now(replace(WAITING, is_stuck_told=True), seen(0, 7)).look_at is None


A_MARK = look_now(KNOWN, seen(9)).notices[0]
STUCK = look_now(WAITING, seen(0, 7)).notices[0]


@pytest.mark.parametrize(
    ("subscription", "hears_of_cost", "hears_of_stuck"),
    [
        (a_subscription(), True, True),
        (a_subscription(event_filter=EventFilter("changes")), True, True),
        (a_subscription(event_filter=EventFilter("failures")), True, True),
        (a_subscription(event_filter=EventFilter("running,failed")), False, False),
        (a_subscription(event_filter=EventFilter("failed,cost")), True, False),
        (a_subscription(event_filter=EventFilter("stuck")), False, True),
        (a_subscription(ProjectTarget()), True, True),
        (a_subscription(PatternTarget("flowers*")), True, True),
        (a_subscription(PatternTarget("resnet*")), False, False),
        (a_subscription(state=SubscriptionState.PENDING), True, True),
        (a_subscription(state=SubscriptionState.ENDED, ended_at=NOW), False, False),
        (a_subscription(until=NOW), False, False),
    ],
)
def test_places_hear_whose_subscriptions_cover_the_job_and_want_it(
    subscription: Subscription, hears_of_cost: bool, hears_of_stuck: bool
) -> None:
    subscription = replace(subscription, created_at=NOW - 10 * HOUR)

    for notice, hears in ((A_MARK, hears_of_cost), (STUCK, hears_of_stuck)):
        told = recipients_of(notice, a_job(), [subscription], looked_at=None, now=NOW)
        assert bool(told) == hears


@pytest.mark.parametrize(
    ("created_at", "looked_at", "shown_at", "hears"),
    [
        (NOW - HOUR, None, None, True),
        (NOW - HOUR + SECOND, None, None, False),
        # the cloud may count faster than our clock: what the last look did not see came after it
        (NOW - HOUR / 2, NOW - HOUR / 2, None, True),
        (NOW - SECOND, NOW - HOUR / 2, None, True),
        # and what somebody's own first read showed, the answers have said from then on
        (NOW - HOUR / 2 - SECOND, NOW - HOUR, NOW - HOUR / 2, True),
        (NOW - HOUR / 2, NOW - HOUR, NOW - HOUR / 2, False),
        (NOW - SECOND, NOW - HOUR, NOW - HOUR / 2, False),
    ],
)
def test_a_mark_that_passed_before_a_subscription_began_is_no_news_to_it(
    created_at: datetime, looked_at: datetime | None, shown_at: datetime | None, hears: bool
) -> None:
    assert A_MARK.since == NOW - HOUR
    here = a_subscription(created_at=created_at)

    told = recipients_of(A_MARK, a_job(), [here], looked_at=looked_at, shown_at=shown_at, now=NOW)

    assert bool(told) == hears


def test_a_place_hears_once_in_the_mode_of_the_subscription_to_the_job() -> None:
    early = NOW - 10 * HOUR
    both = [
        a_subscription(ProjectTarget(), delivery_mode=DeliveryMode.CHANNEL, created_at=early),
        a_subscription(delivery_mode=DeliveryMode.CARD, created_at=early),
    ]

    [told] = recipients_of(A_MARK, a_job(), both, looked_at=None, now=NOW)

    assert (told.place, told.delivery_mode) == (HERE, DeliveryMode.CARD)


def test_the_end_of_a_lease_is_news_of_cost() -> None:
    [over] = look_now(replace(KNOWN, kept_until=NOW), seen(9)).notices

    assert (over.facts.kind, over.event, STUCK.event) == (
        GuardKind.LEASE_OVER,
        Event.COST,
        Event.STUCK,
    )
