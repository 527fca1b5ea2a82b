"""Who hears of a change, which subscriptions it ends or revives, and how loudly it is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.audience import (
    FLAPPING_CHANGES,
    FLAPPING_SPAN,
    LIVE_STATES,
    MOST_GROUPED,
    REVIVAL,
    Recipient,
    can_revive,
    grouped_with,
    is_flapping,
    is_live,
    is_offered_less,
    may_hear,
    most_visible,
    recipients,
    settle,
    shows_in_channel,
    split,
    unwanted,
)
from bot.core.change import NO_JOB, StatusChange, Step
from bot.core.job import JobId
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    JobTarget,
    PatternTarget,
    ProjectTarget,
    Subscription,
    SubscriptionState,
)
from tests.make import NOW, a_change, a_job
from tests.watch_fakes import HERE, a_subscription

CARD, THREAD, CHANNEL = DeliveryMode.CARD, DeliveryMode.THREAD, DeliveryMode.CHANNEL
ACTIVE, PENDING, ENDED = (*LIVE_STATES, SubscriptionState.ENDED)
THERE = replace(HERE, channel_id="C0GENERAL1")
TICK = timedelta(microseconds=1)

OWN, OTHER = JobTarget(JobId(205)), JobTarget(JobId(206))
PATTERN, PROJECT = PatternTarget("flowers*"), ProjectTarget()


def own(mode: DeliveryMode = THREAD, **facts: Any) -> Subscription:
    """To the job itself; `facts` replace single fields."""
    return a_subscription(OWN, delivery_mode=mode, **facts)


def wide(mode: DeliveryMode = THREAD, **facts: Any) -> Subscription:
    """To a pattern that covers the job."""
    return a_subscription(PATTERN, delivery_mode=mode, **facts)


def ended(ago: timedelta, **facts: Any) -> Subscription:
    """To the job itself, ended with it so long ago."""
    return own(state=ENDED, ended_at=NOW - ago, **facts)


def changed(before: int, after: int) -> StatusChange:
    """One move of job 205."""
    return a_change(before, after)


RUNS, FINISHES, RESTARTS, ENDS_UNSEEN = (7, 8), (8, 10), (10, 7), (10, 11)
# Another run in the same status.
RUNS_ANEW, FAILS_ANEW = (8, 8), (11, 11)
FAILURES = EventFilter("failures")

# A sentence: the step, the subscriptions, and who hears of it in which delivery mode.
HEARD: dict[str, tuple[tuple[int, int], list[Subscription], list[tuple[str, DeliveryMode]]]] = {
    "nobody has subscribed: nobody hears": (RUNS, [], []),
    "a place hears as its subscription says": (RUNS, [own(CARD)], [("here", CARD)]),
    "another job's subscription hears nothing": (RUNS, [a_subscription(OTHER)], []),
    "a pattern hears of the jobs that it covers": (RUNS, [wide()], [("here", THREAD)]),
    "the project hears of every job": (RUNS, [a_subscription(PROJECT)], [("here", THREAD)]),
    "each place hears for itself": (
        *(RUNS, [own(CARD), own(CHANNEL, place=THERE)]),
        [("here", CARD), ("there", CHANNEL)],
    ),
    "a place hears once, as the subscription to the job itself says": (
        *(RUNS, [own(CARD), wide(CHANNEL)]),
        [("here", CARD)],
    ),
    "the same, whichever comes first": (
        *(RUNS, [wide(CHANNEL), own(CARD)]),
        [("here", CARD)],
    ),
    "of several patterns the loudest decides": (
        *(RUNS, [wide(THREAD), wide(CARD), a_subscription(PROJECT, delivery_mode=CHANNEL)]),
        [("here", CHANNEL)],
    ),
    "a thread is louder than a card": (RUNS, [wide(CARD), wide(THREAD)], [("here", THREAD)]),
    "an unwanted change is not told": (FINISHES, [own(event_filter=FAILURES)], []),
    "who does not want it leaves it to who does": (
        *(FINISHES, [own(event_filter=FAILURES), wide(CHANNEL)]),
        [("here", CHANNEL)],
    ),
    "what waits for its first read hears nothing": (RUNS, [own(state=PENDING)], []),
    "until its end it hears": (RUNS, [own(until=NOW + TICK)], [("here", THREAD)]),
    "at its end it hears nothing any more": (RUNS, [own(until=NOW)], []),
    "an ended one hears nothing of a job that goes on": (RUNS, [ended(TICK)], []),
    "an ended one hears of the restart": (RESTARTS, [ended(REVIVAL)], [("here", THREAD)]),
    "an ended one hears of a run that no poll saw": (
        *(ENDS_UNSEEN, [ended(REVIVAL)]),
        [("here", THREAD)],
    ),
    "one that is active hears of another run": (RUNS_ANEW, [own()], [("here", THREAD)]),
    "an ended one hears of another run that failed as well": (
        *(FAILS_ANEW, [ended(REVIVAL, event_filter=FAILURES)]),
        [("here", THREAD)],
    ),
    "more than a day after the end it stays ended": (RESTARTS, [ended(REVIVAL + TICK)], []),
    "an ended one whose time is over stays ended": (RESTARTS, [ended(TICK, until=NOW)], []),
    "an ended one of another job stays ended": (
        *(RESTARTS, [a_subscription(OTHER, state=ENDED, ended_at=NOW)]),
        [],
    ),
}


@pytest.mark.parametrize(("step", "subscriptions", "heard"), HEARD.values(), ids=HEARD)
def test_who_hears(
    step: tuple[int, int],
    subscriptions: list[Subscription],
    heard: list[tuple[str, DeliveryMode]],
) -> None:
    places = {"here": HERE, "there": THERE}

    assert recipients(changed(*step), subscriptions, NOW) == tuple(
        Recipient(place=places[name], delivery_mode=mode) for name, mode in heard
    )


LONG_AGO = timedelta(hours=1)

# A sentence: the step, the subscription, and its new state, if it has one.
SETTLED: dict[str, tuple[tuple[int, int], Subscription, SubscriptionState | None]] = {
    "a subscription goes on with its job": (RUNS, own(), None),
    "it ends with its job": (FINISHES, own(), ENDED),
    "it ends when its job is deleted": ((8, NO_JOB), own(), ENDED),
    "it ends with its job also where it did not want to hear": (
        *(FINISHES, own(event_filter=FAILURES)),
        ENDED,
    ),
    "one that waits for a first read does not end": (FINISHES, own(state=PENDING), None),
    "a pattern outlives its jobs": (FINISHES, wide(), None),
    "the project outlives its jobs": (FINISHES, a_subscription(PROJECT), None),
    "another job's does not end": (FINISHES, a_subscription(OTHER), None),
    "what ended comes back with the restart": (RESTARTS, ended(REVIVAL), ACTIVE),
    "it does not come back more than a day later": (RESTARTS, ended(REVIVAL + TICK), None),
    "it does not come back when its time is over": (RESTARTS, ended(LONG_AGO, until=NOW), None),
    "it comes back while there is time": (RESTARTS, ended(LONG_AGO, until=NOW + TICK), ACTIVE),
    "what ended does not end again": (FINISHES, ended(LONG_AGO), None),
    "a run that no poll saw prolongs the day": (ENDS_UNSEEN, ended(LONG_AGO), ENDED),
    "another run that ended the same prolongs the day": (FAILS_ANEW, ended(LONG_AGO), ENDED),
    "one that is active stays so through another run": (RUNS_ANEW, own(), None),
    "one that is active stays so through a restart": (RESTARTS, own(), None),
    "the deletion of what ended revives nothing": ((10, NO_JOB), ended(LONG_AGO), None),
}


@pytest.mark.parametrize(("step", "before", "state"), SETTLED.values(), ids=SETTLED)
def test_what_a_change_does_to_a_subscription(
    step: tuple[int, int], before: Subscription, state: SubscriptionState | None
) -> None:
    ended_at = NOW if state is ENDED else None
    after = [] if state is None else [replace(before, state=state, ended_at=ended_at)]

    assert list(settle([before], changed(*step), NOW)) == after


# A sentence: the subscription, and whether it is live, can revive, may still hear.
STATES: dict[str, tuple[Subscription, tuple[bool, bool, bool]]] = {
    "an active one is live": (own(), (True, False, True)),
    "one that waits for a first read is live": (own(state=PENDING), (True, False, True)),
    "one whose time is over hears nothing more": (own(until=NOW), (True, False, False)),
    "one with time left may hear": (own(until=NOW + TICK), (True, False, True)),
    "one that ended within a day can revive": (ended(REVIVAL), (False, True, True)),
    "one that ended before cannot": (ended(REVIVAL + TICK), (False, False, False)),
    "one that ended and whose time is over cannot": (
        ended(TICK, until=NOW),
        (False, False, False),
    ),
    "one that ended, nobody knows when, cannot": (own(state=ENDED), (False, False, False)),
    "an active one that has ended before need not revive": (
        own(ended_at=NOW),
        (True, False, True),
    ),
}


@pytest.mark.parametrize(("one", "truths"), STATES.values(), ids=STATES)
def test_how_a_subscription_stands(one: Subscription, truths: tuple[bool, bool, bool]) -> None:
    assert (is_live(one), can_revive(one, NOW), may_hear(one, NOW)) == truths


# A sentence: the subscriptions, and which of 205 (flowers-tb) and 206 (roses) are polled for them.
POLLED: dict[str, tuple[list[Subscription], list[int]]] = {
    "without a subscription nothing is polled": ([], []),
    "a job with a subscription is polled": ([own()], [205]),
    "also one that waits for its first read": ([own(state=PENDING)], [205]),
    "a pattern has polled what it covers": ([wide()], [205]),
    "the project has all of it polled": ([a_subscription(PROJECT)], [205, 206]),
    "what may be restarted is polled for a day": ([ended(REVIVAL)], [205]),
    "and then no more": ([ended(REVIVAL + TICK)], []),
    "an ended pattern has nothing polled": ([wide(state=ENDED, until=NOW, ended_at=NOW)], []),
    "each is polled that anybody wants": ([a_subscription(OTHER), wide()], [205, 206]),
}


@pytest.mark.parametrize(("subscriptions", "polled"), POLLED.values(), ids=POLLED)
def test_what_is_polled(subscriptions: list[Subscription], polled: list[int]) -> None:
    jobs = [a_job(205), a_job(206, name="roses")]

    assert [number for number in (205, 206) if number not in polled] == list(
        unwanted(jobs, subscriptions, NOW)
    )


# A sentence: the delivery mode, the steps of the message, and whether the channel sees it.
LOUD: dict[str, tuple[DeliveryMode, list[Step], bool]] = {
    "a step on the way stays in the thread": (THREAD, [Step(1, 7)], False),
    "what people act on is shown in the channel": (THREAD, [Step(7, 8)], True),
    "who chose the channel sees each step there": (CHANNEL, [Step(1, 7)], True),
    "of a group one loud step is enough": (THREAD, [Step(1, 7), Step(7, 8)], True),
    "a message without a step stays in the thread": (THREAD, [], False),
}


@pytest.mark.parametrize(("mode", "steps", "loud"), LOUD.values(), ids=LOUD)
def test_what_is_shown_in_the_channel(mode: DeliveryMode, steps: list[Step], loud: bool) -> None:
    assert shows_in_channel(mode, steps) is loud


def test_the_loudest_delivery_mode_wins() -> None:
    assert most_visible([CARD]) is CARD
    assert most_visible([THREAD, CARD]) is THREAD
    assert most_visible([CARD, CHANNEL, THREAD]) is CHANNEL


# A sentence: how long ago the change six before was seen, and whether the job is flapping.
FLAPPING = {
    "a job with fewer changes is not": (None, False),
    "seven changes in less than ten minutes are too many": (timedelta(minutes=10) - TICK, True),
    "seven in ten minutes are not": (timedelta(minutes=10), False),
}


@pytest.mark.parametrize(("ago", "flapping"), FLAPPING.values(), ids=FLAPPING)
def test_a_job_that_flaps(ago: timedelta | None, flapping: bool) -> None:
    change = changed(*RUNS)
    earlier_at = None if ago is None else change.seen_at - ago

    assert is_flapping(change, earlier_at=earlier_at) is flapping


# A sentence: the notices in the span, whether it was offered, and whether it is.
OFFERS = {
    "six notices are not too many": (6, False, False),
    "with the seventh a place is offered less": (7, False, True),
    "it is offered once": (7, True, False),
    "a place that heard little is not asked": (0, False, False),
}


@pytest.mark.parametrize(("notices", "was", "offered"), OFFERS.values(), ids=OFFERS)
def test_a_place_is_offered_less(notices: int, was: bool, offered: bool) -> None:
    assert is_offered_less(notices=notices, was_offered=was) is offered


ALL, FAILURES = EventFilter("all"), EventFilter("failures")
SWEEPING = a_subscription(PROJECT, event_filter=ALL)
FAILING = a_subscription(PROJECT, event_filter=FAILURES)
NARROW = a_subscription(PatternTarget("job-[12]"), event_filter=ALL)
#: A sentence: how many changes of each job waited, what the place follows beside single jobs, and
#: the jobs that come grouped with the first.
GROUPINGS: dict[str, tuple[dict[int, int], list[Subscription], set[int]]] = {
    "three of a job come singly": ({1: 3}, [], set()),
    "more than three of a job come grouped": ({1: 4}, [], {1}),
    "three of a job among ten come singly": ({1: 3, 2: 4, 3: 3}, [], set()),
    "four of a job among ten are grouped alone": ({1: 4, 2: 6}, [], {1}),
    "more than ten of a place come grouped": ({1: 1, 2: 10}, [], {1, 2}),
    "three jobs of a project come singly": ({1: 1, 2: 1, 3: 1}, [SWEEPING], set()),
    "four jobs of a project come grouped": ({1: 1, 2: 1, 3: 1, 4: 1}, [SWEEPING], {1, 2, 3, 4}),
    "two changes of two jobs are four of the project": ({1: 2, 2: 2}, [SWEEPING], {1, 2}),
    "a pattern groups what it covers": ({1: 2, 2: 2, 3: 2}, [NARROW], {1, 2}),
    "a pattern that covers another job groups nothing of this one": (
        {3: 1, 1: 2, 2: 2},
        [NARROW],
        set(),
    ),
    "what a subscription does not want is not of it": ({1: 2, 2: 2, 3: 2}, [FAILING], set()),
    "of two subscriptions the larger one counts": (
        {1: 2, 2: 2, 3: 2},
        [NARROW, SWEEPING],
        {1, 2, 3},
    ),
}


@pytest.mark.parametrize(("counts", "wide", "joined"), GROUPINGS.values(), ids=GROUPINGS)
def test_what_waited(counts: dict[int, int], wide: list[Subscription], joined: set[int]) -> None:
    waiting = {
        JobId(job_id): [a_change(7, 8, job=a_job(job_id, name=f"job-{job_id}"))] * count
        for job_id, count in counts.items()
    }

    assert grouped_with(JobId(next(iter(counts))), waiting, wide) == joined


# A sentence: how many changes are grouped, and the sizes of the groups.
SPLITS: dict[str, tuple[int, list[int]]] = {
    "nothing is no group": (0, []),
    "one comes singly": (1, []),
    "two are a group": (2, [2]),
    "twenty are one message": (20, [20]),
    "the twenty-first comes singly behind them": (21, [20]),
    "twenty-two are two messages": (22, [20, 2]),
    "many are as many messages as needed": (65, [20, 20, 20, 5]),
}


@pytest.mark.parametrize(("members", "sizes"), SPLITS.values(), ids=SPLITS)
def test_groups(members: int, sizes: list[int]) -> None:
    changes = list(range(members))
    groups = split(changes)

    assert [len(group) for group in groups] == sizes
    assert [one for group in groups for one in group] == changes[: sum(sizes)]


def test_the_limits_are_those_that_were_promised() -> None:
    assert [span.total_seconds() for span in (REVIVAL, FLAPPING_SPAN)] == [86400, 600]
    assert (FLAPPING_CHANGES, MOST_GROUPED) == (6, 20)
