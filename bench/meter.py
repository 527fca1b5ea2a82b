"""Measure CPU and wall time of a block, also of a PostgreSQL server that works for it."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

Measured = dict[str, float]


class Meter:
    """Measures its `with` block; `beside` returns the CPU seconds of a process that helps."""

    def __init__(self, beside: Callable[[], float] = lambda: 0.0) -> None:
        self._beside = beside

    def __enter__(self) -> Self:
        self._wall, self._cpu = time.perf_counter(), time.process_time() + self._beside()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall = time.perf_counter() - self._wall
        self.cpu = time.process_time() + self._beside() - self._cpu

    def measured(self, count: int) -> Measured:
        """Return the measurement, for `count` pieces of work."""
        return {"cpu": self.cpu, "wall": self.wall, "count": count}


def cpu_seconds_of(pid: int) -> float:
    """Return the CPU seconds of a process so far, user and system, to a hundredth."""
    # proc(5): the name may contain spaces and ends at the last bracket; the third field follows.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND
