"""What the bot remembers of people, and the condition of its database."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select, text

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.store.call_budget import SqlCallBudget
from bot.store.database import schema
from bot.store.database.columns import UtcTime
from bot.store.database.database import Database, Transaction, translated
from bot.store.database.file_lock import FileLock
from bot.store.database.tables import last_asked
from bot.store.history import SqlHistory
from bot.store.outbox import SqlOutbox
from bot.store.subscriptions import SqlSubscriptions
from bot.store.watchlist import SqlWatchlist
from bot.store.workspaces import SqlWorkspaces

_CHECK_DEADLINE = timedelta(seconds=1.5)

_REMEMBER_ASKED = text(
    "INSERT INTO last_asked (team_id, user_id, project_id, job_id, asked_at)"
    " VALUES (:team_id, :user_id, :project_id, :job_id, :asked_at)"
    " ON CONFLICT (team_id, user_id, project_id)"
    " DO UPDATE SET job_id = excluded.job_id, asked_at = excluded.asked_at"
).bindparams(bindparam("asked_at", type_=UtcTime))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCondition:
    """What a check of the database found; `problem` and `cure` are empty if all is well."""

    place: str
    is_reachable: bool
    has_schema: bool
    problem: str = ""
    cure: str = ""

    @property
    def is_good(self) -> bool:
        """True if the bot can work with it."""
        return self.is_reachable and self.has_schema


class SqlStore:
    """The Store port over SQLite or PostgreSQL; its methods raise StoreUnavailable.

    The other ports that the same database serves hang on it.
    """

    def __init__(
        self,
        database: Database,
        *,
        project_id: str,
        subscriptions: SqlSubscriptions,
        watchlist: SqlWatchlist,
        outbox: SqlOutbox,
        budget: SqlCallBudget,
        workspaces: SqlWorkspaces,
        ledger: SqlHistory,
    ) -> None:
        self.subscriptions = subscriptions
        self.watchlist = watchlist
        self.outbox = outbox
        self.budget = budget
        self.workspaces = workspaces
        self.history = ledger
        self._database = database
        self._project_id = project_id
        self._single = FileLock(database)
        self._probe: asyncio.Future[tuple[str, str]] | None = None

    async def remember_asked(self, team_id: str, user_id: str, job_id: JobId) -> None:
        """This person last asked for this job."""

        async def write(transaction: Transaction) -> None:
            row = {
                "team_id": team_id,
                "user_id": user_id,
                "project_id": self._project_id,
                "job_id": job_id,
                "asked_at": transaction.now,
            }
            await transaction.connection.execute(_REMEMBER_ASKED, row)

        await self._database.write(write)

    async def last_asked(self, team_id: str, user_id: str) -> JobId | None:
        """The job this person last asked for, or None."""
        query = select(last_asked.c.job_id).where(
            last_asked.c.team_id == team_id,
            last_asked.c.user_id == user_id,
            last_asked.c.project_id == self._project_id,
        )

        async def read(transaction: Transaction) -> JobId | None:
            job_id = await transaction.connection.scalar(query)
            return None if job_id is None else JobId(job_id)

        return await self._database.read(read)

    async def prepare(self) -> None:
        """Make ready to serve: bring a SQLite file up to date, refuse an old PostgreSQL schema.

        A SQLite file that another process serves is refused, too.
        """
        if self._database.is_sqlite:
            self._single.claim()
            with translated(self._database.address):
                await schema.bring_up(self._database.writer)
            return
        problem, cure = await self._database.read(self._schema_problem)
        if problem:
            raise StoreUnavailable(problem, hint=cure)

    async def check(self) -> StoreCondition:
        """Say whether the database has our tables and takes writes; needs 1.5 s at most.

        A database that hangs is asked once, whoever wants to know meanwhile.
        """
        if self._probe is None or self._probe.done():
            self._probe = self._database.start(
                self._database.run(self._try_out, self._database.writer)
            )
        probe = self._probe
        await asyncio.wait({probe}, timeout=_CHECK_DEADLINE.total_seconds())
        if not probe.done() and self._probe is probe and not self._database.is_sqlite:
            # The next check shall meet another connection: only this one may be dead.
            probe.cancel()
            self._probe = None
        try:
            problem, cure = self._database.result(probe, _CHECK_DEADLINE)
        except StoreUnavailable as error:
            return self._condition(is_reachable=False, problem=str(error), cure=error.hint)
        return self._condition(problem=problem, cure=cure)

    async def close(self) -> None:
        """Close the connections; what hangs is left behind."""
        await self._database.close()
        self._single.give_up()

    async def _try_out(self, transaction: Transaction) -> tuple[str, str]:
        """As _schema_problem; raises the driver's error where writes are refused."""
        found = await self._schema_problem(transaction)
        if not any(found):
            await transaction.connection.run_sync(schema.try_to_write)
        return found

    async def _schema_problem(self, transaction: Transaction) -> tuple[str, str]:
        """What the schema lacks and the cure; both empty if it lacks nothing."""
        revision = await transaction.connection.run_sync(schema.current_revision)
        if schema.is_current(revision):
            return "", ""
        grant = await transaction.connection.run_sync(schema.missing_grant)
        cure = f"{_MIGRATE} Before that, let the owner type: {grant}" if grant else _MIGRATE
        needed = schema.known_revisions()[-1]
        has = f"is at revision {revision}" if revision else "has no tables of ours"
        place = self._database.address.words
        return f"{place} {has}; this version needs revision {needed}", cure

    def _condition(self, *, is_reachable: bool = True, problem: str, cure: str) -> StoreCondition:
        return StoreCondition(
            place=self._database.address.words,
            is_reachable=is_reachable,
            has_schema=not problem,
            problem=problem,
            cure=cure,
        )


_MIGRATE = "Run `visjob migrate`."
