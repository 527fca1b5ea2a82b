"""What the bot remembers of people, and the condition of its database."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select, text

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.text import Words, say, sentences
from bot.store.actions import SqlActions
from bot.store.agenda import read_agenda
from bot.store.call_budget import SqlCallBudget
from bot.store.calm import SqlCalm
from bot.store.care import SqlCare
from bot.store.database import schema, tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import named, of_project
from bot.store.database.database import Database, Transaction, translated
from bot.store.database.file_lock import FileLock
from bot.store.database.port import SqlPort, reading, writing
from bot.store.gauges import Gauges, has_overdue, read_gauges, subscribed_channels
from bot.store.history import SqlHistory
from bot.store.outbox import SqlOutbox
from bot.store.place_rules import SqlPlaceRules
from bot.store.requests import SqlRequests
from bot.store.rights import missing_grants
from bot.store.serving import Server, claim_file, forget_server, note_server, refuse_if_served
from bot.store.subscriptions import SqlSubscriptions
from bot.store.watchlist import SqlWatchlist
from bot.store.workspace_memory import SqlWorkspaceMemory
from bot.store.workspaces import SqlWorkspaces

_CHECK_DEADLINE = timedelta(seconds=1.5)
_GAUGES_DEADLINE = timedelta(seconds=1.5)
_LAST_WORD_DEADLINE = timedelta(seconds=1)

_REMEMBER_ASKED = text(
    "INSERT INTO last_asked (team_id, user_id, project_id, job_id, asked_at)"
    " VALUES (:team_id, :user_id, :project_id, :job_id, :asked_at)"
    " ON CONFLICT (team_id, user_id, project_id)"
    " DO UPDATE SET job_id = excluded.job_id, asked_at = excluded.asked_at"
).bindparams(bindparam("asked_at", type_=UtcTime))


def _remember_asked(
    transaction: Transaction, project: Project, user_id: str, job_id: JobId
) -> None:
    row = {**named(project), "user_id": user_id, "job_id": job_id, "asked_at": transaction.now}
    transaction.connection.execute(_REMEMBER_ASKED, row)


def _last_asked(transaction: Transaction, project: Project, user_id: str) -> JobId | None:
    c = tables.last_asked.c
    query = select(c.job_id).where(of_project(tables.last_asked, project), c.user_id == user_id)
    job_id = transaction.connection.scalar(query)
    return None if job_id is None else JobId(job_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCondition:
    """What a check of the database found; `problem` and `cure` are empty if all is well."""

    place: Words
    is_reachable: bool
    has_schema: bool
    problem: Words = ""
    cure: Words = ""

    @property
    def is_good(self) -> bool:
        """True if the bot can work with it."""
        return self.is_reachable and self.has_schema


class SqlStore(SqlPort):
    """The Store port over SQLite or PostgreSQL; its methods raise StoreUnavailable.

    The other ports that the same database serves hang on it.
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
        self.calm = SqlCalm(database)
        self.care = SqlCare(database)
        self.place_rules = SqlPlaceRules(database)
        self.workspace_memory = SqlWorkspaceMemory(database)
        self._lock = FileLock(database)
        self._server = Server()
        self._is_noted = False
        self._probe: asyncio.Task[StoreCondition] | None = None
        self._gauging: asyncio.Task[Gauges] | None = None

    remember_asked = writing(_remember_asked)
    last_asked = reading(_last_asked)
    agenda = reading(read_agenda)
    has_overdue = reading(has_overdue)
    subscribed_channels = reading(subscribed_channels)
    missing_grants = reading(missing_grants)

    async def prepare(self) -> None:
        """Make ready to serve: bring a SQLite file up to date, refuse an old PostgreSQL schema.

        A SQLite file that another process serves is refused, too.
        """
        if self._database.is_sqlite:
            claim_file(self._database.address, self._lock)
            with translated(self._database.address):
                await asyncio.to_thread(schema.bring_up, self._database.engine)
            await self._database.read(self._refuse_if_served)
            await self._database.shorten_log()
            return
        problem, cure = self._problem(*await self._database.read(_schema))
        if problem:
            raise StoreUnavailable(problem, hint=cure)

    async def check(self) -> StoreCondition:
        """Say whether the database has our tables and takes writes; needs 1.5 s at most.

        A database that hangs is asked once, whoever wants to know meanwhile.
        """
        if self._probe is None or self._probe.done():
            self._probe = asyncio.create_task(self._look())
        return await asyncio.shield(self._probe)

    async def gauges(self) -> Gauges:
        """The figures of a dashboard, within 1.5 s; asked once, whoever wants to know meanwhile.
        Raises StoreUnavailable."""
        if self._gauging is None or self._gauging.done():
            deadline = _GAUGES_DEADLINE / self._database.patience
            self._gauging = asyncio.create_task(self._database.read(read_gauges, deadline=deadline))
            # Seen, also where whoever asked has hung up.
            self._gauging.add_done_callback(lambda end: end.cancelled() or end.exception())
        return await asyncio.shield(self._gauging)

    async def note_serving(self) -> None:
        """Leave word in the database that this process serves it: to be called every
        `serving.NOTED_EVERY`. Raises StoreUnavailable."""
        await self._database.write(lambda transaction: note_server(transaction, self._server))
        self._is_noted = True

    async def close(self) -> None:
        """Close the connections; what hangs is left behind."""
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

    async def _look(self) -> StoreCondition:
        try:
            # Whoever asks waits no longer, however patient the other calls are.
            deadline = _CHECK_DEADLINE / self._database.patience
            found = await self._database.write(_try_out, deadline=deadline)
        except StoreUnavailable as error:
            return self._condition(is_reachable=False, problem=error.sentence, cure=error.hint)
        problem, cure = self._problem(*found)
        return self._condition(problem=problem, cure=cure)

    def _problem(self, revision: str, grant: str) -> tuple[Words, Words]:
        """What the schema lacks and the cure; both empty if it lacks nothing."""
        if schema.is_current(revision):
            return "", ""
        before = say("Before that, let the owner type: {grant}", grant=grant) if grant else ""
        cure = sentences(_MIGRATE, before)
        needed = schema.known_revisions()[-1]
        place = self._database.address.words
        if not revision:
            return say(
                "{database} has no tables of ours; this version needs revision {needed}",
                database=place,
                needed=needed,
            ), cure
        return say(
            "{database} is at revision {revision}; this version needs revision {needed}",
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
    """The revision, and the GRANT that is missing to move on from it."""
    revision = schema.current_revision(transaction.connection)
    is_current = schema.is_current(revision)
    return revision, "" if is_current else schema.missing_grant(transaction.connection)


def _try_out(transaction: Transaction) -> tuple[str, str]:
    """The same; raises the driver's error where writes are refused."""
    found = _schema(transaction)
    if schema.is_current(found[0]):
        schema.try_to_write(transaction.connection)
    return found
