"""What was held is told as it is now; what was posted and offers what is over is edited."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.card_edit import CardEdit
from bot.core.delivery import ChangeDelivery, Delivery, GuardDelivery, MessageRef
from bot.core.hold import HoldScope
from bot.core.job import JobId
from tests.store.test_care import HOUR, Care, told
from tests.store.world import HERE, NOON, P1, World, a_subscription

ALL_HERE = HoldScope(team_id=HERE.team_id, channel_id=HERE.channel_id)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def care(world: World) -> Care:
    """Job 205 has just begun to run, and C1 follows it."""
    care = Care(world)
    here = replace(a_subscription(), created_at=await world.now())
    await world.subscribe(here, baseline=care.read())
    assert await care.look() == []
    return care


@pytest.fixture
async def followed(world: World) -> Care:
    """The same, by the clock of whoever reads the cloud."""
    care = Care(world)
    await world.subscribe(replace(a_subscription(), created_at=NOON), baseline=care.read())
    await world.send_all()
    return care


async def edited(care: Care) -> CardEdit:
    """The card is edited: with what."""
    [edit] = await care.store.outbox.claim_edits(P1, limit=9)
    await care.store.outbox.record_edited(edit)
    return edit


def outdated(edit: CardEdit) -> list[str]:
    return [type(delivery).__name__ for delivery, _ in edit.outdated]


async def held_at_8_hours(care: Care) -> None:
    """The place is snoozed for 10 h, and after 8 h a reminder is due."""
    until = await care.world.now() + 10 * HOUR
    await care.store.snoozes.snooze(ALL_HERE, until=until, by="U1")
    await care.pass_time(8 * HOUR)
    assert await care.look() == []


async def the_reminder(care: Care) -> GuardDelivery:
    [notice] = [one for one in await care.world.send_all() if isinstance(one, GuardDelivery)]
    return notice


async def test_a_reminder_that_was_held_has_the_hours_of_now(care: Care) -> None:
    await held_at_8_hours(care)
    await care.pass_time(3 * HOUR)
    await care.world.observe(care.read())

    assert await care.store.outbox.claim_edits(P1, limit=9) == ()
    notice = await the_reminder(care)

    assert notice.facts.length == 11 * HOUR
    # The card above it has no other hours.
    assert (await edited(care)).shown.job.duration == 11 * HOUR
    assert (notice.facts.hours, notice.goes_on) == (8, True)


async def test_the_first_change_after_a_reminder_ends_it(care: Care) -> None:
    """Behind no change a reminder has the number of the first one."""
    await care.pass_time(8 * HOUR)
    assert await care.look() == [("C1", "cost", 8)]
    await care.pass_time(MINUTE)
    await care.world.observe(care.read(12))

    edit = await edited(care)

    assert outdated(edit) == ["GuardDelivery"]
    await care.pass_time(13 * HOUR)
    await care.world.observe(care.read(12)._replace(duration=8 * HOUR))
    await care.store.care.claim(P1, care.read(12), "U1", is_taken_over=False)
    assert outdated(await edited(care)) == []  # it was edited then


async def test_a_reminder_that_still_holds_is_left_alone(care: Care) -> None:
    await care.pass_time(8 * HOUR)
    await care.look()
    await care.pass_time(MINUTE)
    await care.world.observe(care.read(15))

    assert outdated(await edited(care)) == []


async def test_only_the_last_reminder_in_a_place_is_answered(care: Care) -> None:
    await care.pass_time(8 * HOUR)
    await care.look()
    await care.pass_time(16 * HOUR)
    assert await care.look() == [("C1", "cost", 24)]

    [(last, message)] = await care.store.outbox.find_reminders(P1, JobId(205))

    assert told([last]) == [("C1", "cost", 24)]
    await care.pass_time(MINUTE)
    await care.world.observe(care.read(12))
    assert await care.store.outbox.find_reminders(P1, JobId(205)) == ()
    assert await care.store.outbox.find_posted(P1, message) is not None


async def end_of(care: Care) -> tuple[Delivery, MessageRef]:
    """The job ends, and the place is told."""
    await care.pass_time(MINUTE)
    await care.world.observe(care.read(12))
    await care.world.send_all()
    await edited(care)
    [end] = await care.store.outbox.find_end(P1, HERE, JobId(205))
    return end


async def test_an_end_is_outdated_once_a_restart_resumes_the_following(followed: Care) -> None:
    care = followed
    delivery, message = await end_of(care)
    assert isinstance(delivery, ChangeDelivery)
    assert not delivery.is_followed
    await care.pass_time(HOUR)
    await care.world.observe(care.read(8))

    edit = await edited(care)

    [(now, ref)] = edit.outdated
    assert isinstance(now, ChangeDelivery)
    assert (now.is_followed, ref) == (True, message)


async def test_an_end_after_which_somebody_subscribed_says_so_already(followed: Care) -> None:
    care = followed
    await end_of(care)
    await care.pass_time(HOUR)
    anew = replace(a_subscription(), created_at=NOON + care.passed)
    await care.world.subscribe(anew, baseline=care.read(12))
    assert outdated(await edited(care)) == []
    await care.pass_time(MINUTE)
    await care.world.observe(care.read(8))

    assert outdated(await edited(care)) == []


async def test_an_end_that_was_held_does_not_offer_what_goes_on(care: Care) -> None:
    until = await care.world.now() + 10 * HOUR
    await care.store.snoozes.snooze(ALL_HERE, until=until, by="U1")
    await care.pass_time(MINUTE)
    await care.world.observe(care.read(12))
    await care.pass_time(MINUTE)
    await care.world.observe(care.read(8))
    await care.pass_time(11 * HOUR)

    told_later = [one for one in await care.world.send_all() if isinstance(one, ChangeDelivery)]

    assert [(one.change.step.after, one.is_followed) for one in told_later] == [
        (12, True),
        (8, False),
    ]
    assert [one.is_late for one in told_later] == [True, True]


async def test_a_change_that_is_told_at_once_needs_no_time_of_its_own(care: Care) -> None:
    delivery, _ = await end_of(care)
    await care.pass_time(HOUR)

    assert isinstance(delivery, ChangeDelivery)
    assert not delivery.is_late
    [(later, _)] = await care.store.outbox.find_end(P1, HERE, JobId(205))
    assert isinstance(later, ChangeDelivery)
    assert not later.is_late
