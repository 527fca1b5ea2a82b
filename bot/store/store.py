"""The Store over SQL: the last jobs that people asked for, and the condition of the database."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import bindparam, select, text

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.text import Words, say, sentences
from bot.store.actions import SqlActions
from bot.store.call_budget import SqlCallBudget
from bot.store.care import SqlCare
from bot.store.database import schema, tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_project, project_key
from bot.store.database.database import CALL_DEADLINE, Database, Transaction
from bot.store.database.failures import translated
from bot.store.database.file_check import refuse_strange_file
from bot.store.database.file_lock import FileLock
from bot.store.database.new_file import make_file
from bot.store.database.port import SqlPort, reading, writing
from bot.store.due_work import find_due_work
from bot.store.gauges import has_overdue, read_gauges, subscribed_channels
from bot.store.history import SqlHistory
from bot.store.outbox import SqlOutbox
from bot.store.place_rules import SqlPlaceRules
from bot.store.requests import SqlRequests
from bot.store.rights import missing_grants
from bot.store.serving import Server, claim_file, forget_server, note_server, refuse_if_served
from bot.store.snoozes import SqlSnoozes
from bot.store.subscriptions import SqlSubscriptions
from bot.store.watchlist import SqlWatchlist
from bot.store.workspace_memory import SqlWorkspaceMemory
from bot.store.workspaces import SqlWorkspaces

#: How long a probe for readiness waits for the database. All replicas share it, so a slow one is
#: ready: without traffic people would get no answer, instead of a late one. Those who probe wait
#: 4 s (`visjob healthcheck`) or 5 s (Kubernetes).
PROBE_DEADLINE = timedelta(seconds=3.5)
_LAST_WORD_DEADLINE = timedelta(seconds=1)

_REMEMBER_ASKED = text(
    "INSERT INTO last_asked (team_id, user_id, project_id, job_id, asked_at)"
    " VALUES (:team_id, :user_id, :project_id, :job_id, :asked_at)"
    " ON CONFLICT (team_id, user_id, project_id)"
    " DO UPDATE SET job_id = excluded.job_id, asked_at = excluded.asked_at"
).bindparams(bindparam("asked_at", type_=UtcTime))


def _remember_asked(transaction: Transaction, asked: Mapping[tuple[Project, str], JobId]) -> None:
    rows = [
        {**project_key(project), "user_id": user_id, "job_id": job_id, "asked_at": transaction.now}
        for (project, user_id), job_id in asked.items()
    ]
    # Write in one order, so that two replicas cannot deadlock.
    rows.sort(key=lambda row: (row["team_id"], row["project_id"], row["user_id"]))
    if rows:
        transaction.connection.execute(_REMEMBER_ASKED, rows)


def _last_asked(transaction: Transaction, project: Project, user_id: str) -> JobId | None:
    c = tables.last_asked.c
    query = select(c.job_id).where(of_project(tables.last_asked, project), c.user_id == user_id)
    job_id = transaction.connection.scalar(query)
    return None if job_id is None else JobId(job_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCondition:
    """The result of a check of the database; `problem` and `cure` are empty if all is well."""

    place: Words
    is_reachable: bool
    has_schema: bool
    problem: Words = ""
    cure: Words = ""

    @property
    def is_good(self) -> bool:
        """True if the bot can work with the database."""
        return self.is_reachable and self.has_schema


class SqlStore(SqlPort):
    """The Store port over SQLite or PostgreSQL; its methods raise StoreUnavailable.

    The other ports over the same database are its attributes.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.subscriptions = SqlSubscriptions(database)
        self.watchlist = SqlWatchlist(database)
        self.outbox = SqlOutbox(database)
        self.budget = SqlCallBudget(database)
        self.workspaces = SqlWorkspaces(database)
        self.history = SqlHistory(database)
        self.requests = SqlRequests(database)
        self.actions = SqlActions(database)
        self.snoozes = SqlSnoozes(database)
        self.care = SqlCare(database)
        self.place_rules = SqlPlaceRules(database)
        self.workspace_memory = SqlWorkspaceMemory(database)
        self._lock = FileLock(database)
        self._server = Server()
        self._is_noted = False
        self._probe: asyncio.Task[StoreCondition] | None = None

    remember_asked = writing(_remember_asked)
    last_asked = reading(_last_asked)
    find_due_work = reading(find_due_work)
    has_overdue = reading(has_overdue)
    subscribed_channels = reading(subscribed_channels)
    missing_grants = reading(missing_grants)
    gauges = reading(read_gauges)

    async def prepare(self) -> None:
        """Prepare to serve: bring a SQLite file up to date, refuse an outdated PostgreSQL schema.

        Raises StoreUnavailable, also if another process serves the SQLite file.
        """
        if self._database.is_sqlite:
            with translated(self._database.address):
                make_file(self._database.engine)
            path = Path(self._database.engine.url.database or "")
            await asyncio.to_thread(refuse_strange_file, path, self._database.address)
            claim_file(self._database.address, self._lock)
            with translated(self._database.address):
                await asyncio.to_thread(schema.bring_up, self._database.engine)
            await self._database.read(self._refuse_if_served)
            await self._database.checkpoint()
            return
        problem, cure = self._problem(*await self._database.read(_schema))
        if problem:
            raise StoreUnavailable(problem, hint=cure)

    async def check(self, *, within: timedelta = CALL_DEADLINE) -> StoreCondition:
        """Check that the database has our tables and accepts writes, in this time.

        Concurrent callers share one check, so that a hanging database is asked once.
        """
        if self._probe is None or self._probe.done():
            self._probe = asyncio.create_task(self._look(within))
        return await asyncio.shield(self._probe)

    async def answers(self) -> bool:
        """True if the database answers anything at all before a call to it is given up (5 s)."""
        try:
            await self._database.read(lambda _: None)
        except StoreUnavailable:
            return False
        return True

    async def note_serving(self) -> None:
        """Record in the database that this process serves it; to be called every
        `serving.NOTED_EVERY`. Raises StoreUnavailable."""
        await self._database.write(lambda transaction: note_server(transaction, self._server))
        self._is_noted = True

    async def close(self) -> None:
        """Remove this server's row, close the connections, and release the file's lock."""
        if self._is_noted:
            self._is_noted = False
            with suppress(StoreUnavailable):
                await self._database.write(self._forget_serving, deadline=_LAST_WORD_DEADLINE)
        await self._database.close()
        self._lock.give_up()

    def _refuse_if_served(self, transaction: Transaction) -> None:
        refuse_if_served(transaction, self._server, self._database.address)

    def _forget_serving(self, transaction: Transaction) -> None:
        forget_server(transaction, self._server)

    async def _look(self, within: timedelta) -> StoreCondition:
        try:
            # The check keeps its deadline, whatever `patience` multiplies that of other calls by.
            deadline = within / self._database.patience
            found = await self._database.write(_try_out, deadline=deadline)
        except StoreUnavailable as error:
            return self._condition(is_reachable=False, problem=error.sentence, cure=error.hint)
        problem, cure = self._problem(*found)
        return self._condition(problem=problem, cure=cure)

    def _problem(self, revision: str, grant: str) -> tuple[Words, Words]:
        """Return what the schema lacks and the cure; both are empty if it lacks nothing."""
        if schema.is_current(revision):
            return "", ""
        before = say("Before that, let the owner type: {grant}", grant=grant) if grant else ""
        cure = sentences(_MIGRATE, before)
        needed = schema.known_revisions()[-1]
        place = self._database.address.words
        if not revision:
            return say(
                "There are no tables of ours in {database}; this version needs revision {needed}.",
                database=place,
                needed=needed,
            ), cure
        return say(
            "The schema of {database} is at revision {revision}; this version needs revision"
            " {needed}.",
            database=place,
            revision=revision,
            needed=needed,
        ), cure

    def _condition(
        self, *, is_reachable: bool = True, problem: Words, cure: Words
    ) -> StoreCondition:
        return StoreCondition(
            place=self._database.address.words,
            is_reachable=is_reachable,
            has_schema=not problem,
            problem=problem,
            cure=cure,
        )


_MIGRATE = say("Run `visjob migrate`.")


def _schema(transaction: Transaction) -> tuple[str, str]:
    """Return the revision, and the missing GRANT to migrate from it; empty if there is no need."""
    revision = schema.current_revision(transaction.connection)
    is_current = schema.is_current(revision)
    return revision, "" if is_current else schema.missing_grant(transaction.connection)


def _try_out(transaction: Transaction) -> tuple[str, str]:
    """Return the same as `_schema`. Raises the driver's error if writes are refused."""
    found = _schema(transaction)
    if schema.is_current(found[0]):
        schema.try_to_write(transaction.connection)
    else:  # a commit would make SQLite write to an empty file
        transaction.connection.rollback()
    return found
