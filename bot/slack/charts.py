"""Render charts as Slack's native block, within its limits. Not every workspace has it yet.

docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

import math
from collections.abc import Sequence

from bot.core.cards.cleaning import shown
from bot.core.cards.figures import Chart, Series
from bot.core.text import Words
from bot.slack.text_objects import NOTHING, Json

#: The type of the block. Slack's client has no model of it, so the block is a plain dict.
CHART = "data_visualization"
#: In one message.
MOST_CHARTS = 2
MOST_POINTS = 20
MOST_SERIES = 6
LONGEST_TITLE = 50
LONGEST_LABEL = 20
LONGEST_AXIS_LABEL = 50


def render_chart(chart: Chart) -> Json:
    """Return a chart of grouped bars; data beyond Slack's limits is cut off at the end."""
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
        # Slack requires a value for each label.
        "data": [
            {"label": label, "value": values[number] if number < len(values) else 0.0}
            for number, label in enumerate(labels)
        ],
    }


def _cut(words: Words, limit: int) -> str:
    return shown(str(words), limit) or NOTHING
