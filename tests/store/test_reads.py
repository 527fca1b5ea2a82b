"""How often the database is asked for one answer: as often for many jobs as for a few."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from bot.store.store import SqlStore
from tests.store.world import NOON, P1, World, a_subscription, job


@contextmanager
def counted(store: SqlStore) -> Iterator[list[str]]:
    """The questions that it is asked meanwhile."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, said: str, *_: object) -> None:
        # How a transaction begins on PostgreSQL is a question to no table.
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
        await world.store.care.said_of(P1, job(205, 8))

    assert len(asked) == 1
