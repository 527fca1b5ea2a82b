"""The stage on which replicas are killed: a cloud, a Slack, a database and a clock that outlive
them."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.core.change import StatusChange
from bot.core.job import JobId
from bot.core.subscription import Place
from bot.demo.cloud import StandInCloud
from bot.demo.cloud.jobs import CloudJob, life
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import BOT_USER, Channel
from bot.demo.workspace.log import MessageLog
from bot.store import open_store
from bot.store.database.tables import card, delivery, project, watch_lease
from tests.fakes import ManualClock
from tests.proof.replica import TEAM, TOKEN, Orders
from tests.store.conftest import UNHURRIED
from tests.store.world import NOON, P1, World, connected

_LONGEST_BIRTH_SECONDS = 60
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Died(Exception):
    """The replica is dead."""


class Forge:
    """The program that forks replicas."""

    def __init__(self, program: "subprocess.Popen[bytes]") -> None:
        self._program = program

    def spawn(self, orders: Orders) -> None:
        """Fork a replica with these orders."""
        assert self._program.stdin
        self._program.stdin.write(orders.line())
        self._program.stdin.flush()


@contextmanager
def forging(source: Path | None = None) -> Iterator[Forge]:
    """Run a program that forks replicas, of this source tree or of another one."""
    command = [sys.executable, "-m", "tests.proof.replica"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=source) as program:
        yield Forge(program)
        assert program.stdin
        program.stdin.close()


class Actor:
    """One replica, as the test controls it over a socket."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, process_id: int
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._process_id = process_id
        self.points: list[str] = []

    async def do(self, what: str, *, now: datetime, **details: Any) -> None:
        """Send a command and wait for its end. Raises Died."""
        self.tell(what, now=now, **details)
        try:
            line = await self._reader.readline()
        except ConnectionError:
            line = b""
        if not line:
            raise Died
        answer = json.loads(line)
        assert "failed" not in answer, answer["failed"]
        self.points += answer["points"]

    def tell(self, what: str, *, now: datetime, **details: Any) -> None:
        """Send a command and do not wait."""
        told = {"do": what, "now": now.timestamp(), **details}
        self._writer.write(json.dumps(told).encode() + b"\n")

    def send(self, number: signal.Signals) -> None:
        """Send a signal; do nothing if the process is gone already."""
        if self._reader.at_eof():
            return
        try:
            os.kill(self._process_id, number)
        except ProcessLookupError:
            return

    async def die(self) -> None:
        """Kill the replica, and wait until it is gone."""
        self.send(signal.SIGKILL)
        await self._reader.read()

    def leave(self) -> None:
        """Close the connection, at which a living replica ends."""
        self._writer.close()


@dataclass(slots=True, kw_only=True)
class Stage:
    """All that exists before and after every replica."""

    forge: Forge
    cloud: StandInCloud
    slack: StandInWorkspace
    world: World
    clock: Callable[[], datetime]
    orders: Orders
    arrivals: "asyncio.Queue[Actor]"

    async def enter(self, **details: Any) -> Actor:
        """Start a replica; `details` are fields of its orders."""
        now = self.clock().timestamp() if self.orders.now is not None else None
        self.forge.spawn(replace(self.orders, now=now, **details))
        return await asyncio.wait_for(self.arrivals.get(), _LONGEST_BIRTH_SECONDS)

    async def history(self) -> tuple[StatusChange, ...]:
        """Return every recorded change."""
        return await self.world.store.history.changes_since(P1, since=LONG_AGO)

    async def is_quiet(self) -> bool:
        """Return whether no delivery is open or held; fail if one is dead."""
        counts = await self.world.store.history.counts(P1)
        assert not counts.dead
        return not counts.open + counts.held

    async def is_shown(self) -> bool:
        """Return whether every card shows the latest state."""
        with connected(self.world.store) as connection:
            behind = select(func.count()).where(card.c.wanted > card.c.shown)
            return not connection.scalar(behind)

    async def is_rescanned(self) -> bool:
        """Return whether no rescan is due."""
        with connected(self.world.store) as connection:
            due = select(func.count()).where(delivery.c.rescan_at <= await self.world.now())
            return not connection.scalar(due)

    async def is_free(self) -> bool:
        """Return whether no lease goes on, not even one of a dead replica."""
        with connected(self.world.store) as connection:
            for table in (delivery, card, watch_lease, project):
                leased = select(func.count()).where(table.c.lease_until > await self.world.now())
                if connection.scalar(leased):
                    return False
        return True

    def told(self, place: Place) -> list[str]:
        """Return the delivery id of every change that a place shows, also in groups, oldest
        first."""
        ids = []
        for payload in map(_payload, self.slack.messages(place.channel_id)):
            changes = payload.get("changes", [payload])
            ids += [change["delivery_id"] for change in changes if "delivery_id" in change]
        return ids

    def cards(self, place: Place) -> list[str]:
        """Return the texts of a place's cards."""
        return [
            message["text"]
            for message in self.slack.messages(place.channel_id)
            if message.get("metadata", {}).get("event_type") == "visjob_card"
        ]

    def add_place(self, number: int) -> Place:
        """Add a channel with the bot in it."""
        channel = Channel(
            id=f"C0PROOF{number:03}", name=f"proof-{number}", kind="channel", members={BOT_USER}
        )
        self.slack.state.channels[channel.id] = channel
        self.slack.state.logs[channel.id] = MessageLog()
        return Place(team_id=TEAM, channel_id=channel.id)

    def add_job(self, number: int, status: int) -> None:
        """Add a job to the cloud; its status changes only by `cloud.push`."""
        now = self.clock()
        self.cloud.add_job(
            CloudJob(
                job_id=JobId(number),
                name=f"run-{number}",
                train_url="obs://lab/logs/",
                service_url="https://console.huaweicloud.com/tb",
                resource_id=f"r{number}",
                created=now - timedelta(hours=1),
                began=now - timedelta(minutes=1),
                life=life(status),
            )
        )


@asynccontextmanager
async def staged(forge: Forge, database: str, **details: Any) -> AsyncIterator[Stage]:
    """Make a stage over a migrated database; `details` are fields of every replica's orders."""
    is_sqlite = database.startswith("sqlite")
    moved = ManualClock(NOON)
    clock: Callable[[], datetime] = moved if is_sqlite else _utc_now
    store = open_store(database, clock=clock, patience=UNHURRIED)
    cloud = StandInCloud(clock=clock, jobs=[])
    slack = StandInWorkspace(clock=clock, signing_secret="s", bot_token=TOKEN)
    arrivals: asyncio.Queue[Actor] = asyncio.Queue()

    async def arrive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        actors.append(Actor(reader, writer, int(await reader.readline())))
        arrivals.put_nowait(actors[-1])

    actors: list[Actor] = []
    with tempfile.TemporaryDirectory(prefix="visjob-proof-") as folder:
        path = str(Path(folder) / "replicas")
        server = await asyncio.start_unix_server(arrive, path)
        await cloud.start()
        await slack.start()
        orders = Orders(
            socket=path,
            database=database,
            slack=slack.api_url,
            cloud=cloud.url,
            now=moved.now.timestamp() if is_sqlite else None,
            **details,
        )
        try:
            yield Stage(
                forge=forge,
                cloud=cloud,
                slack=slack,
                world=World(store, moved),
                clock=clock,
                orders=orders,
                arrivals=arrivals,
            )
        finally:
            for actor in actors:
                actor.send(signal.SIGKILL)
                actor.leave()
            server.close()
            await slack.close()
            await cloud.close()
            await store.close()


def _payload(message: dict[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = message.get("metadata", {}).get("event_payload", {})
    return payload


def _utc_now() -> datetime:
    return datetime.now(UTC)
