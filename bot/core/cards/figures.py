"""Figures on a card: a bar that is drawn with characters, and a chart that a platform may draw."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

from bot.core.text import Fragment, Words

#: The width of a bar in characters, with its edges: a phone shows so many in one line.
BAR_WIDTH = 24
_EDGE = "│"
#: A bar of up to so many parts shows each of them, however short.
_FEW_PARTS = 8


class Fill(Enum):
    """The character that fills a part of a bar."""

    RUNNING = "█"
    QUEUED = "░"
    STOPPING = "▒"
    #: No run was under way.
    IDLE = "▁"
    #: ModelArts returned a status that it calls unknown or does not document.
    UNKNOWN = "?"
    #: There were no reads.
    UNSEEN = "╌"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One part of a bar; `weight` is its length, in the same unit for all parts."""

    fill: Fill
    weight: float


@dataclass(frozen=True, slots=True)
class Bar(Fragment):
    """The parts of a whole, side by side, drawn with characters that every platform can show. The
    line below the bar explains them."""

    stretches: tuple[Stretch, ...]

    @property
    def words(self) -> Words:
        """Return nothing, because a screen reader cannot read a bar."""
        return ""


@dataclass(frozen=True, slots=True)
class Amount(Fragment):
    """A number, by which a table can sort its rows, and its words."""

    value: float
    text: Words

    @property
    def words(self) -> Words:
        """Return the number in words."""
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The values of one thing, one for each label of its chart."""

    name: Words
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Figures over time."""

    title: Words
    labels: tuple[Words, ...]
    series: tuple[Series, ...]
    unit: Words
    #: The name of the axis with the labels, such as `day`.
    along: Words


def drawn(figure: Bar | Amount) -> str:
    """Return a figure as text."""
    return str(figure.text) if isinstance(figure, Amount) else f"{_EDGE}{_cells(figure)}{_EDGE}"


def _cells(bar: Bar) -> str:
    """Return one character for each moment, of the part that contains it. The parts keep their
    order, and each that the line below names gets at least one character."""
    cells = BAR_WIDTH - 2 * len(_EDGE)
    ends = [*accumulate(stretch.weight for stretch in bar.stretches)]
    if not ends or not ends[-1]:
        return Fill.UNSEEN.value * cells
    moments = ((cell + 0.5) / cells * ends[-1] for cell in range(cells))
    seen = Counter(bisect_right(ends, at) for at in moments)
    fills = [stretch.fill for stretch in bar.stretches]
    widths = [seen[part] for part in range(len(fills))]
    for part in _longest_first(bar.stretches):
        if not widths[part] and _needs_one(part, fills, widths):
            widths[_giver(part, fills, widths)] -= 1
            widths[part] = 1
    return "".join(fill.value * width for fill, width in zip(fills, widths, strict=True))


def _longest_first(stretches: Sequence[Stretch]) -> list[int]:
    parts = [part for part, stretch in enumerate(stretches) if stretch.weight]
    return sorted(parts, key=lambda part: -stretches[part].weight)


def _needs_one(part: int, fills: Sequence[Fill], widths: Sequence[int]) -> bool:
    """Return True if the part must get a cell: each one of a few parts, one for each fill of
    many."""
    return len(fills) <= _FEW_PARTS or not _width_of(fills[part], fills, widths)


def _giver(part: int, fills: Sequence[Fill], widths: Sequence[int]) -> int:
    """Return the nearest part that can give up a cell: one with several cells, or else one whose
    fill other parts show, too."""
    wide = [other for other, width in enumerate(widths) if width > 1]
    spare = wide or [
        other
        for other, width in enumerate(widths)
        if width and _width_of(fills[other], fills, widths) > 1
    ]
    return min(spare, key=lambda other: abs(other - part))


def _width_of(fill: Fill, fills: Sequence[Fill], widths: Sequence[int]) -> int:
    return sum(width for other, width in zip(fills, widths, strict=True) if other is fill)
