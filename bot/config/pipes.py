"""Read a pipe that is opened without blocking, and give up on one that stays silent."""

import os
import select
import stat

# A writer that waits for a reader writes a moment after we have opened the pipe.
_WAIT_FOR_WRITER_MS = 1000
# A password manager that writes to the pipe may ask its user first.
_WAIT_FOR_CONTENT_MS = 30_000

#: What came through each pipe of this process, by device and inode: a pipe gives it once, and
#: `doctor` and `init` read the settings more than once.
_came: dict[tuple[int, int], bytes] = {}


class SilentPipe(Exception):
    """The error for a pipe that nobody writes to."""


def read_file(path: str | os.PathLike[str], *, at_most: int) -> bytes:
    """Return a file's content, up to `at_most` bytes. Raises OSError, and SilentPipe as `read_pipe`
    does."""
    # To open a pipe without this flag is to wait until somebody writes to it.
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(number, "rb") as file:
        if stat.S_ISFIFO(os.fstat(number).st_mode):
            return read_pipe(number, at_most=at_most)
        return file.read(at_most)


def read_pipe(number: int, *, at_most: int) -> bytes:
    """Return what is written to the pipe of this file descriptor, up to `at_most` bytes.

    Raises SilentPipe after 1 s without a writer, and after 30 s in which a writer writes nothing.
    """
    status = os.fstat(number)
    pipe = status.st_dev, status.st_ino
    if pipe not in _came:
        _came[pipe] = _read(number, at_most)
    return _came[pipe]


def _read(number: int, at_most: int) -> bytes:
    ready = select.poll()
    ready.register(number, select.POLLIN)
    content, has_waited = b"", False
    while len(content) < at_most:
        try:
            part = os.read(number, at_most - len(content))
        except BlockingIOError:  # a writer has the pipe open
            wait = _WAIT_FOR_CONTENT_MS
        else:
            content += part
            if part:
                continue
            if content or has_waited:
                break
            wait = _WAIT_FOR_WRITER_MS
        has_waited = bool(ready.poll(wait))
        if not has_waited:
            raise SilentPipe
    if not content:
        raise SilentPipe
    return content
