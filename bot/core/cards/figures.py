"""Figures on a card: a bar that is drawn with characters, and a chart that a platform may draw."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

from bot.core.text import Fragment, Words

#: How many characters a bar is wide, its edges among them: a phone shows so many in one line.
BAR_WIDTH = 24
_EDGE = "│"


class Fill(Enum):
    """What a part of a bar is filled with."""

    RUNNING = "█"
    QUEUED = "░"
    STOPPING = "▒"
    #: Nothing was under way.
    IDLE = "▁"
    UNSEEN = "·"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One part of a bar; `weight` is its length in whatever unit the others have."""

    fill: Fill
    weight: float


@dataclass(frozen=True, slots=True)
class Bar(Fragment):
    """Parts of a whole beside one another, drawn with characters: that works everywhere. The line
    below it says what they are."""

    stretches: tuple[Stretch, ...]

    @property
    def words(self) -> Words:
        """It is to be seen, not heard."""
        return ""


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
    return str(figure.text) if isinstance(figure, Amount) else f"{_EDGE}{_cells(figure)}{_EDGE}"


def _cells(bar: Bar) -> str:
    """One character for each moment: the part that it lies in."""
    ends = list(accumulate(stretch.weight for stretch in bar.stretches))
    cells = BAR_WIDTH - 2 * len(_EDGE)
    if not ends or not ends[-1]:
        return Fill.UNSEEN.value * cells
    moments = ((cell + 0.5) / cells * ends[-1] for cell in range(cells))
    return "".join(bar.stretches[bisect_right(ends, at)].fill.value for at in moments)
