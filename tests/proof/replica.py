"""A replica that may be killed at any point: the real store, watcher, courier and card keeper.

`python -m tests.proof.replica` reads orders, one line of JSON each, and forks a replica for each; a
fork starts at once, while a new interpreter would have to import first. A replica obeys commands
from a socket; after `work` it runs by itself until it is killed or the test is over.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
import psycopg  # noqa: F401 - as well
import structlog

from bot.catalog import Catalog
from bot.core.delivery import Delivery, MessageRef
from bot.core.errors import MessengerError
from bot.core.guard import GuardRules
from bot.core.job import JobId
from bot.core.ports.cloud import JobSource
from bot.core.ports.slack import Messenger
from bot.core.subscription import Place
from bot.courier.card_keeper import CardKeeper
from bot.courier.courier import Courier
from bot.courier.lease_timing import LeaseTiming
from bot.demo.cloud import PROJECT_ID
from bot.demo.cloud.auth import CloudCredentials
from bot.modelarts.auth import KeySigning
from bot.modelarts.client import ModelArts
from bot.modelarts.transport import open_client
from bot.slack.outgoing.deliveries import DeliverySender
from bot.slack.outgoing.messenger import SlackMessenger
from bot.store import SqlStore, open_store
from bot.watcher.guard_rounds import GuardRounds
from bot.watcher.pace import Pace
from bot.watcher.watcher import Watcher
from tests.fakes import ManualClock
from tests.proof.points import Points
from tests.store.conftest import UNHURRIED
from tests.store.world import NOON, P1, a_subscription

TEAM = "T1"
TOKEN = "xoxb-stand-in"
_TICK_SECONDS = 0.1
_FIRST = asyncio.FIRST_COMPLETED


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """The settings of a replica; the spans are in seconds."""

    socket: str
    database: str
    slack: str
    cloud: str
    #: The time of a clock that the test moves; None: the computer's clock.
    now: float | None = None
    #: The point at which it is killed.
    fatal: int | None = None
    #: The replica posts again without a search for what it may have sent.
    is_naive: bool = False
    lease: float = 8
    settle: float = 4
    timeout: float = 2
    interval: float = 2
    #: The hour marks of the guard; without any the guard is off.
    guard_hours: tuple[int, ...] = ()
    #: The real seconds that a call may take.
    patience: float = 5
    #: Multiplies the deadlines of the database, so that a busy computer ends no call.
    store_patience: int = UNHURRIED

    def line(self) -> bytes:
        """Return the orders as a line for the forking program. Default values are left out, because
        an older version does not know all fields."""
        usual = {field.name: field.default for field in fields(self)}
        told = {name: value for name, value in asdict(self).items() if value != usual[name]}
        return json.dumps(told).encode() + b"\n"


def main() -> None:
    """Fork a replica for each line of orders."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    for line in sys.stdin.buffer:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asyncio.run(_live(Orders(**json.loads(line))))
            os._exit(0)


async def _live(orders: Orders) -> None:
    reader, writer = await asyncio.open_unix_connection(orders.socket)
    writer.write(f"{os.getpid()}\n".encode())
    points = Points(orders.fatal)
    async with AsyncExitStack() as stack:
        replica: Replica | None = None
        while line := await reader.readline():
            told, said = json.loads(line), len(points.passed)
            try:
                replica = replica or await _open(orders, points, stack)
                if told["do"] == "work":
                    await _work_until_the_end(replica, reader)
                await replica.obey(told)
                answer: dict[str, Any] = {"points": points.passed[said:]}
            except Exception:  # noqa: BLE001 - the test shall show it
                answer = {"failed": traceback.format_exc()}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
    os._exit(0)


async def _work_until_the_end(replica: "Replica", reader: asyncio.StreamReader) -> None:
    """Work until the test closes the connection. Raises whatever a duty raises."""
    works = asyncio.ensure_future(replica.work())
    await asyncio.wait({works, end := asyncio.ensure_future(reader.read())}, return_when=_FIRST)
    if end.done():
        os._exit(0)
    end.cancel()
    await works


class Replica:
    """One bot, with its watching and delivering duties only."""

    def __init__(
        self,
        store: SqlStore,
        source: JobSource,
        duties: tuple[Callable[[], Awaitable[float]], ...],
        clock: ManualClock | None,
    ) -> None:
        self._store = store
        self._source = source
        self._duties = duties
        self._clock = clock

    async def obey(self, told: dict[str, Any]) -> None:
        """Carry out one command: every duty once, or a subscription."""
        if self._clock:
            self._clock.now = datetime.fromtimestamp(told["now"], UTC)
        match told["do"]:
            case "round":
                for duty in self._duties:
                    await duty()
            case "subscribe":
                job = await self._source.get(JobId(told["job"]))
                place = Place(team_id=TEAM, channel_id=told["channel"])
                # One person may not make as many subscriptions as a long race has.
                kept = replace(a_subscription(told["job"], place), created_by=f"U{told['job']:08}")
                await self._store.subscriptions.subscribe(kept, baseline=job)

    async def work(self) -> None:
        """Run all duties for ever."""
        await asyncio.gather(*map(_for_ever, self._duties))


async def _for_ever(duty: Callable[[], Awaitable[float]]) -> None:
    while True:
        await duty()
        await asyncio.sleep(_TICK_SECONDS)


async def _open(orders: Orders, points: Points, stack: AsyncExitStack) -> Replica:
    moved = None if orders.now is None else ManualClock(NOON)
    if moved and orders.now is not None:
        moved.now = datetime.fromtimestamp(orders.now, UTC)
    clock = moved or _utc_now
    store = _open_store(orders, points, clock)
    await store.prepare()
    source: JobSource = points.of_port("cloud", await _open_cloud(orders, clock, stack))
    messenger = await _open_slack(orders, points, stack)
    outbox = points.of_port("outbox", store.outbox)
    timing = LeaseTiming(
        lease=timedelta(seconds=orders.lease),
        settle=timedelta(seconds=orders.settle),
        timeout=timedelta(seconds=orders.timeout),
    )
    monotonic: Callable[[], float] = lambda: clock().timestamp()  # noqa: E731 - same for both
    watcher = Watcher(
        Catalog(source, clock=clock),
        points.of_port("watchlist", store.watchlist),
        points.of_port("budget", store.budget),
        pace=Pace(interval=orders.interval, calls_per_minute=0),
        guard=_guard(orders, points, store, clock) if orders.guard_hours else None,
        clock=clock,
    )
    courier = Courier(
        outbox,
        messenger,
        timing=timing,
        clock=clock,
        monotonic=monotonic,
        jitter=lambda: 0.5,
    )
    card_keeper = CardKeeper(outbox, messenger, timing=timing, monotonic=monotonic)
    duties = (watcher.poll, courier.deliver_due, card_keeper.edit_due, card_keeper.rescan_due)
    return Replica(store, source, tuple(partial(duty, P1) for duty in duties), moved)


def _guard(
    orders: Orders, points: Points, store: SqlStore, clock: Callable[[], datetime]
) -> GuardRounds:
    return GuardRounds(
        points.of_port("care", store.care),
        GuardRules(hours=tuple(orders.guard_hours), stuck_after=timedelta(minutes=15)),
        interval=timedelta(seconds=orders.interval),
        clock=clock,
    )


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _open_store(orders: Orders, points: Points, clock: Callable[[], datetime]) -> SqlStore:
    store = open_store(
        orders.database,
        clock=clock,
        lease=timedelta(seconds=orders.lease),
        settle=timedelta(seconds=orders.settle),
        interval=timedelta(seconds=orders.interval),
        patience=orders.store_patience,
    )
    points.of_engine(store._database.engine)
    return store


async def _open_cloud(
    orders: Orders, clock: Callable[[], datetime], stack: AsyncExitStack
) -> ModelArts:
    made_up = CloudCredentials()
    login = KeySigning(
        access_key=made_up.access_key,
        secret_key=made_up.secret_key,
        project_id=PROJECT_ID,
        clock=clock,
    )
    return _AsOfP1(
        client=await stack.enter_async_context(open_client()),
        endpoint=orders.cloud,
        project_id=PROJECT_ID,
        login=login,
        clock=clock,
        monotonic=lambda: clock().timestamp(),
        timeout=orders.patience,
        share_seconds=0,
    )


async def _open_slack(orders: Orders, points: Points, stack: AsyncExitStack) -> Messenger:
    session = await stack.enter_async_context(
        aiohttp.ClientSession(trace_configs=[points.of_http()])
    )
    slack = SlackMessenger(
        token=TOKEN,
        api_url=orders.slack,
        session=session,
        timeout=orders.patience,
    )
    while slack.identity is None:
        # On a slow machine the first call may time out.
        with suppress(MessengerError):
            await slack.identify()
    carrier = Blind if orders.is_naive else DeliverySender
    sender = carrier(slack.calls, identity=lambda: slack.identity, link_hosts=())
    return points.of_port("slack", sender)


class _AsOfP1(ModelArts):
    """The client of the stand-in cloud, with the project id that the proofs' store uses."""

    @property
    def project_id(self) -> str:
        return P1.project_id


class Blind(DeliverySender):
    """A sender whose search finds nothing, so that the courier posts again."""

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """Find nothing."""
        del delivery
        return ()


if __name__ == "__main__":
    main()
