"""The changes that waited for a place, and a hold that begins while they are claimed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store.database import tables
from bot.store.delivering.grouping import group_waiting
from bot.store.delivering.waiting import find_waiting
from tests.store.test_outbox import card_of, flap
from tests.store.world import World


@pytest.mark.parametrize("channel_id", ["C1", ""], ids=["its channel", "the workspace"])
async def test_a_claimed_change_is_posted_though_a_hold_began_meanwhile(
    world: World, channel_id: str
) -> None:
    """Another replica may commit the hold between two statements of a claim."""
    await card_of(world)
    await flap(world, 1)
    [claimed] = await world.claim()
    await world.store.outbox.close_gate("T1", channel_id, opens_in=timedelta(seconds=30))

    with world.store._database.begin() as transaction:
        query = select(tables.delivery).where(tables.delivery.c.id == claimed.id)
        [head] = transaction.connection.execute(query).mappings()

        assert list(find_waiting(transaction, head).changes) == [head["job_id"]]
        assert list(group_waiting(transaction, [head])) == [head]
