"""Median and quartiles of measurements, and the bars for them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """The verdict of a bar on a figure."""

    AIM = "aim reached"
    MUST = "must reached"
    MISSED = "**missed**"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The median of several measurements, with their quartiles."""

    low: float
    median: float
    high: float

    def shown(self, digits: int = 0) -> str:
        """Return the text for a table."""
        return f"{self.median:,.{digits}f} [{self.low:,.{digits}f}–{self.high:,.{digits}f}]"


def spread(measured: Sequence[float]) -> Spread:
    """Return median and quartiles of at least one measurement."""
    if len(measured) == 1:
        return Spread(low=measured[0], median=measured[0], high=measured[0])
    low, median, high = statistics.quantiles(measured, n=4, method="inclusive")
    return Spread(low=low, median=median, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """A lower bar, for how many times cheaper or quicker than a peer."""

    must: float
    aim: float

    def judge(self, figure: float) -> Verdict:
        """Return which level of the bar a figure reaches."""
        if figure >= self.aim:
            return Verdict.AIM
        return Verdict.MUST if figure >= self.must else Verdict.MISSED

    def shown(self) -> tuple[str, str]:
        """Return must and aim for a table."""
        return f"≥ {self.must:g}×", f"≥ {self.aim:g}×"


@dataclass(frozen=True, slots=True)
class Unjudged:
    """No bar, for a comparison with a peer that does less work."""

    def judge(self, figure: float) -> Verdict:  # noqa: ARG002 - the signature of a bar
        """Return NOT_JUDGED."""
        return Verdict.NOT_JUDGED

    def shown(self) -> tuple[str, str]:
        """Return must and aim for a table."""
        return "–", "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMost:
    """An upper bar, for seconds, megabytes and other units."""

    must: float
    aim: float
    unit: str

    def judge(self, figure: float) -> Verdict:
        """Return which level of the bar a figure stays within."""
        if figure <= self.aim:
            return Verdict.AIM
        return Verdict.MUST if figure <= self.must else Verdict.MISSED

    def shown(self) -> tuple[str, str]:
        """Return must and aim for a table."""
        return f"≤ {self.must:g} {self.unit}", f"≤ {self.aim:g} {self.unit}"
