"""Charts -> Slack's native block for them, within its limits; not every workspace draws it yet.

docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

import math
from collections.abc import Sequence

from bot.core.cards.cleaning import shown
from bot.core.cards.figures import Chart, Series
from bot.core.text import Words
from bot.slack.text_objects import NOTHING, Json

#: No client's models know the block: it is a plain dict.
CHART = "data_visualization"
#: In one message.
MOST_CHARTS = 2
MOST_POINTS = 20
MOST_SERIES = 6
LONGEST_TITLE = 50
LONGEST_LABEL = 20
LONGEST_AXIS_LABEL = 50


def render_chart(chart: Chart) -> Json:
    """Bars beside one another; what is more than Slack takes is left out at the end."""
    labels = [_cut(label, LONGEST_LABEL) for label in chart.labels[:MOST_POINTS]]
    return {
        "type": CHART,
        "title": _cut(chart.title, LONGEST_TITLE),
        "chart": {
            "type": "bar",
            "series": [_series(one, labels) for one in chart.series[:MOST_SERIES]],
            "axis_config": {
                "categories": labels,
                "x_label": _cut(chart.along, LONGEST_AXIS_LABEL),
                "y_label": _cut(chart.unit, LONGEST_AXIS_LABEL),
            },
        },
    }


def _series(series: Series, labels: Sequence[str]) -> Json:
    values = [value if math.isfinite(value) else 0.0 for value in series.values]
    return {
        "name": _cut(series.name, LONGEST_LABEL),
        # Each label wants a value.
        "data": [
            {"label": label, "value": values[number] if number < len(values) else 0.0}
            for number, label in enumerate(labels)
        ],
    }


def _cut(words: Words, limit: int) -> str:
    return shown(str(words), limit) or NOTHING
