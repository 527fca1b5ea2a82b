"""How much is tried: a little in CI, much with VISJOB_PROOF=full, and what came of it.

`VISJOB_PROOF_SEEDS=1000-2000` tries these seeds, crash points or sizes instead, so that a night
can be spread over processes and gone on with later. `VISJOB_PROOF_REPORT=file` keeps the table.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

IS_FULL = os.environ.get("VISJOB_PROOF") == "full"

_HEAD = "| what | tried | faults | lost | doubled | worst delay |"


def seeds(*, short: int, full: int) -> range:
    """The numbers to try: the first few, or those that were asked for."""
    asked = os.environ.get("VISJOB_PROOF_SEEDS")
    if asked is None:
        return range(full if IS_FULL else short)
    first, _, end = asked.partition("-")
    return range(int(first), int(end) if end else int(first) + 1)


def size(name: str, *, short: int, full: int) -> int:
    """How many of something: VISJOB_PROOF_<name> says otherwise."""
    return int(os.environ.get(f"VISJOB_PROOF_{name}", full if IS_FULL else short))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of docs/proof.md; the worst delay is in seconds."""

    what: str
    tried: str
    faults: str = "–"
    lost: int = 0
    doubled: int | str = 0
    worst: str = "–"

    @property
    def line(self) -> str:
        """As Markdown has it."""
        cells = (self.what, self.tried, self.faults, self.lost, self.doubled, self.worst)
        return f"| {' | '.join(map(str, cells))} |"


class Results:
    """What the tests of this run found."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, what: str, tried: str, **details: str | int) -> None:
        """Publish one result; the details are fields of Result."""
        result = Result(what=what, tried=tried, **details)  # type: ignore[arg-type]  # as named
        self.lines.append(result.line)
        if file := os.environ.get("VISJOB_PROOF_REPORT"):
            with Path(file).open("a", encoding="utf-8") as report:
                report.write(f"{result.line}\n")

    def show(self, terminal: pytest.TerminalReporter) -> None:
        """At the end of the run, to be copied."""
        if self.lines:
            terminal.section("proof")
            for line in (_HEAD, "| --- | --- | --- | --- | --- | --- |", *self.lines):
                terminal.write_line(line)
