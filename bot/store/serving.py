"""Register the processes that serve a database: each updates its own row every 10 seconds."""

import os
import socket
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, delete, select, text

from bot.core.errors import StoreUnavailable
from bot.core.text import Words, say, sentences
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.failures import Address
from bot.store.database.file_lock import FileLock

#: How often a server updates its row.
NOTED_EVERY = timedelta(seconds=10)
# A killed server leaves its row: the server counts as alive for this long after its last update.
_ALIVE_FOR = 3 * NOTED_EVERY
# When the rows of killed servers are removed.
_FORGOTTEN_AFTER = timedelta(days=1)

_NOTE = text(
    "INSERT INTO server (id, host, process, seen_at) VALUES (:id, :host, :process, :seen_at)"
    " ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
).bindparams(bindparam("seen_at", type_=UtcTime))

# PostgreSQL knows whether the server is still connected. A pooler keeps its connections open:
# then only the time of the row's last update decides.
_ALIVE_IN_POSTGRESQL = text(
    "EXISTS (SELECT 1 FROM pg_stat_activity AS session"
    " WHERE session.datname = current_database() AND session.pid <> pg_backend_pid()"
    " AND session.application_name = current_setting('application_name')"
    " AND session.backend_start <= server.seen_at)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A process that serves the database."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    host: str = field(default_factory=socket.gethostname)
    process: int = field(default_factory=os.getpid)


def note_server(transaction: Transaction, server: Server) -> None:
    """Update this server's row, and remove the rows of servers that died long ago."""
    now, c = transaction.now, tables.server.c
    transaction.connection.execute(delete(tables.server).where(c.seen_at < now - _FORGOTTEN_AFTER))
    row = {"id": server.id, "host": server.host, "process": server.process, "seen_at": now}
    transaction.connection.execute(_NOTE, row)


def forget_server(transaction: Transaction, server: Server) -> None:
    """Remove this server's row, because it stops serving."""
    transaction.connection.execute(delete(tables.server).where(tables.server.c.id == server.id))


def claim_file(address: Address, lock: FileLock) -> None:
    """Take the lock of a SQLite file. Raises StoreUnavailable if another process serves it."""
    if not lock.claim():
        # The database names the other process, but opening it under another path is unsafe.
        raise _refusal(address, say("another process"))


def refuse_if_served(transaction: Transaction, server: Server, address: Address) -> None:
    """Raise StoreUnavailable if another server is registered that may be alive.

    Servers of a SQLite file on this computer are left out: its lock is the better evidence.
    """
    c, is_sqlite = tables.server.c, transaction.connection.dialect.name == "sqlite"
    alive = select(tables.server).where(
        c.id != server.id,
        c.seen_at.between(transaction.now - _ALIVE_FOR, transaction.now + _ALIVE_FOR),
        c.host != server.host if is_sqlite else _ALIVE_IN_POSTGRESQL,
    )
    row = transaction.connection.execute(alive).mappings().first()
    if row is not None:
        raise _refusal(
            address,
            say("another process ({process} on {host})", process=row["process"], host=row["host"]),
        )


def _refusal(address: Address, who: Words) -> StoreUnavailable:
    alone = say("A SQLite file takes one server: for more, give PostgreSQL to all.")
    stop = say(
        "Stop that one first. If it was killed, wait {seconds}\u00a0s.",
        seconds=f"{_ALIVE_FOR.total_seconds():g}",
    )
    return StoreUnavailable(
        say("This is already served by {server}: {database}.", database=address.words, server=who),
        hint=sentences(alone if "SQLite" in str(address.words) else "", stop),
    )
