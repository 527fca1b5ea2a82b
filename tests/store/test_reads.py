"""An answer needs the same number of queries for many jobs as for a few."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from bot.store.store import SqlStore
from tests.store.world import NOON, P1, World, a_subscription, job


@contextmanager
def counted(store: SqlStore) -> Iterator[list[str]]:
    """Yield the list of the queries that the database gets within the context."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, said: str, *_: object) -> None:
        # The statement that begins a transaction on PostgreSQL reads no table, so it does not
        # count.
        asked.extend([said] if " FROM " in " ".join(said.split()) else [])

    engine = store._database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("count", [1, 40])
async def test_the_cost_of_a_project_is_four_questions(world: World, count: int) -> None:
    for number in range(1, count + 1):
        await world.subscribe(a_subscription(number), job(number, 7))
    await world.observe(*(job(number, 8, at=30) for number in range(1, count + 1)))

    with counted(world.store) as asked:
        recorded = await world.store.history.records(P1, since=NOON)

    assert [len(one.changes) for one in recorded.jobs] == [1] * count
    assert len(asked) == 4


async def test_what_people_said_of_a_job_is_one_question(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))

    with counted(world.store) as asked:
        await world.store.care.care_of(P1, job(205, 8))

    assert len(asked) == 1


async def test_what_a_place_follows_is_one_question_until_it_changes(world: World) -> None:
    subscriptions, place = world.store.subscriptions, a_subscription().place
    assert await subscriptions.followed_in(P1, place) == ()
    await world.subscribe(a_subscription(), job(205, 8))

    with counted(world.store) as asked:
        found = [await subscriptions.followed_in(P1, place) for _ in range(3)]

    assert [len(one) for one in found] == [1, 1, 1]
    assert len(asked) == 1


async def test_what_we_write_is_seen_at_once_by_whoever_asks_for_a_job(world: World) -> None:
    care, asked = world.store.care, job(205, 8)
    await world.subscribe(a_subscription(), asked)
    assert (await care.care_of(P1, asked)).owner == ""

    await care.claim(P1, asked, "U0ANA00001", is_taken_over=False)
    assert (await care.care_of(P1, asked)).owner == "U0ANA00001"
    await care.disclaim(P1, asked, "U0ANA00001")
    assert (await care.care_of(P1, asked)).owner == ""


async def test_nobody_asks_the_database_twice_for_what_it_just_said(world: World) -> None:
    await world.store.care.care_of(P1, job(205, 8))

    with counted(world.store) as asked:
        await world.store.care.care_of(P1, job(205, 8))

    assert len(asked) == 0
