"""What the command line says of a port that will not do."""

import errno
import socket

import pytest

from bot.cli.refusals import demo_port_taken
from bot.core.text import ENGLISH

_ASYNCIO = "error while attempting to bind on address ('127.0.0.1', 8420): address already in use"


@pytest.mark.parametrize(
    ("error", "port", "words"),
    [
        # The system's words alone, whatever the event loop wraps them in.
        (
            OSError(errno.EADDRINUSE, _ASYNCIO),
            8420,
            "Port 8420 cannot be used: Address already in use. Try --port 8421.",
        ),
        (
            PermissionError(errno.EACCES, "whatever"),
            80,
            "Port 80 cannot be used: Permission denied. Try --port 81.",
        ),
        # Behind the last port there is none: 0 takes any that is free.
        (
            OSError(errno.EADDRINUSE, "in use"),
            65535,
            "Port 65535 cannot be used: Address already in use. Try --port 0.",
        ),
        # What is no error of the system says it itself.
        (
            socket.gaierror(-2, "Name or service not known"),
            8420,
            "Port 8420 cannot be used: Name or service not known. Try --port 8421.",
        ),
        (OSError("odd"), 8420, "Port 8420 cannot be used: odd. Try --port 8421."),
    ],
)
def test_a_port_of_the_demo_that_will_not_do(error: OSError, port: int, words: str) -> None:
    assert ENGLISH.plain(demo_port_taken(error, port)) == words
