"""Ports for programs that are told where to listen."""

import secrets
import socket

# Linux takes the ports of outgoing connections from 32768 on: another test's connection could
# take one of those before the program listens.
_FIRST, _END = 20_000, 32_000


def free_port() -> int:
    """A port that nobody uses, and that hardly anybody comes by before it is used."""
    while True:
        # Not from `random`: every process of a test run begins with the same seed.
        port = _FIRST + secrets.randbelow(_END - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
