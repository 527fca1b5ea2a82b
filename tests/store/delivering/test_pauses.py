"""Pauses that people are told of: once each, and not after they are over."""

from dataclasses import replace

from bot.core.delivery import CardDelivery, PauseNote
from bot.core.delivery_ids import pause_id
from bot.core.delivery_report import Pause
from bot.core.subscription import Place
from tests.store.world import HERE, P1, THERE, World, a_subscription, job

DM = Place(team_id="T1", channel_id="D1")


async def paused(world: World, **details: bool) -> tuple[Pause, ...]:
    """Pause the place here, and see who must be told."""
    await world.store.outbox.pause_place(HERE, reason="not_in_channel", **details)
    return await world.store.outbox.unannounced_pauses("T1", limit=9)


async def test_those_whose_subscriptions_wait_there_are_told_why(world: World) -> None:
    outbox = world.store.outbox
    await world.subscribe(a_subscription(), job(205))
    await world.subscribe(replace(a_subscription(206), created_by="U2"), job(206))
    await world.subscribe(replace(a_subscription(place=THERE), created_by="U3"), job(205))

    [pause] = await paused(world)
    assert (pause.place, pause.people) == (HERE, ("U1", "U2"))
    await outbox.order_pause_notes(P1, pause, [DM])

    notes = [one for one in await world.claim() if isinstance(one, PauseNote)]
    [note] = notes
    assert note.id == pause_id(DM, HERE, pause.paused_at)
    assert (note.place, note.channel_id, note.reason) == (DM, "C1", "not_in_channel")


async def test_a_pause_is_told_once_however_often_it_is_noticed(world: World) -> None:
    outbox = world.store.outbox
    await world.subscribe(a_subscription(), job(205))
    [pause] = await paused(world)
    await outbox.order_pause_notes(P1, pause, [DM])
    await outbox.order_pause_notes(P1, pause, [DM])

    assert await paused(world) == ()
    assert len(await world.send_all()) == 1

    await outbox.resume_place(HERE)
    [again] = await paused(world)
    assert again.paused_at >= pause.paused_at


async def test_who_knows_already_and_direct_messages_are_not_told(world: World) -> None:
    outbox = world.store.outbox
    await world.subscribe(a_subscription(), job(205))
    assert await paused(world, is_announced=True) == ()
    assert await paused(world) == ()

    await outbox.pause_place(DM, reason="user_disabled")
    assert await outbox.unannounced_pauses("T1", limit=9) == ()
    assert await outbox.unannounced_pauses("T2", limit=9) == ()


async def test_what_is_over_before_it_was_told_is_not_told(world: World) -> None:
    await world.subscribe(a_subscription(), job(205))
    [pause] = await paused(world)
    await world.store.outbox.order_pause_notes(P1, pause, [DM])

    await world.store.outbox.resume_place(HERE)

    assert [type(one) for one in await world.send_all()] == [CardDelivery]


async def test_a_note_on_a_pause_that_ended_meanwhile_tells_nobody(world: World) -> None:
    await world.subscribe(a_subscription(), job(205))
    [pause] = await paused(world)
    await world.store.outbox.resume_place(HERE)

    await world.store.outbox.order_pause_notes(P1, pause, [DM])

    assert [type(one) for one in await world.send_all()] == [CardDelivery]
