"""Old rows are removed a few at a time, and found without reading the rows that stay."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select, text

from bot.store import SqlStore
from bot.store.database import tables
from bot.store.retention import MOST_AT_ONCE
from tests.databases import NewUrl
from tests.store.conftest import OpenStore
from tests.store.world import NOON, P1, World, a_subscription, connected, job

OLD, NEW = NOON - timedelta(days=200), NOON
MOMENT = NOON - timedelta(days=180)


def add(store: SqlStore, table: str, count: int, **columns: object) -> None:
    """Insert rows that differ in their number only."""
    rows = [
        {name: f"{number}" if value is ... else value for name, value in columns.items()}
        | ({"sequence": number} if table in ("change", "delivery") else {})
        for number in range(1, count + 1)
    ]
    with connected(store) as connection:
        connection.execute(insert(tables.metadata.tables[table]), rows)


_OF_P1 = {"team_id": "T1", "project_id": "p1", "job_id": 1}
_CHANGE = {**_OF_P1, "before": 7, "after": 8, "status": 8} | dict.fromkeys(
    ("name", "description", "service_url", "train_url", "resource_id"), ""
)
_DELIVERY = {
    **_OF_P1, "id": ..., "channel_id": "C1", "kind": "change", "telling": "each", "state": "sent",
    "created_at": OLD, "turn_at": OLD, "attempts": 1, "is_doubtful": False, "epoch": 1,
    "reason": "", "rescans": 0,
}  # fmt: skip
_LATE = {"team_id": "T1", "what": "", "delivery_id": "", "channel_id": "", "ts": ""}

#: Rows that are removed once they are old.
KINDS = [
    ("change", {**_CHANGE, "seen_at": OLD}),
    ("delivery", {**_DELIVERY, "finished_at": OLD}),
    ("inbox", {"team_id": "T1", "key": ..., "seen_at": OLD}),
    ("late_records", {**_LATE, "at": OLD}),
]


def count(store: SqlStore, table: str) -> int:
    with connected(store) as connection:
        query = select(func.count()).select_from(tables.metadata.tables[table])
        return connection.scalar(query) or 0


@pytest.mark.parametrize(("table", "columns"), KINDS, ids=[table for table, _ in KINDS])
async def test_more_than_a_transaction_may_remove_goes_in_several_and_then_it_ends(
    table: str, columns: dict[str, object], store: SqlStore
) -> None:
    add(store, table, 2 * MOST_AT_ONCE + 3, **columns)

    left = []
    while await store.history.forget_some_before(MOMENT):
        left.append(count(store, table))

    assert left == [MOST_AT_ONCE + 3, 3]
    assert count(store, table) == 0


async def test_kinds_share_what_one_transaction_may_remove(store: SqlStore) -> None:
    for table, columns in KINDS:
        add(store, table, 400, **columns)

    assert await store.history.forget_some_before(MOMENT)
    assert sum(count(store, table) for table, _ in KINDS) == 1_600 - MOST_AT_ONCE
    assert not await store.history.forget_some_before(MOMENT)
    assert sum(count(store, table) for table, _ in KINDS) == 0


#: Rows that stay, however old they are.
KEPT = [
    ("a change that a delivery waits for", "change", {**_CHANGE, "seen_at": OLD}),
    ("the delivery of a card", "delivery", {**_DELIVERY, "kind": "card", "finished_at": OLD}),
    ("an open delivery", "delivery", {**_DELIVERY, "state": "open", "finished_at": None}),
    ("a delivery that just ended", "delivery", {**_DELIVERY, "finished_at": NEW}),
]


@pytest.mark.parametrize(("why", "table", "columns"), KEPT, ids=[one[0] for one in KEPT])
async def test_what_is_needed_or_new_stays(
    why: str, table: str, columns: dict[str, object], store: SqlStore
) -> None:
    add(store, table, 3, **columns)
    if table == "change":
        add(store, "delivery", 3, **{**_DELIVERY, "state": "open"})

    assert not await store.history.forget_some_before(MOMENT)

    assert count(store, table) == 3, why


async def test_what_is_old_is_found_through_indexes_alone(
    sqlite_tables_store: SqlStore,
) -> None:
    statements: list[tuple[str, tuple[object, ...]]] = []
    engine = sqlite_tables_store._database.engine
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, values, _x, _m: statements.append((statement, values)),
    )

    await sqlite_tables_store.history.forget_some_before(MOMENT)

    purges = [(said, values) for said, values in statements if said.startswith("DELETE")]
    assert len(purges) == 8
    with engine.connect() as connection:
        for said, values in purges:
            found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values).all()
            plan = [row[3] for row in found]
            # There are few holds, and those that have ended are removed daily, so a scan is fine.
            if not said.startswith("DELETE FROM hold"):
                assert not [step for step in plan if step.startswith("SCAN")], (said, plan)
                assert not [step for step in plan if "TEMP B-TREE" in step], (said, plan)


async def test_the_work_grows_with_what_is_removed_and_not_with_what_is_kept(
    sqlite_tables_store: SqlStore,
) -> None:
    steps = [await _steps_of_removing(sqlite_tables_store, kept) for kept in (100, 10_000)]

    assert steps[1] < 1.2 * steps[0]


async def _steps_of_removing(store: SqlStore, kept: int) -> int:
    """Return how many hundreds of SQLite's instructions the removal of 50 changes takes."""
    with connected(store) as connection:
        connection.execute(text("DELETE FROM delivery"))
        connection.execute(text("DELETE FROM change"))
    add(store, "delivery", kept, **{**_DELIVERY, "state": "open", "job_id": 2})
    add(store, "change", 50, **{**_CHANGE, "seen_at": OLD})
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    def count_steps(driver: object, *_: object) -> None:
        driver.set_progress_handler(step, 100)  # type: ignore[attr-defined]

    event.listen(store._database.engine, "checkout", count_steps)
    await store.history.forget_some_before(MOMENT)
    event.remove(store._database.engine, "checkout", count_steps)
    assert count(store, "change") == 0
    return steps


async def test_others_write_between_two_steps(world: World) -> None:
    add(world.store, "inbox", 2 * MOST_AT_ONCE, team_id="T1", key=..., seen_at=OLD)

    assert await world.store.history.forget_some_before(MOMENT)
    await world.subscribe(a_subscription(), job(205, 7))
    assert await world.store.history.forget_some_before(MOMENT)

    assert len(await world.store.subscriptions.list_subscriptions(P1)) == 1


@pytest.fixture
def sqlite_tables_store(sqlite_tables: NewUrl, open_one: OpenStore) -> SqlStore:
    """A SQLite store with our tables."""
    return open_one(sqlite_tables())


async def _let_a_job_go(world: World) -> None:
    """Let a followed job be deleted after its card was posted."""
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    for at in (60, 120):
        await world.observe(gone=[205])
        await world.pass_time(timedelta(seconds=at))
    await world.send_all()
    await world.claim()


async def _let_days_go(world: World, days: int) -> None:
    """Let days pass, also for changes, whose times PostgreSQL takes from another clock."""
    await world.pass_time(timedelta(days=days))
    if world.store._database.is_sqlite:
        return
    with connected(world.store) as connection:
        span = {"span": timedelta(days=days)}
        connection.execute(text("UPDATE change SET seen_at = seen_at - :span"), span)


OF_A_JOB = ("watched_job", "card", "delivery", "change", "subscription", "care")


async def test_a_job_that_is_gone_leaves_nothing_once_its_history_is_old(world: World) -> None:
    await _let_a_job_go(world)
    assert count(world.store, "change") == 1
    await _let_days_go(world, 200)

    now = await world.now()
    while await world.store.history.forget_some_before(now - timedelta(days=180)):
        pass

    assert {table: count(world.store, table) for table in OF_A_JOB} == dict.fromkeys(OF_A_JOB, 0)


@pytest.mark.parametrize(
    ("why", "days", "kept"),
    [
        ("its history is kept for as long", 100, 180),
        ("it has been gone for less than a month", 20, 1),
    ],
)
async def test_a_job_that_went_lately_stays(why: str, days: int, kept: int, world: World) -> None:
    await _let_a_job_go(world)
    await _let_days_go(world, days)

    await world.store.history.forget_some_before(await world.now() - timedelta(days=kept))

    assert count(world.store, "watched_job") == 1, why
    assert count(world.store, "card") == 1, why


async def test_a_job_that_is_followed_or_there_stays_however_old(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 9))
    await world.send_all()
    await world.pass_time(timedelta(days=400))

    await world.store.history.forget_some_before(await world.now() - timedelta(days=180))

    assert count(world.store, "watched_job") == 1
    assert count(world.store, "subscription") == 1


async def test_a_job_that_comes_back_after_it_was_forgotten_is_a_new_one(world: World) -> None:
    await _let_a_job_go(world)
    await _let_days_go(world, 200)
    await world.store.history.forget_some_before(await world.now() - timedelta(days=180))

    await world.subscribe(a_subscription(), job(205, 8))
    [card] = await world.send_all()

    assert card.job_id == 205
