"""The stand-in's Block Kit sizes are the ones of a registry that the project did not write."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block
from slackblocks import _limits as theirs

from bot.demo.workspace.block_rules import check_blocks
from tests.demo.block_samples import (
    actions,
    button,
    cells,
    chart,
    confirm,
    data_table,
    mrkdwn,
    option,
    plain,
    raw,
    select,
)

Json = dict[str, Any]

# How to build one thing with so many characters or items, and the sizes that Slack allows.
SIZES: dict[str, tuple[Callable[[int], Json], int, int]] = {
    "section text": (
        lambda n: {"type": "section", "text": mrkdwn("x" * n)},
        theirs.TEXT_MIN_LENGTH,
        theirs.SECTION_TEXT_MAX_LENGTH,
    ),
    "section fields": (
        lambda n: {"type": "section", "fields": [mrkdwn("x")] * n},
        1,
        theirs.SECTION_FIELDS_MAX_ITEMS,
    ),
    "section field": (
        lambda n: {"type": "section", "fields": [mrkdwn("x" * n)]},
        1,
        theirs.SECTION_FIELDS_ITEM_MAX_LENGTH,
    ),
    "header": (
        lambda n: {"type": "header", "text": plain("x" * n)},
        1,
        theirs.HEADER_TEXT_MAX_LENGTH,
    ),
    "context elements": (
        lambda n: {"type": "context", "elements": [mrkdwn("x")] * n},
        1,
        theirs.CONTEXT_ELEMENTS_MAX_ITEMS,
    ),
    "actions elements": (
        lambda n: actions(*(button(action_id=f"a{i}") for i in range(n))),
        1,
        theirs.ACTIONS_ELEMENTS_MAX_ITEMS,
    ),
    "button text": (
        lambda n: actions(button(text=plain("x" * n))),
        1,
        theirs.BUTTON_TEXT_MAX_LENGTH,
    ),
    "button value": (lambda n: actions(button(value="x" * n)), 1, theirs.BUTTON_VALUE_MAX_LENGTH),
    "button url": (lambda n: actions(button(url="x" * n)), 1, theirs.BUTTON_URL_MAX_LENGTH),
    "button label": (
        lambda n: actions(button(accessibility_label="x" * n)),
        1,
        theirs.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH,
    ),
    "action_id": (
        lambda n: actions(button(action_id="x" * n)),
        1,
        theirs.ACTION_ID_MAX_LENGTH,
    ),
    "block_id": (
        lambda n: {"type": "divider", "block_id": "x" * n},
        1,
        theirs.BLOCK_ID_MAX_LENGTH,
    ),
    "confirm title": (
        lambda n: actions(button(confirm=confirm(title=plain("x" * n)))),
        1,
        theirs.CONFIRMATION_TITLE_MAX_LENGTH,
    ),
    "confirm text": (
        lambda n: actions(button(confirm=confirm(text=plain("x" * n)))),
        1,
        theirs.CONFIRMATION_TEXT_MAX_LENGTH,
    ),
    "confirm yes": (
        lambda n: actions(button(confirm=confirm(confirm=plain("x" * n)))),
        1,
        theirs.CONFIRMATION_CONFIRM_MAX_LENGTH,
    ),
    "confirm no": (
        lambda n: actions(button(confirm=confirm(deny=plain("x" * n)))),
        1,
        theirs.CONFIRMATION_DENY_MAX_LENGTH,
    ),
    "option text": (
        lambda n: actions(select(options=[option(text=plain("x" * n))])),
        1,
        theirs.OPTION_TEXT_MAX_LENGTH,
    ),
    "option value": (
        lambda n: actions(select(options=[option(value="x" * n)])),
        1,
        theirs.OPTION_VALUE_MAX_LENGTH,
    ),
    "option description": (
        lambda n: actions(select(options=[option(description=plain("x" * n))])),
        1,
        theirs.OPTION_DESCRIPTION_MAX_LENGTH,
    ),
    "select options": (
        lambda n: actions(select(options=[option()] * n)),
        theirs.SELECT_OPTIONS_MIN_ITEMS,
        theirs.SELECT_OPTIONS_MAX_ITEMS,
    ),
    "select placeholder": (
        lambda n: actions(select(placeholder=plain("x" * n))),
        1,
        theirs.SELECT_PLACEHOLDER_MAX_LENGTH,
    ),
    "overflow options": (
        lambda n: actions({"type": "overflow", "action_id": "o", "options": [option()] * n}),
        theirs.OVERFLOW_OPTIONS_MIN_ITEMS,
        theirs.OVERFLOW_OPTIONS_MAX_ITEMS,
    ),
    "checkboxes": (
        lambda n: actions({"type": "checkboxes", "action_id": "c", "options": [option()] * n}),
        theirs.CHECKBOXES_OPTIONS_MIN_ITEMS,
        theirs.CHECKBOXES_OPTIONS_MAX_ITEMS,
    ),
    "image alt_text": (
        lambda n: {"type": "image", "image_url": "https://a.example/i", "alt_text": "x" * n},
        1,
        theirs.IMAGE_ALT_TEXT_MAX_LENGTH,
    ),
    "data table rows": (
        lambda n: data_table(n, 1),
        theirs.DATA_TABLE_ROWS_MIN_ITEMS,
        theirs.DATA_TABLE_ROWS_MAX_ITEMS,
    ),
    "data table columns": (
        lambda n: data_table(2, n),
        theirs.DATA_TABLE_COLUMNS_MIN_ITEMS,
        theirs.DATA_TABLE_COLUMNS_MAX_ITEMS,
    ),
    "data table page": (
        lambda n: data_table(2, 1, page_size=n),
        theirs.DATA_TABLE_PAGE_SIZE_MIN,
        theirs.DATA_TABLE_PAGE_SIZE_MAX,
    ),
    "data table characters": (
        lambda n: data_table(2, 1, rows=[[raw("x")], [raw("x" * (n - 1))]]),
        2,
        theirs.DATA_TABLE_TOTAL_CONTENT_MAX_LENGTH,
    ),
    "table rows": (lambda n: cells(n, 1), 1, theirs.TABLE_ROWS_MAX_ITEMS),
    "table columns": (lambda n: cells(1, n), 1, theirs.TABLE_COLUMNS_MAX_ITEMS),
    "chart title": (
        lambda n: {**chart(), "title": "x" * n},
        1,
        theirs.DATA_VISUALIZATION_TITLE_MAX_LENGTH,
    ),
    "chart axis label": (
        lambda n: chart(axis_config={"categories": ["1"], "x_label": "x" * n}),
        1,
        theirs.DATA_VISUALIZATION_AXIS_LABEL_MAX_LENGTH,
    ),
}


def parts(thing: object) -> Iterator[JsonObject]:
    """Yield an object of the official models and everything inside it."""
    if isinstance(thing, list | tuple):
        for each in thing:
            yield from parts(each)
    elif isinstance(thing, JsonObject):
        yield thing
        for each in vars(thing).values():
            yield from parts(each)


@pytest.mark.parametrize("name", [name for name in SIZES if not name.startswith(("chart", "data"))])
def test_the_largest_and_smallest_pass_the_official_models_too(name: str) -> None:
    build, smallest, largest = SIZES[name]

    for size in (smallest, largest):
        (block,) = Block.parse_all([build(size)])
        assert block is not None
        for part in parts(block):
            part.validate_json()


@pytest.mark.parametrize("name", SIZES)
def test_a_size_is_slacks_own(name: str) -> None:
    build, smallest, largest = SIZES[name]

    assert check_blocks([build(smallest)], "message") == []
    assert check_blocks([build(largest)], "message") == []
    assert check_blocks([build(largest + 1)], "message") != []
    assert check_blocks([build(smallest - 1)], "message") != []
