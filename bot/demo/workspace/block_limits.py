"""Block Kit's blocks and the limits of messages and views as data.

https://docs.slack.dev/reference/block-kit/blocks
"""

from bot.demo.workspace.block_elements import (
    BLOCK_ID,
    BUTTON,
    CLICKABLE,
    CONTEXT_ACTIONS,
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
MARKDOWN_TOTAL = 12_000
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
_CARD = _block(
    {},
    {
        "icon": IMAGE_ELEMENT,
        "hero_image": IMAGE_ELEMENT,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": many(BUTTON, 3),
    },
)
_COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})
_SOURCE = tagged(lambda: {"url": record({"type": anything, "url": URL, "text": string()}, {})})
_TASK = _block(
    {
        "task_id": string(),
        "title": string(),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
    {"details": RICH_TEXT, "output": RICH_TEXT, "sources": many(_SOURCE)},
)
BLOCKS: dict[str, Check] = {
    "actions": _block({"elements": many(tagged(lambda: CLICKABLE), 25)}),
    "alert": _block(
        {"text": text(200)}, {"level": choice("default", "info", "warning", "error", "success")}
    ),
    "card": _CARD,
    "carousel": _block({"elements": many(tagged(lambda: {"card": _CARD}), 10)}),
    "container": both(
        _block(
            {"child_blocks": many(tagged(lambda: BLOCKS), 10)},
            {
                "title": plain(150),
                "rich_text_title": RICH_TEXT,
                "subtitle": text(150),
                "icon": IMAGE_ELEMENT,
                "width": choice("narrow", "standard", "wide", "full"),
                "has_header_divider": flag,
                "is_collapsible": flag,
                "default_collapsed": flag,
            },
        ),
        any_of_fields("title", "rich_text_title"),
    ),
    "context": _block(
        {
            "elements": many(
                tagged(lambda: {"image": IMAGE_ELEMENT, "mrkdwn": TEXT, "plain_text": TEXT}), 10
            )
        }
    ),
    "context_actions": _block({"elements": many(tagged(lambda: CONTEXT_ACTIONS), 5)}),
    "data_table": _block(
        {"caption": string(), "rows": many(many(CELL, 20), 201, minimum=2)},
        {"page_size": number(1, 100), "row_header_column_index": number(0)},
    ),
    "data_visualization": _block({"title": string(50), "chart": _CHART}),
    "divider": _block({}),
    "file": _block({"external_id": string(), "source": choice("remote")}),
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
    "markdown": _block({"text": string(12_000)}),
    "plan": _block(
        {"title": string()}, {"tasks": many(tagged(lambda: {"task_card": _TASK}), 50, minimum=0)}
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
    "task_card": _TASK,
    "video": _block(
        {
            "alt_text": string(2000),
            "title": plain(200),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            "author_name": string(50),
            "description": plain(200),
            "provider_icon_url": string(2000),
            "provider_name": string(50),
            "title_url": string(2000),
        },
    ),
}
# Which blocks a surface does not take; https://docs.slack.dev/reference/block-kit/blocks
_MESSAGE_ONLY = {"context_actions", "markdown", "plan", "table", "task_card"}
_NOT_IN_VIEWS = _MESSAGE_ONLY | {"data_table", "data_visualization", "container", "file"}
REFUSED_BLOCKS: dict[str, frozenset[str]] = {
    "message": frozenset({"alert"}),
    "modal": frozenset(_NOT_IN_VIEWS | {"carousel"}),
    "home": frozenset(_NOT_IN_VIEWS | {"alert"}),
}
