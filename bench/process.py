"""One server as a process of its own, and what Linux says of it."""

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
    """A server did not come up; the text ends with what it said."""


class Process:
    """Started when made, stopped when its `with` block ends; its words go to `log`."""

    def __init__(self, command: Sequence[str], settings: Mapping[str, str], log: Path) -> None:
        self._log = log
        # Nothing of the caller's environment but the way to programs: a proxy variable or a
        # token there would change what is measured.
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
        """User and system time of all its threads so far, to a hundredth of a second."""
        # proc(5): the name may hold spaces, and the fields that follow it start with the third.
        fields = Path(f"/proc/{self._popen.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND

    @property
    def resident_bytes(self) -> int:
        """Memory that it holds right now."""
        return int(Path(f"/proc/{self._popen.pid}/statm").read_text().split()[1]) * _PAGE_BYTES

    @property
    def written_bytes(self) -> int:
        """What it had written to disks so far, log files not flushed yet included."""
        lines = Path(f"/proc/{self._popen.pid}/io").read_text().splitlines()
        return int(dict(line.split(": ") for line in lines)["write_bytes"])

    async def wait_for_port(self, port: int) -> None:
        """Return as soon as it listens. Raises NotStarted if it ends, or after 20 s."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + _START_SECONDS
        while self._popen.poll() is None and loop.time() < give_up_at:
            with socket.socket() as caller:
                if caller.connect_ex(("127.0.0.1", port)) == 0:
                    return
            await asyncio.sleep(0.002)
        raise NotStarted(self._log.read_text(errors="replace")[-2000:])


def find_free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return int(finder.getsockname()[1])
