"""Figures on a card: a bar that is drawn with characters, and a chart that a platform may draw."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from unicodedata import east_asian_width

from bot.core.text import JOINER, Fragment, Words, enumeration

#: How many characters a bar with labels is wide, and one without: a block is wider than a letter.
BAR_WIDTH = 64
BARE_WIDTH = 48
_EDGE = "│"


class Fill(Enum):
    """What a part of a bar is filled with."""

    RUNNING = "█"
    QUEUED = "░"
    STOPPING = "▒"
    #: Nothing was under way.
    IDLE = "▁"
    UNSEEN = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One part of a bar; `weight` is its length in whatever unit the others have."""

    fill: Fill
    weight: float
    #: Empty where the parts are too many to be labelled.
    label: Words = ""


@dataclass(frozen=True, slots=True)
class Bar(Fragment):
    """Parts of a whole beside one another, drawn with characters: that works everywhere."""

    stretches: tuple[Stretch, ...]

    @property
    def words(self) -> Words:
        """What the parts are called."""
        return enumeration([stretch.label for stretch in self.stretches if stretch.label])


@dataclass(frozen=True, slots=True)
class Amount(Fragment):
    """A number in words, by which the rows of a table can be sorted."""

    value: float
    text: Words

    @property
    def words(self) -> Words:
        """How it is read."""
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
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Words
    #: What the labels are.
    along: Words


def drawn(figure: Bar | Amount) -> str:
    """A figure as text."""
    return str(figure.text) if isinstance(figure, Amount) else _drawn(figure)


def _drawn(bar: Bar) -> str:
    """With its labels where they fit into it."""
    labels = [str(stretch.label) for stretch in bar.stretches]
    room = BAR_WIDTH - (len(labels) + 1) * len(_EDGE) - sum(map(_width, labels)) - 2 * len(labels)
    if not all(labels) or room < 0:
        return f"{_EDGE}{_cells(bar)}{_EDGE}"
    spare = _shares(room, [stretch.weight for stretch in bar.stretches])
    parts = (
        _filled(label, stretch.fill, more)
        for label, stretch, more in zip(labels, bar.stretches, spare, strict=True)
    )
    return f"{_EDGE}{_EDGE.join(parts)}{_EDGE}"


def _filled(label: str, fill: Fill, spare: int) -> str:
    left = spare // 2
    before, after = fill.value * left, fill.value * (spare - left)
    # Between the filling and the edge stays a space, as beside a label.
    first = f" {before[1:]} " if left > 1 else " " * (left + 1)
    last = f" {after[1:]} " if spare - left > 1 else " " * (spare - left + 1)
    return f"{first}{label}{last}"


def _shares(room: int, weights: list[float]) -> list[int]:
    """Whole numbers in proportion to the weights, `room` together."""
    total = sum(weights)
    if not total:
        return [room, *(0 for _ in weights[1:])]
    ends = [round(room * upto / total) for upto in accumulate(weights)]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]


def _cells(bar: Bar) -> str:
    """One character for each moment: the part that it lies in."""
    ends = list(accumulate(stretch.weight for stretch in bar.stretches))
    cells = BARE_WIDTH - 2 * len(_EDGE)
    if not ends or not ends[-1]:
        return Fill.UNSEEN.value * cells
    moments = ((cell + 0.5) / cells * ends[-1] for cell in range(cells))
    return "".join(bar.stretches[bisect_right(ends, at)].fill.value for at in moments)


def _width(label: str) -> int:
    widths = (2 if east_asian_width(char) in "WF" else 1 for char in label if char != JOINER)
    return sum(widths)
