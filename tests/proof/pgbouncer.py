"""A PgBouncer in transaction mode in front of the tests' PostgreSQL server."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg.conninfo import conninfo_to_dict

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

_SETTINGS = """
[databases]
* = host={server} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 10
max_client_conn = 500
logfile = {folder}/log
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooler:
    """A running PgBouncer."""

    port: int

    def url(self, direct: str) -> str:
        """Return the URL of the same database through the pooler."""
        name = direct.partition("?")[0].rpartition("/")[2]
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}?sslmode=disable"


@contextmanager
def pooling(server: str) -> Iterator[Pooler]:
    """Run a PgBouncer in this context; `server` is the URL of a PostgreSQL on a socket file."""
    assert PROGRAM
    sockets = Path(str(conninfo_to_dict(server)["host"]))
    with TemporaryDirectory(prefix="visjob-pgbouncer-") as folder:
        port = _free_port()
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(_SETTINGS.format(server=sockets, port=port, folder=folder))
        # PgBouncer refuses to run as root, so it runs as the owner of the server's socket.
        owner = sockets.stat().st_uid
        os.chown(folder, owner, -1)
        with subprocess.Popen([PROGRAM, "-q", str(settings)], user=owner) as program:
            pooler = Pooler(port=port)
            try:
                _wait_for(pooler.url(server))
                yield pooler
            finally:
                program.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str) -> None:
    give_up_at = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.1)
        else:
            return
