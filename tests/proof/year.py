"""A simulated year of a project of 300 jobs, to see what retention leaves: rows, bytes, time.

    python -m tests.proof.year               # a year, with the usual 180 days of history
    python -m tests.proof.year 60 10         # 60 days, of which 10 are kept

The real watcher reads a list of the project four times a day, and the real store records and
forgets; only the deliveries are marked as sent at once. Jobs are created and deleted all the time,
and people ask, keep jobs, and subscribe to single ones.
"""

import asyncio
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import structlog
from sqlalchemy import update

from bot.catalog import Catalog
from bot.core.care import Keep
from bot.core.subscription import DeliveryMode, JobTarget, Place, ProjectTarget, Target
from bot.store import SqlStore
from bot.store.database import tables
from bot.watcher.pace import Pace
from bot.watcher.watcher import Watcher
from tests.databases import MEMORY, sqlite_migrated
from tests.fakes import FakeSource, ManualClock
from tests.make import OURS, TEAM, a_job
from tests.proof.virtual_time import open_on_this_thread
from tests.watch_fakes import a_subscription

#: How many days of history `serve` keeps by default.
KEPT_DAYS = 180
# The statuses of a job in order, and those of its end.
_LIFE = (1, 7, 8)
_ENDS = (9, 9, 12)
_MONTH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The database at the end of a month, and how long the clean-ups of its days took."""

    day: int
    rows: dict[str, int]
    megabytes: float
    #: In seconds, for all transactions of one day's clean-up.
    worst_cleanup: float
    mean_cleanup: float
    #: In seconds: the longest single transaction, for which other writers wait.
    worst_transaction: float

    @property
    def line(self) -> str:
        """The row of the printed table."""
        most = sorted(self.rows.items(), key=lambda one: -one[1])[:6]
        told = ", ".join(f"{name} {count:,}" for name, count in most)
        return (
            f"| {self.day} | {sum(self.rows.values()):,} | {told} | {self.megabytes:.1f} |"
            f" {self.mean_cleanup:.3f} | {self.worst_cleanup:.3f} | {self.worst_transaction:.3f} |"
        )


HEAD = (
    "| day | rows | most of them | MB | clean-up of a day, mean s | worst s | a transaction of it,"
    " worst s |\n|---|---|---|---|---|---|---|"
)


class Year:
    """The life of a project, day by day."""

    def __init__(
        self,
        file: Path,
        *,
        kept_days: int,
        jobs: int = 300,
        new_jobs: int = 30,
        polls: int = 4,
        asks: int = 40,
    ) -> None:
        """Each day `new_jobs` jobs are created and as many deleted, the list is read `polls` times,
        and people ask `asks` times."""
        self.clock = ManualClock()
        self._dice = random.Random(7)  # noqa: S311 - lives of jobs, not a secret
        self._kept = timedelta(days=kept_days)
        self._jobs, self._new_jobs = jobs, new_jobs
        self._polls, self._asks = polls, asks
        self._source = FakeSource(clock=self.clock)
        file.write_bytes(sqlite_migrated())
        interval = timedelta(days=1) / polls
        self.store: SqlStore = open_on_this_thread(file, clock=self.clock, interval=interval)
        pace = Pace(interval=interval.total_seconds(), calls_per_minute=0)
        catalog = Catalog(self._source, clock=self.clock)
        self._watcher = Watcher(
            catalog, self.store.watchlist, self.store.budget, pace=pace, clock=self.clock
        )
        self._last_id = 0
        self._day = 0
        self._cleanups: list[float] = []
        self._transactions: list[float] = []

    async def begin(self) -> None:
        """Create the first jobs, and let a channel follow the project."""
        for _ in range(self._jobs):
            self._create()
        await self._follow(ProjectTarget(), "C1")

    async def live(self, days: int) -> list[Month]:
        """Run so many days; return the figures of the end of each month and of the last day."""
        months: list[Month] = []
        for day in range(1, days + 1):
            await self._live_a_day()
            self._day += 1
            if day % _MONTH == 0 or day == days:
                months.append(self._look(self._day))
        return months

    async def _live_a_day(self) -> None:
        for _ in range(self._new_jobs):
            self._create()
            del self._source.jobs[-1]
        await self._ask()
        for _ in range(self._polls):
            self._age()
            await self._poll()
            self._deliver()
        await self._forget()

    def _create(self) -> None:
        self._last_id += 1
        job = a_job(self._last_id, _LIFE[0], name=f"run-{self._last_id}")
        self._source.jobs.insert(0, job._replace(created_at=self.clock()))

    def _age(self) -> None:
        """Advance the young jobs that do not run yet, and end some that run."""
        for index, job in enumerate(self._source.jobs[: 4 * self._new_jobs]):
            status = int(job.status)
            if status in _LIFE[:-1]:
                following = _LIFE[_LIFE.index(status) + 1]
            elif status == _LIFE[-1] and not self._dice.randrange(10):
                following = self._dice.choice(_ENDS)
            else:
                continue
            self._source.jobs[index] = a_job(job.id, following, name=job.name)._replace(
                created_at=job.created_at
            )

    async def _ask(self) -> None:
        """Let people ask, one person keep a job, and one channel follow a job."""
        newest = self._source.jobs[0].id
        for number in range(self._asks):
            user = f"U{number % 40}"
            await self.store.remember_asked({(OURS, user): newest})
        await self.store.care.keep(
            OURS, newest, Keep(until=self.clock() + timedelta(days=1), by="U1")
        )
        await self._follow(JobTarget(newest), "C2")

    async def _follow(self, target: Target, channel_id: str) -> None:
        wish = a_subscription(
            target,
            place=Place(team_id=TEAM, channel_id=channel_id),
            delivery_mode=DeliveryMode.THREAD,
            created_at=self.clock(),
        )
        key = f"trigger-{self.clock().timestamp()}-{channel_id}"
        await self.store.subscriptions.subscribe(wish, baseline=None, request_key=key)

    async def _poll(self) -> None:
        """Poll twice, because a deleted job must be denied twice."""
        for _ in range(2):
            self.clock.advance(seconds=40)
            await self._watcher.poll(OURS)
        self.clock.advance(seconds=86_400 / self._polls - 2 * 40)

    def _deliver(self) -> None:
        """Mark all open deliveries as sent, and all cards as up to date."""
        with self.store._database.begin() as transaction:
            execute = transaction.connection.execute
            execute(
                update(tables.delivery)
                .where(tables.delivery.c.state == "open")
                .values(state="sent", finished_at=transaction.now, ts="1.000001")
            )
            execute(
                update(tables.card)
                .where(tables.card.c.wanted > tables.card.c.shown)
                .values(shown=tables.card.c.wanted, ts="1.000001")
            )

    async def _forget(self) -> None:
        moment, took = self.clock() - self._kept, 0.0
        is_more = True
        while is_more:
            began = perf_counter()
            is_more = await self.store.history.forget_some_before(moment)
            self._transactions.append(perf_counter() - began)
            took += self._transactions[-1]
        self._cleanups.append(took)

    def _look(self, day: int) -> Month:
        with self.store._database.begin() as transaction:
            execute = transaction.connection.exec_driver_sql
            rows = {
                table.name: execute(f"SELECT count(*) FROM {table.name}").scalar_one()  # noqa: S608
                for table in tables.metadata.sorted_tables
            }
            pages = execute("PRAGMA page_count").scalar_one()
            size = execute("PRAGMA page_size").scalar_one()
        cleanups, transactions = self._cleanups, self._transactions
        self._cleanups, self._transactions = [], []
        return Month(
            day=day,
            rows=rows,
            megabytes=pages * size / 1_000_000,
            worst_cleanup=max(cleanups),
            mean_cleanup=sum(cleanups) / len(cleanups),
            worst_transaction=max(transactions),
        )


@contextmanager
def begun(**details: int) -> Iterator[Year]:
    """Make a year in a folder of its own; `details` are arguments of Year."""
    with TemporaryDirectory(prefix="visjob-year-", dir=MEMORY) as folder:
        yield Year(Path(folder) / "year.db", **details)


async def _main(days: int, kept_days: int) -> None:
    with begun(kept_days=kept_days) as year:
        await year.begin()
        print(HEAD)  # noqa: T201 - a command
        for first in range(0, days, _MONTH):
            for month in await year.live(min(days - first, _MONTH)):
                print(month.line, flush=True)  # noqa: T201 - likewise
        await year.store.close()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    given = [int(one) for one in sys.argv[1:]]
    asyncio.run(_main(given[0] if given else 365, given[1] if given[1:] else KEPT_DAYS))
