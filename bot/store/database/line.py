"""The connection that a thread waits for, so that somebody else can hang up on its server."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Lock
from typing import Protocol

from sqlalchemy import Connection

_CURRENT: ContextVar["Line | None"] = ContextVar("line", default=None)


class ServerConnection(Protocol):
    """A driver's connection to a server."""

    @property
    def closed(self) -> bool:
        """True if there is no socket any more."""

    def fileno(self) -> int:
        """The socket that the driver waits for."""


class Line:
    """The server of one transaction. A thread cannot be stopped, but its connection can be cut."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._connection: ServerConnection | None = None
        self.is_cut = False
        #: A COMMIT was sent: whatever went wrong since, all may be kept.
        self.may_have_committed = False

    @contextmanager
    def open(self) -> Iterator[None]:
        """Hold whatever connection this thread makes meanwhile."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    @contextmanager
    def held(self, connection: Connection) -> Iterator[None]:
        """Hold a connection until it is committed, or undone."""
        self._hold(connection.connection.driver_connection)
        try:
            yield
        finally:
            try:
                connection.rollback()
            finally:
                self._hold(None)

    def cut(self) -> None:
        """Hang up: the thread finds its connection dead, and any other that it makes."""
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
        # Of a copy of the socket: the driver alone may close its own.
        with suppress(OSError), socket.socket(fileno=os.dup(self._connection.fileno())) as copy:
            copy.shutdown(socket.SHUT_RDWR)


def hold_new(connection: ServerConnection) -> None:
    """A connection was made: it belongs to the transaction of this thread, if there is one."""
    line = _CURRENT.get()
    if line is not None:
        line._hold(connection)
