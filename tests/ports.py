"""Find free ports for programs that a test tells where to listen."""

import secrets
import socket

# Linux uses the ports from 32768 on for outgoing connections: a connection of another test could
# take such a port before the program listens.
_FIRST, _END = 20_000, 32_000


def free_port() -> int:
    """Return a free port; another program is unlikely to take it before it is used."""
    while True:
        # Not from `random`, because every process of a test run begins with the same seed.
        port = _FIRST + secrets.randbelow(_END - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
