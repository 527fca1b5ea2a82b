"""The query for due work finds everything that gives a claim something to do."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.core.commands.times.day_times import quiet_hours_of
from bot.core.hold import HoldScope
from bot.core.job import JobId
from bot.core.place_rules import PlaceRules
from bot.core.subscription import PatternTarget
from bot.store.due_work import DueWork
from tests.store.world import HERE, INTERVAL, P1, P2, World, a_subscription, job

TICK = timedelta(seconds=1)
NOTHING = DueWork(False, False, False, False, False)


async def _settle(world: World) -> None:
    """Watch one job, and post its card."""
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 7, at=1))


async def _let_a_job_come_due(world: World) -> None:
    await world.pass_time(INTERVAL + TICK)


async def _follow_the_project(world: World) -> None:
    await world.subscribe(a_subscription(PatternTarget("job-*")))


async def _let_a_subscription_end(world: World) -> None:
    until = await world.now() + timedelta(seconds=5)
    await world.subscribe(a_subscription(206, until=until), job(206, 7))
    await world.send_all()
    await world.pass_time(timedelta(seconds=6))


async def _let_something_be_told(world: World) -> None:
    await world.observe(job(205, 8, at=30))


async def _let_quiet_hours_begin(world: World) -> None:
    now = await world.now()
    hours = quiet_hours_of(f"{(now.hour + 1) % 24:02}:00-{(now.hour + 3) % 24:02}:00")
    await world.store.place_rules.set_rules(PlaceRules(place=HERE, quiet_hours=hours))
    await world.pass_time(timedelta(hours=1, minutes=1))


async def _let_a_snooze_end(world: World) -> None:
    scope = HoldScope(team_id="T1", channel_id="C1", project_id=P1.project_id, job_id=JobId(205))
    await world.store.snoozes.snooze(scope, until=await world.now() + TICK, by="U1")
    await world.pass_time(2 * TICK)


async def _pause_a_channel(world: World) -> None:
    await world.store.outbox.pause_place(HERE, reason="archived")


@pytest.mark.parametrize(
    ("happen", "what"),
    [
        (_let_a_job_come_due, "may_watch"),
        (_follow_the_project, "may_watch"),
        (_let_a_subscription_end, "may_watch"),
        (_let_something_be_told, "may_deliver"),
        (_let_something_be_told, "may_edit"),
        (_let_quiet_hours_begin, "may_deliver"),
        (_let_a_snooze_end, "may_deliver"),
        (_pause_a_channel, "may_announce_pauses"),
    ],
)
async def test_what_makes_a_claim_do_something_is_on_the_agenda(
    happen: Callable[[World], Awaitable[None]], what: str, world: World
) -> None:
    await _settle(world)
    assert not getattr(await world.store.find_due_work(P1), what)

    await happen(world)

    assert getattr(await world.store.find_due_work(P1), what)
    # `may_watch` is left out: the index of subscriptions that end covers all workspaces.
    assert (await world.store.find_due_work(P2))._replace(may_watch=False) == NOTHING


async def test_what_may_have_been_sent_twice_is_looked_at_again(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    [card] = await world.claim()
    assert await world.store.outbox.intend(card)
    await world.store.outbox.record_unsure(card, due_in=timedelta(0))
    await world.pass_time(timedelta(minutes=2))
    [again] = await world.claim()
    await world.send(again)
    assert not (await world.store.find_due_work(P1)).may_rescan

    await world.pass_time(timedelta(minutes=3))

    assert (await world.store.find_due_work(P1)).may_rescan


async def test_at_rest_there_is_nothing_on_it(world: World) -> None:
    await _settle(world)

    assert await world.store.find_due_work(P1) == NOTHING
