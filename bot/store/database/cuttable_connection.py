"""The connection on which a thread waits, so that another thread can shut down its socket."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Lock
from typing import Protocol

from sqlalchemy import Connection

_CURRENT: ContextVar["CuttableConnection | None"] = ContextVar("line", default=None)


class ServerConnection(Protocol):
    """A driver's connection to a server."""

    @property
    def closed(self) -> bool:
        """True if the connection has no socket any more."""

    def fileno(self) -> int:
        """Return the descriptor of the socket on which the driver waits."""


class CuttableConnection:
    """The connection of one transaction: a thread cannot be stopped, but its socket can."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._connection: ServerConnection | None = None
        self.is_cut = False
        #: True once a COMMIT was sent: after any later error the transaction may be committed.
        self.may_have_committed = False

    @contextmanager
    def open(self) -> Iterator[None]:
        """Hold every connection that this thread opens within the context."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    @contextmanager
    def held(self, connection: Connection) -> Iterator[None]:
        """Hold a pooled connection until its transaction is committed or rolled back."""
        self._hold(connection.connection.driver_connection)
        try:
            yield
        finally:
            try:
                connection.rollback()
            finally:
                self._hold(None)

    def cut(self) -> None:
        """Shut down the held connection, and each later one of the thread: its calls fail."""
        with self._lock:
            self.is_cut = True
            self._hang_up()

    def _hold(self, connection: ServerConnection | None) -> None:
        with self._lock:
            self._connection = connection
            if self.is_cut:
                self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is None or self._connection.closed:
            return
        # Shut down a duplicate of the socket, because only the driver may close its own.
        with suppress(OSError), socket.socket(fileno=os.dup(self._connection.fileno())) as copy:
            copy.shutdown(socket.SHUT_RDWR)


def hold_new(connection: ServerConnection) -> None:
    """Let the CuttableConnection of this thread, if there is one, hold a new connection."""
    line = _CURRENT.get()
    if line is not None:
        line._hold(connection)
