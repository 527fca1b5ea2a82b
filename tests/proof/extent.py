"""How much the proofs try (a little in CI, much with VISJOB_PROOF=full), and their results.

`VISJOB_PROOF_SEEDS=1000-2000` tries these seeds or crash points instead, so that a long run can be
split over processes and continued later. `VISJOB_PROOF_REPORT=file` appends the results to a file.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

IS_FULL = os.environ.get("VISJOB_PROOF") == "full"

_HEAD = "| what | tried | faults | lost | doubled | worst delay |"


def seeds(*, short: int, full: int) -> range:
    """Return the numbers to try: the first few or many, or those of VISJOB_PROOF_SEEDS."""
    asked = os.environ.get("VISJOB_PROOF_SEEDS")
    if asked is None:
        return range(full if IS_FULL else short)
    first, _, end = asked.partition("-")
    return range(int(first), int(end) if end else int(first) + 1)


def size(name: str, *, short: int, full: int) -> int:
    """Return a size: the short or the full one, or that of VISJOB_PROOF_<name>."""
    return int(os.environ.get(f"VISJOB_PROOF_{name}", full if IS_FULL else short))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the table in docs/proof.md; `worst` is the worst delay, with its unit."""

    what: str
    tried: str
    faults: str = "–"
    lost: int = 0
    doubled: int | str = 0
    worst: str = "–"

    @property
    def line(self) -> str:
        """The row as Markdown."""
        cells = (self.what, self.tried, self.faults, self.lost, self.doubled, self.worst)
        return f"| {' | '.join(map(str, cells))} |"


class Results:
    """The results of the tests of this run."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, what: str, tried: str, **details: str | int) -> None:
        """Add one result; the details are fields of Result."""
        result = Result(what=what, tried=tried, **details)  # type: ignore[arg-type]  # as named
        self.lines.append(result.line)
        if file := os.environ.get("VISJOB_PROOF_REPORT"):
            with Path(file).open("a", encoding="utf-8") as report:
                report.write(f"{result.line}\n")

    def show(self, terminal: pytest.TerminalReporter) -> None:
        """Print the table at the end of the run."""
        if self.lines:
            terminal.section("proof")
            for line in (_HEAD, "| --- | --- | --- | --- | --- | --- |", *self.lines):
                terminal.write_line(line)
