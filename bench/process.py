"""Run a server as a process, and read its figures from Linux."""

import asyncio
import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_START_SECONDS = 20.0
_STOP_SECONDS = 30.0


class NotStarted(Exception):
    """The error of a server that did not start; the text ends with the server's output."""


class Process:
    """A process that starts at once, and stops when its `with` block ends; output goes to `log`."""

    def __init__(self, command: Sequence[str], settings: Mapping[str, str], log: Path) -> None:
        self._log = log
        # The process gets only PATH from our environment, because a proxy variable or a token would
        # change the measurement.
        environment = {"PATH": os.environ["PATH"], **settings}
        with log.open("wb") as words:
            self._popen = subprocess.Popen(
                command, env=environment, cwd=log.parent, stdout=words, stderr=words
            )

    def __enter__(self) -> "Process":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._popen.terminate()
        try:
            self._popen.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    @property
    def cpu_seconds(self) -> float:
        """The CPU seconds of all threads so far, user and system, to a hundredth."""
        # proc(5): the name may contain spaces and ends at the last bracket; the third field
        # follows.
        fields = Path(f"/proc/{self._popen.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND

    @property
    def resident_bytes(self) -> int:
        """The resident memory of the process now."""
        return int(Path(f"/proc/{self._popen.pid}/statm").read_text().split()[1]) * _PAGE_BYTES

    @property
    def written_bytes(self) -> int:
        """The bytes written so far, including data that is not on the disk yet."""
        lines = Path(f"/proc/{self._popen.pid}/io").read_text().splitlines()
        return int(dict(line.split(": ") for line in lines)["write_bytes"])

    async def wait_for_port(self, port: int) -> None:
        """Return once the process listens. Raises NotStarted if it ends, or after 20 s."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + _START_SECONDS
        while self._popen.poll() is None and loop.time() < give_up_at:
            with socket.socket() as caller:
                if caller.connect_ex(("127.0.0.1", port)) == 0:
                    return
            await asyncio.sleep(0.002)
        raise NotStarted(self._log.read_text(errors="replace")[-2000:])


def find_free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return int(finder.getsockname()[1])
