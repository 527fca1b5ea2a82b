"""The store through PgBouncer in transaction mode, where each transaction may get another server
process: the contract of the store, and a race for due deliveries."""

import asyncio
from collections import Counter
from contextlib import suppress

import psycopg
import pytest

from bot.core.delivery import MessageRef
from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.core.subscription import Place
from bot.store import SqlStore, migrate
from tests.fakes import ManualClock
from tests.proof.extent import IS_FULL, Results, size
from tests.store import test_history, test_outbox, test_subscriptions, test_watchlist
from tests.store.conftest import OpenStore, open_one, store, world
from tests.store.test_outbox import change, group
from tests.store.world import LEASE, NOON, P1, SETTLE, World, a_subscription, job

__all__ = ["change", "group", "open_one", "store", "world"]

_ALL = (test_outbox, test_watchlist, test_history, test_subscriptions)
# Claims are the first to fail if another server process matters, so the short run tries these.
_SUITES = _ALL if IS_FULL else (test_outbox,)
for _suite in _SUITES:
    globals().update({name: test for name, test in vars(_suite).items() if name[:5] == "test_"})

TEAM = "T1"
REPLICAS = 4
ENOUGH_IN_VAIN = 10
MOST_TURNS = 20
PLACES = 10
JOBS = size("JOBS", short=10, full=500)


@pytest.fixture
async def url(pooled_url: str) -> str:
    """The database of the contract's tests: here the pooled one, in place of both kinds."""
    await migrate(pooled_url)
    return pooled_url


async def test_a_pooler_passes_on_what_a_transaction_needs(
    postgresql_url: str, pooled_url: str, open_one: OpenStore
) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as admin:
        for setting in ("DateStyle = 'German'", "client_encoding = 'LATIN1'"):
            admin.execute(f"ALTER DATABASE {admin.info.dbname} SET {setting}".encode())
    await migrate(pooled_url)
    store = open_one(pooled_url)

    await store.remember_asked({(P1, "U → 花"): JobId(205)})

    assert await store.last_asked(P1, "U → 花") == 205
    assert (await store.check()).is_good


class Race:
    """A race of replicas that claim and record deliveries until nothing is due."""

    def __init__(self, stores: list[SqlStore]) -> None:
        self.stores = stores
        #: The deliveries whose lease has not ended, and how often each replica recorded each as
        #: sent.
        self.held: set[str] = set()
        self.sent: list[Counter[str]] = [Counter() for _ in stores]
        self.claims = self.twice = 0

    async def run(self) -> None:
        """Run all replicas at once."""
        await asyncio.gather(*(self._work(number) for number in range(len(self.stores))))

    async def _work(self, number: int) -> None:
        outbox, idle = self.stores[number].outbox, 0
        while idle < ENOUGH_IN_VAIN:
            # If a call times out on a slow machine, the rows stay leased and are claimed later.
            with suppress(StoreUnavailable):
                claimed = await outbox.claim(P1, limit=7)
                idle = 0 if claimed else idle + 1
                for delivery in claimed:
                    self.claims += 1
                    self.twice += delivery.id in self.held
                    self.held.add(delivery.id)
                    ts = f"1772366400.{self.claims:06}"
                    message = MessageRef(channel_id=delivery.place.channel_id, ts=ts)
                    if await outbox.intend(delivery) and await outbox.record_sent(
                        delivery, message
                    ):
                        self.sent[number][delivery.id] += 1


@pytest.mark.timeout(3600 if IS_FULL else 240)
@pytest.mark.parametrize("way", ["postgresql_url", "pooled_url"])
async def test_of_replicas_that_claim_at_once_each_row_goes_to_one(
    way: str, request: pytest.FixtureRequest, open_one: OpenStore, results: Results
) -> None:
    database: str = request.getfixturevalue(way)
    await migrate(database)
    stores = [open_one(database) for _ in range(REPLICAS)]
    world = World(stores[0], ManualClock(NOON))
    for number in range(1, JOBS + 1):
        for place in (Place(team_id=TEAM, channel_id=f"C{place}") for place in range(PLACES)):
            await world.subscribe(a_subscription(number, place), job(number, 7))
    # This enqueues a card and a change for each place and job.
    await world.observe(*(job(number, 8, at=60) for number in range(1, JOBS + 1)))

    race = Race(stores)
    for _ in range(MOST_TURNS):
        await race.run()
        if not (await stores[0].history.counts(P1)).open:
            break
        await world.pass_time(LEASE + SETTLE)
        race.held.clear()

    sent = sum(race.sent, Counter())
    results.add(
        f"{REPLICAS} replicas claim at once, {way.partition('_')[0]}",
        f"{race.claims} claims",
        lost=2 * JOBS * PLACES - len(sent),
        doubled=race.twice,
    )
    assert race.twice == 0
    assert set(sent.values()) == {1}
    assert len(sent) == 2 * JOBS * PLACES
    assert sum(one.total() > 0 for one in race.sent) > 1
