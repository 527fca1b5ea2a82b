"""Copy one database completely into another, empty one, in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, Table, func, insert, inspect, literal, select, text

from bot.core.errors import StoreUnavailable
from bot.core.ports.time import Clock
from bot.core.text import Words, say
from bot.store.database import schema, tables
from bot.store.database.database import (
    Database,
    Timing,
    Transaction,
    begin_postgresql,
    begin_sqlite,
)
from bot.store.database.failures import Address, translated
from bot.store.database.file_lock import FileLock
from bot.store.database.new_file import is_missing, make_file
from bot.store.database.schema_owner import VERSION_TABLE, NotOurs
from bot.store.open import open_engine, sqlite_path
from bot.store.serving import Server, claim_file, refuse_if_served

_ROWS_AT_ONCE = 1_000
# A copy may take any time, but waits only briefly for a lock of somebody else.
_LIMITS = {"lock": "5s", "statement": "0", "idle": "0"}
# The registrations of servers are not copied, because nobody serves the new database yet.
_COPIED = tuple(table for table in tables.metadata.sorted_tables if table is not tables.server)

#: Called with a table's name, and the number of its rows copied since the last call.
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two databases, with an open transaction."""

    engine: Engine
    address: Address
    connection: Connection

    @property
    def is_sqlite(self) -> bool:
        """True for a SQLite file."""
        return self.engine.dialect.name == "sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How much was copied, and the target in words."""

    rows: int
    tables: int
    to: Words


def move(
    source_url: str,
    target_url: str,
    *,
    clock: Clock,
    begun: Callable[[int], None],
    progress: Progress,
) -> Moved:
    """Copy every row in one transaction of the target; `begun` is called with the number of rows.

    Raises StoreUnavailable; whatever stops the copy leaves the target without a row.
    """
    with ExitStack() as stack:
        _refuse_no_file(source_url)
        source = stack.enter_context(_opened(source_url, argument="FROM"))
        with translated(source.address):
            _refuse_other_schema(source)
            stack.enter_context(_alone(source, clock))
            total = sum(_count(source.connection, table) for table in _COPIED)
        _refuse_same_file(source_url, target_url)
        target = stack.enter_context(_opened(target_url, argument="TO", makes=True))
        with translated(target.address):
            _refuse_same(source, target)
            _refuse_used(target)
            stack.enter_context(_alone(target, clock))
            # In the same transaction as the copy, so that a failure leaves nothing behind.
            schema.apply_missing(target.connection)
        begun(total)
        rows = sum(_copy(source, target, table, progress) for table in _COPIED)
        with translated(target.address):
            target.connection.commit()
        return Moved(rows=rows, tables=len(_COPIED), to=target.address.words)


@contextmanager
def _opened(url: str, *, argument: str, makes: bool = False) -> Iterator[Side]:
    """Open a database with a transaction that is rolled back unless the caller commits it; `makes`
    creates a missing SQLite file."""
    engine, address = open_engine(url)
    if engine.dialect.name != "sqlite":
        cure = say(
            "Check {argument}, and that the database runs and can be reached from here.",
            argument=argument,
        )
        address = replace(address, cure=cure)
    try:
        with translated(address):
            if makes:
                make_file(engine)
            connection = engine.connect()
        with connection:
            with translated(address):
                if engine.dialect.name == "sqlite":
                    # Else SQLite would hold a large copy in memory until its end.
                    connection.exec_driver_sql("PRAGMA cache_spill = ON")
                    begin_sqlite(connection, writes=True)
                else:
                    begin_postgresql(connection, _LIMITS)
            yield Side(engine=engine, address=address, connection=connection)
    finally:
        engine.dispose()


@contextmanager
def _alone(side: Side, clock: Clock) -> Iterator[None]:
    """Keep servers out of the database meanwhile. Raises StoreUnavailable if one serves it now."""
    database = Database(side.engine, address=side.address, clock=clock, timing=Timing())
    lock = FileLock(database)
    try:
        if side.is_sqlite:
            claim_file(side.address, lock)
        if inspect(side.connection).has_table(tables.server.name):
            _refuse_served(side, clock)
        yield
    finally:
        database.threads.shutdown(wait=False)
        lock.give_up()


def _refuse_served(side: Side, clock: Clock) -> None:
    connection = side.connection
    now = clock()
    if not side.is_sqlite:
        now = connection.scalar(text("SELECT clock_timestamp()")) or now
        # A process that begins to serve it now waits for this lock, and then gives up.
        names = ", ".join(f'"{t.name}"' for t in _COPIED if inspect(connection).has_table(t.name))
        connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")
    transaction = Transaction(connection=connection, now=now, timing=Timing())
    refuse_if_served(transaction, Server(), side.address)


def _refuse_other_schema(source: Side) -> None:
    place, ours = source.address.words, schema.known_revisions()[-1]
    revision = _revision(source, cure=_NAME_WHAT_WAS_SERVED)
    if not revision:
        raise StoreUnavailable(
            say("There are no tables of ours in {database}.", database=place),
            hint=_NAME_WHAT_WAS_SERVED,
        )
    if revision < ours:
        raise StoreUnavailable(
            say(
                "The schema of {database} is at revision {revision}; this version needs revision"
                " {needed}.",
                database=place,
                revision=revision,
                needed=ours,
            ),
            hint=say("Set DATABASE_URL to it, run `visjob migrate`, and try again."),
        )
    if revision > ours:
        raise StoreUnavailable(
            say(
                "{database} is at revision {revision}, and this version knows {needed} at most: a"
                " copy would lose what is newer.",
                database=place,
                revision=revision,
                needed=ours,
            ),
            hint=say("Run it with the version of VisJob that serves that database."),
        )


_NAME_WHAT_WAS_SERVED = say("FROM is the database that `visjob serve` has used until now.")


def _revision(side: Side, *, cure: Words) -> str:
    try:
        return schema.current_revision(side.connection)
    except NotOurs as error:
        raise StoreUnavailable(error.sentence(side.address.words), hint=cure) from error


_IDENTITY = text(
    "SELECT pg_postmaster_start_time(), oid FROM pg_database WHERE datname = current_database()"
)


def _refuse_no_file(source_url: str) -> None:
    if source_url.startswith("sqlite:") and is_missing(sqlite_path(source_url)):
        raise StoreUnavailable(
            say("There is no file {path}.", path=str(sqlite_path(source_url))),
            hint=_NAME_WHAT_WAS_SERVED,
        )


def _refuse_same_file(source_url: str, target_url: str) -> None:
    """Raise StoreUnavailable if both URLs name one file, which the first connection has locked."""
    if source_url.startswith("sqlite:") and target_url.startswith("sqlite:"):
        one, other = sqlite_path(source_url), sqlite_path(target_url)
        if other.exists() and one.samefile(other):
            raise _is_same(say("the SQLite file {file}", file=str(one)))


def _refuse_same(source: Side, target: Side) -> None:
    if source.is_sqlite or target.is_sqlite:
        return
    one, other = (side.connection.execute(_IDENTITY).one() for side in (source, target))
    if one == other:
        raise _is_same(source.address.words)


def _is_same(database: Words) -> StoreUnavailable:
    words = say("FROM and TO are the same: {database}.", database=database)
    return StoreUnavailable(words, hint=_NAME_AN_EMPTY_ONE)


def _refuse_used(target: Side) -> None:
    """Raise StoreUnavailable unless the target is empty, or has only our tables without rows."""
    there = set(inspect(target.connection).get_table_names()) - {VERSION_TABLE}
    foreign = there - {table.name for table in tables.metadata.tables.values()}
    used = foreign or {t.name for t in _COPIED if t.name in there and _has_rows(target, t)}
    newest = schema.known_revisions()[-1]
    if used or (_revision(target, cure=_NAME_AN_EMPTY_ONE) != newest and there):
        raise StoreUnavailable(
            say(
                "There is something already in {database}: {tables}.",
                database=target.address.words,
                tables=", ".join(sorted(used or there)[:5]),
            ),
            hint=_NAME_AN_EMPTY_ONE,
        )


def _has_rows(side: Side, table: Table) -> bool:
    return side.connection.scalar(select(select(literal(1)).select_from(table).exists())) or False


_NAME_AN_EMPTY_ONE = say(
    "Nothing was changed. Name an empty database, or a new SQLite file, as TO."
)


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _copy(source: Side, target: Side, table: Table, progress: Progress) -> int:
    """Copy a table and return its number of rows. Raises StoreUnavailable if some do not arrive."""
    copied = 0
    with translated(source.address):
        streamed = source.connection.execution_options(yield_per=_ROWS_AT_ONCE)
        rows = streamed.execute(select(table)).mappings()
        for batch in rows.partitions():
            with translated(target.address):
                target.connection.execute(insert(table), [dict(row) for row in batch])
            copied += len(batch)
            progress(table.name, len(batch))
    with translated(target.address):
        arrived = _count(target.connection, table)
        _go_on_counting(target, table)
    if arrived != copied:
        raise StoreUnavailable(
            say(
                "Of {copied} rows of {table} {arrived} arrived.",
                copied=copied,
                table=table.name,
                arrived=arrived,
            ),
            hint=_NAME_AN_EMPTY_ONE,
        )
    return copied


def _go_on_counting(target: Side, table: Table) -> None:
    """Set PostgreSQL's sequence of ids behind the highest copied id, which it does not know of."""
    column = table.autoincrement_column
    if target.is_sqlite or column is None or column.autoincrement is not True:
        return
    counter = func.pg_get_serial_sequence(table.name, column.name)
    highest = func.max(column)
    target.connection.execute(select(func.setval(counter, highest)).having(highest.is_not(None)))
