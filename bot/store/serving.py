"""Who serves the database, as the database knows: each server leaves word, again and again."""

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
from bot.store.database.database import Address, Transaction
from bot.store.database.file_lock import FileLock

#: How often a server leaves word.
NOTED_EVERY = timedelta(seconds=10)
# A server that was killed cannot say so: for so long it may be alive.
_ALIVE_FOR = 3 * NOTED_EVERY
# Rows of servers that were killed.
_FORGOTTEN_AFTER = timedelta(days=1)

_NOTE = text(
    "INSERT INTO server (id, host, process, seen_at) VALUES (:id, :host, :process, :seen_at)"
    " ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
).bindparams(bindparam("seen_at", type_=UtcTime))

# PostgreSQL knows whether it is still connected. A pooler keeps its connections: then the word
# that was left decides.
_ALIVE_IN_POSTGRESQL = text(
    "EXISTS (SELECT 1 FROM pg_stat_activity AS session"
    " WHERE session.datname = current_database() AND session.pid <> pg_backend_pid()"
    " AND session.application_name = current_setting('application_name')"
    " AND session.backend_start <= server.seen_at)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A process that serves."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    host: str = field(default_factory=socket.gethostname)
    process: int = field(default_factory=os.getpid)


def note_server(transaction: Transaction, server: Server) -> None:
    """Leave word that it serves now."""
    now, c = transaction.now, tables.server.c
    transaction.connection.execute(delete(tables.server).where(c.seen_at < now - _FORGOTTEN_AFTER))
    row = {"id": server.id, "host": server.host, "process": server.process, "seen_at": now}
    transaction.connection.execute(_NOTE, row)


def forget_server(transaction: Transaction, server: Server) -> None:
    """It serves no more."""
    transaction.connection.execute(delete(tables.server).where(tables.server.c.id == server.id))


def claim_file(address: Address, lock: FileLock) -> None:
    """Take the lock of a SQLite file. Raises StoreUnavailable if another process serves it."""
    if not lock.claim():
        # Who it is stands in its database, which nobody else may open by another name.
        raise _refusal(address, say("another process"))


def refuse_if_served(transaction: Transaction, server: Server, address: Address) -> None:
    """Raise StoreUnavailable if the database knows of another server that may be alive.

    Of those on this computer the lock of a SQLite file tells more.
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
