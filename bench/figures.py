"""Median and quartiles of a few measurements, and the bars they are held against."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What a bar says of a figure."""

    AIM = "aim reached"
    MUST = "must reached"
    MISSED = "**missed**"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The middle of several measurements, and where their middle half lies."""

    low: float
    median: float
    high: float

    def shown(self, digits: int = 0) -> str:
        """For a table."""
        return f"{self.median:,.{digits}f} [{self.low:,.{digits}f}–{self.high:,.{digits}f}]"


def spread(measured: Sequence[float]) -> Spread:
    """Median and quartiles of at least one measurement."""
    if len(measured) == 1:
        return Spread(low=measured[0], median=measured[0], high=measured[0])
    low, median, high = statistics.quantiles(measured, n=4, method="inclusive")
    return Spread(low=low, median=median, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """A bar for how many times cheaper or quicker than a peer."""

    must: float
    aim: float

    def judge(self, figure: float) -> Verdict:
        """Whether a figure reaches it."""
        if figure >= self.aim:
            return Verdict.AIM
        return Verdict.MUST if figure >= self.must else Verdict.MISSED

    def shown(self) -> tuple[str, str]:
        """Must and aim for a table."""
        return f"≥ {self.must:g}×", f"≥ {self.aim:g}×"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMost:
    """A bar for seconds or megabytes."""

    must: float
    aim: float
    unit: str

    def judge(self, figure: float) -> Verdict:
        """Whether a figure keeps below it."""
        if figure <= self.aim:
            return Verdict.AIM
        return Verdict.MUST if figure <= self.must else Verdict.MISSED

    def shown(self) -> tuple[str, str]:
        """Must and aim for a table."""
        return f"≤ {self.must:g} {self.unit}", f"≤ {self.aim:g} {self.unit}"
