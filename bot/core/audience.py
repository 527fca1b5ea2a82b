"""Which places are notified of a change, and how: recipients, revival, delivery modes, flapping,
grouping. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.core.change import StatusChange, Step
from bot.core.job import JobId, VisualizationJob
from bot.core.subscription import (
    REVIVAL_HOURS,
    DeliveryMode,
    JobTarget,
    Place,
    Subscription,
    SubscriptionState,
    Target,
    matches,
)

#: For how long after its end a subscription is revived when its job restarts.
REVIVAL = timedelta(hours=REVIVAL_HOURS)

#: Subscriptions in these states are notified, now or after the first read.
LIVE_STATES = (SubscriptionState.ACTIVE, SubscriptionState.PENDING)

#: A job with more changes than this within the span is flapping; its messages then offer a rarer
#: delivery mode.
FLAPPING_CHANGES = 6
FLAPPING_SPAN = timedelta(minutes=10)

#: If more changes than this wait, of one subscription or for one place, they are grouped.
MOST_SINGLE_PER_SUBSCRIPTION = 3
MOST_SINGLE_PER_PLACE = 10

#: The most changes in one grouped message.
MOST_GROUPED = 20

_BY_VISIBILITY = (DeliveryMode.CARD, DeliveryMode.THREAD, DeliveryMode.CHANNEL)

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A place that is notified of a change, with the delivery mode."""

    place: Place
    delivery_mode: DeliveryMode


def recipients(
    change: StatusChange, subscriptions: Iterable[Subscription], now: datetime
) -> tuple[Recipient, ...]:
    """Return each place to notify, once.

    A subscription to the job itself sets the delivery mode; without one the most visible mode wins.
    """
    return one_recipient_per_place(one for one in subscriptions if _hears(one, change, now))


def one_recipient_per_place(subscriptions: Iterable[Subscription]) -> tuple[Recipient, ...]:
    """Return each place of these subscriptions once, with its delivery mode."""
    strongest: dict[Place, Subscription] = {}
    for subscription in subscriptions:
        known = strongest.get(subscription.place)
        if known is None or _strength(subscription) > _strength(known):
            strongest[subscription.place] = subscription
    return tuple(
        Recipient(place=subscription.place, delivery_mode=subscription.delivery_mode)
        for subscription in strongest.values()
    )


def _hears(subscription: Subscription, change: StatusChange, now: datetime) -> bool:
    return (
        (subscription.state is SubscriptionState.ACTIVE or _comes_back(subscription, change, now))
        and not _is_over(subscription, now)
        and subscription.event_filter.admits(change.step)
        and matches(subscription.target, change.job)
    )


def _strength(subscription: Subscription) -> tuple[bool, int]:
    return isinstance(subscription.target, JobTarget), _BY_VISIBILITY.index(
        subscription.delivery_mode
    )


def strongest(subscriptions: Iterable[Subscription], job: VisualizationJob) -> Subscription | None:
    """Return the subscription whose terms a place gets back when it follows the job again."""
    return max(
        (one for one in subscriptions if matches(one.target, job)), key=_strength, default=None
    )


def settle(
    subscriptions: Iterable[Subscription], change: StatusChange, now: datetime
) -> tuple[Subscription, ...]:
    """Return the subscriptions that the change ends or revives, in their new state."""
    settled = ((subscription, _settle(subscription, change, now)) for subscription in subscriptions)
    return tuple(after for before, after in settled if after != before)


def _settle(subscription: Subscription, change: StatusChange, now: datetime) -> Subscription:
    target = subscription.target
    # Subscriptions to patterns and projects outlive every job.
    if not isinstance(target, JobTarget) or not matches(target, change.job):
        return subscription
    is_back = _comes_back(subscription, change, now)
    if change.step.ends and (is_back or subscription.state is SubscriptionState.ACTIVE):
        return replace(subscription, state=SubscriptionState.ENDED, ended_at=now)
    if is_back:
        return replace(subscription, state=SubscriptionState.ACTIVE, ended_at=None)
    return subscription


def _comes_back(subscription: Subscription, change: StatusChange, now: datetime) -> bool:
    return change.step.follows_a_restart and can_revive(subscription, now)


def is_live(subscription: Subscription) -> bool:
    """Return True if the subscription is notified, now or after its first read."""
    return subscription.state in LIVE_STATES


def is_revivable(ended_at: datetime, now: datetime) -> bool:
    """Return True if a subscription that ended then can still be revived."""
    return now - ended_at <= REVIVAL


def can_revive(subscription: Subscription, now: datetime) -> bool:
    """Return True if the subscription ended with its job and can still be revived."""
    return (
        subscription.state is SubscriptionState.ENDED
        and subscription.ended_at is not None
        and is_revivable(subscription.ended_at, now)
        and not _is_over(subscription, now)
    )


def may_hear(subscription: Subscription, now: datetime) -> bool:
    """Return True if the subscription may still be notified of a change."""
    is_waiting = is_live(subscription) and not _is_over(subscription, now)
    return is_waiting or can_revive(subscription, now)


def covering(
    subscriptions: Iterable[Subscription], job: VisualizationJob, now: datetime
) -> list[Subscription]:
    """Return the live subscriptions that cover this job."""
    return [
        one
        for one in subscriptions
        if is_live(one) and not _is_over(one, now) and matches(one.target, job)
    ]


def _is_over(subscription: Subscription, now: datetime) -> bool:
    return subscription.until is not None and subscription.until <= now


def unwanted(
    jobs: Iterable[VisualizationJob], subscriptions: Iterable[Subscription], now: datetime
) -> tuple[JobId, ...]:
    """Return the jobs that need no polls: no subscription covers them or can be revived for
    them."""
    awake = [one for one in subscriptions if is_live(one) or can_revive(one, now)]
    return uncovered(jobs, [one.target for one in awake])


def uncovered(jobs: Iterable[VisualizationJob], targets: Sequence[Target]) -> tuple[JobId, ...]:
    """Return the jobs that none of the targets covers."""
    own = {target.job_id for target in targets if isinstance(target, JobTarget)}
    wide = [target for target in targets if not isinstance(target, JobTarget)]
    return tuple(
        job.id
        for job in jobs
        if job.id not in own and not any(matches(target, job) for target in wide)
    )


def shows_in_channel(delivery_mode: DeliveryMode, steps: Iterable[Step]) -> bool:
    """Return True if a message in a thread is also shown in the channel."""
    return delivery_mode is DeliveryMode.CHANNEL or any(step.calls_for_action for step in steps)


def most_visible(delivery_modes: Iterable[DeliveryMode]) -> DeliveryMode:
    """Return the delivery mode of one message for several subscriptions."""
    return max(delivery_modes, key=_BY_VISIBILITY.index)


def is_flapping(change: StatusChange, *, earlier_at: datetime | None) -> bool:
    """Return True if the job changes all the time. `earlier_at` is when the change
    FLAPPING_CHANGES before this one was seen."""
    return earlier_at is not None and change.seen_at - earlier_at < FLAPPING_SPAN


def is_offered_less(*, notices: int, was_offered: bool) -> bool:
    """Return True if the next message offers a rarer delivery mode: the place got enough notices
    of a flapping job within FLAPPING_SPAN, and no such offer yet."""
    return notices > FLAPPING_CHANGES and not was_offered


def grouped_with(
    job_id: JobId,
    waiting: Mapping[JobId, Sequence[StatusChange]],
    subscriptions: Iterable[Subscription],
) -> frozenset[JobId]:
    """Return the jobs whose waiting changes form one group with those of this job; empty if they
    stay single.

    `waiting` are the changes that wait for one place, `subscriptions` are the place's pattern and
    project subscriptions. Changes that only a subscription to the job itself wants are counted by
    job.
    """
    if sum(map(len, waiting.values())) > MOST_SINGLE_PER_PLACE:
        return frozenset(waiting)
    counts = [{job_id: len(waiting[job_id])}]
    counts += [_heard(subscription, waiting) for subscription in subscriptions]
    largest = max((one for one in counts if job_id in one), key=lambda one: sum(one.values()))
    is_much = sum(largest.values()) > MOST_SINGLE_PER_SUBSCRIPTION
    return frozenset(largest) if is_much else frozenset()


def _heard(
    subscription: Subscription, waiting: Mapping[JobId, Sequence[StatusChange]]
) -> dict[JobId, int]:
    counts = {
        job_id: sum(
            subscription.event_filter.admits(change.step)
            and matches(subscription.target, change.job)
            for change in changes
        )
        for job_id, changes in waiting.items()
    }
    return {job_id: count for job_id, count in counts.items() if count}


def split(members: Sequence[_Item]) -> tuple[Sequence[_Item], ...]:
    """Split the changes into groups of the largest size; a single one that would remain stays
    single, after them."""
    starts = range(0, len(members), MOST_GROUPED)
    groups = (members[start : start + MOST_GROUPED] for start in starts)
    return tuple(group for group in groups if len(group) > 1)
