"""The shapes of Block Kit's blocks, and the limits of messages and views, as data.

https://docs.slack.dev/reference/block-kit/blocks
"""

from bot.demo.workspace.block_elements import (
    BLOCK_ID,
    CLICKABLE,
    IMAGE_ELEMENT,
    INPUTS,
    TEXT,
    URL,
    plain,
    text,
)
from bot.demo.workspace.block_rich_text import CELL, RICH_TEXT
from bot.demo.workspace.block_shapes import (
    Check,
    any_of_fields,
    anything,
    both,
    choice,
    flag,
    many,
    number,
    one_of_fields,
    record,
    string,
    tagged,
)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
CHARTS_PER_MESSAGE = 2
TABLES_PER_MESSAGE = 1
DATA_TABLE_TOTAL = 20_000


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    own = {"block_id": BLOCK_ID, **(optional or {})}
    return record({"type": anything, **required}, own)


_POINT = record({"label": string(20), "value": number()}, {})
_SERIES = record({"name": string(20), "data": many(_POINT, 20)}, {})
_SEGMENT = record({"label": string(20), "value": number()}, {})
_AXIS = record({"categories": many(string(20), 20)}, {"x_label": string(50), "y_label": string(50)})
_SERIES_CHART = record({"type": anything, "series": many(_SERIES, 12), "axis_config": _AXIS}, {})
_PIE = record({"type": anything, "segments": many(_SEGMENT, 12)}, {})
_CHART = tagged(
    lambda: {"line": _SERIES_CHART, "bar": _SERIES_CHART, "area": _SERIES_CHART, "pie": _PIE}
)
_COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})
BLOCKS: dict[str, Check] = {
    "actions": _block({"elements": many(tagged(lambda: CLICKABLE), 25)}),
    "context": _block(
        {
            "elements": many(
                tagged(lambda: {"image": IMAGE_ELEMENT, "mrkdwn": TEXT, "plain_text": TEXT}), 10
            )
        }
    ),
    "data_table": _block(
        {"caption": string(), "rows": many(many(CELL, 20), 201, minimum=2)},
        {"page_size": number(1, 100), "row_header_column_index": number(0)},
    ),
    "data_visualization": _block({"title": string(50), "chart": _CHART}),
    "divider": _block({}),
    "header": _block({"text": plain(150)}),
    "image": both(
        _block(
            {"alt_text": string(2000)},
            {"image_url": URL, "slack_file": anything, "title": plain(2000)},
        ),
        one_of_fields("image_url", "slack_file"),
    ),
    "input": _block(
        {"label": plain(2000), "element": tagged(lambda: INPUTS)},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": RICH_TEXT,
    "section": both(
        _block(
            {},
            {
                "text": text(3000),
                "fields": many(text(2000), 10),
                "accessory": tagged(lambda: {**CLICKABLE, "image": IMAGE_ELEMENT}),
                "expand": flag,
            },
        ),
        any_of_fields("text", "fields"),
    ),
    "table": _block({"rows": many(many(CELL, 20), 100)}, {"column_settings": many(_COLUMN, 20)}),
}
# The blocks that a surface does not accept; https://docs.slack.dev/reference/block-kit/blocks
_NOT_IN_VIEWS = frozenset({"data_table", "data_visualization", "table"})
REFUSED_BLOCKS: dict[str, frozenset[str]] = {
    "message": frozenset(),
    "modal": _NOT_IN_VIEWS,
    "home": _NOT_IN_VIEWS,
}
