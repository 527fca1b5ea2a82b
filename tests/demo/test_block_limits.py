"""The stand-in's Block Kit rules against data that the project did not write."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from slackblocks import _limits as theirs

from bot.demo.block_elements import CLICKABLE, CONTEXT_ACTIONS, INPUTS
from bot.demo.block_limits import BLOCKS
from bot.demo.block_rules import check_blocks, check_view
from tests.demo.slack_world import ORACLES, needs_oracles

Json = dict[str, Any]
SCHEMA = ORACLES / "block-kit-view.schema.json"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(**more: Any) -> Json:
    return {"text": plain("One"), "value": "1", **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **more}


def confirm(**more: Any) -> Json:
    made = {"title": plain("Sure?"), "text": plain("t"), "confirm": plain("y"), "deny": plain("n")}
    return {**made, **more}


def cells(rows: int, columns: int) -> Json:
    row = [{"type": "raw_text", "text": "x"}] * columns
    return {"type": "table", "rows": [row] * rows}


def chart(**more: Any) -> Json:
    series = [{"name": "loss", "data": [{"label": "1", "value": 3.0}]}]
    drawn = {"type": "line", "series": series, "axis_config": {"categories": ["1"]}, **more}
    return {"type": "data_visualization", "title": "loss", "chart": drawn}


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
    "markdown": (
        lambda n: {"type": "markdown", "text": "x" * n},
        1,
        theirs.MARKDOWN_TEXT_MAX_LENGTH,
    ),
    "table rows": (lambda n: cells(n, 1), 1, theirs.TABLE_ROWS_MAX_ITEMS),
    "table columns": (lambda n: cells(1, n), 1, theirs.TABLE_COLUMNS_MAX_ITEMS),
    "card actions": (
        lambda n: {"type": "card", "actions": [button(action_id=f"a{i}") for i in range(n)]},
        1,
        theirs.CARD_ACTIONS_MAX_ITEMS,
    ),
    "card title": (
        lambda n: {"type": "card", "title": plain("x" * n)},
        1,
        theirs.CARD_TITLE_MAX_LENGTH,
    ),
    "carousel cards": (
        lambda n: {"type": "carousel", "elements": [{"type": "card", "body": plain("b")}] * n},
        theirs.CAROUSEL_ELEMENTS_MIN_ITEMS,
        theirs.CAROUSEL_ELEMENTS_MAX_ITEMS,
    ),
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


@pytest.mark.parametrize("name", SIZES)
def test_a_size_is_slacks_own(name: str) -> None:
    build, smallest, largest = SIZES[name]

    assert check_blocks([build(smallest)], "message") == []
    assert check_blocks([build(largest)], "message") == []
    assert check_blocks([build(largest + 1)], "message") != []
    assert check_blocks([build(smallest - 1)], "message") != []


@pytest.mark.parametrize(("surface", "limit"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_takes_so_many_blocks(surface: Any, limit: int) -> None:
    assert check_blocks([{"type": "divider"}] * limit, surface) == []
    assert check_blocks([{"type": "divider"}] * (limit + 1), surface) != []


@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [
        ([{"type": "section"}], "/blocks/0"),
        ([{"type": "section", "text": plain("x"), "txet": 1}], "/blocks/0/txet"),
        ([{"type": "header", "text": mrkdwn("x")}], "/blocks/0/text/type"),
        ([{"type": "sektion"}], "/blocks/0/type"),
        ([{"type": "context", "elements": [button()]}], "/blocks/0/elements/0/type"),
        ([{"type": "image", "image_url": "https://a.example/i"}], "/blocks/0"),
        ([actions(button(style="green"))], "/blocks/0/elements/0/style"),
        ([actions(button(), button())], "/blocks/0/elements/1/action_id"),
        ([{"type": "divider", "block_id": "a"}] * 2, "/blocks/1/block_id"),
        ([{"type": "alert", "text": plain("x")}], "/blocks/0/type"),
        ([cells(1, 1), cells(1, 1)], "/blocks"),
        ([chart(), chart(), chart()], "/blocks"),
        ([chart(axis_config={"categories": ["1", "2"]})], "/blocks/0/chart/series/0/data"),
        ([{"type": "markdown", "text": "x" * 6001}] * 2, "/blocks"),
        ("not a list", "/blocks"),
        (["not a block"], "/blocks/0"),
    ],
)
def test_a_fault_is_pointed_at(blocks: Any, pointer: str) -> None:
    assert [problem.pointer for problem in check_blocks(blocks, "message")] == [pointer]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": plain("x" * 25)}, "/view/title/text"),
        ({"submit": plain("x" * 25)}, "/view/submit/text"),
        ({"close": plain("x" * 25)}, "/view/close/text"),
        ({"callback_id": "x" * 256}, "/view/callback_id"),
        ({"private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({"external_id": "x" * 256}, "/view/external_id"),
        ({"type": "popup"}, "/view/type"),
        ({"blocks": [cells(1, 1)]}, "/view/blocks/0/type"),
    ],
)
def test_a_fault_of_a_view_is_pointed_at(change: Json, pointer: str) -> None:
    view = {"type": "modal", "title": plain("Title"), "blocks": [{"type": "divider"}]}

    assert check_view(view) == []
    assert [problem.pointer for problem in check_view({**view, **change})] == [pointer]


def test_a_modal_that_asks_needs_a_submit_button() -> None:
    asks = {
        "type": "input",
        "label": plain("Name"),
        "element": {"type": "plain_text_input", "action_id": "name"},
    }
    view = {"type": "modal", "title": plain("Title"), "blocks": [asks]}

    assert check_view(view) != []
    assert check_view({**view, "submit": plain("Save")}) == []


@needs_oracles
def test_every_known_key_is_a_key_of_slacks_own_types() -> None:
    definitions = json.loads(SCHEMA.read_text())["definitions"]
    shapes = {**CONTEXT_ACTIONS, **CLICKABLE, **INPUTS, **BLOCKS}
    checked = set()
    for name, told in definitions.items():
        kind = told.get("properties", {}).get("type", {}).get("const")
        if kind not in shapes or name == "ImageElement":
            continue
        checked.add(kind)
        found = list(shapes[kind]({"type": kind, "surely_unknown": 1}, ""))
        said = "missing required field: "
        missing = {p.message.removeprefix(said) for p in found if p.message.startswith(said)}
        assert missing == set(told["required"]) - {"type"}, kind
        given: Json = {key: object() for key in told["properties"]}
        codes = [p.code for p in shapes[kind](given | {"type": kind}, "")]
        assert "unknown_field" not in codes, kind
        assert "unknown_field" in [p.code for p in found], kind

    assert len(checked) > 35


@needs_oracles
def test_the_surfaces_of_actions_and_inputs_are_slacks_own() -> None:
    definitions = json.loads(SCHEMA.read_text())["definitions"]

    def kinds(name: str) -> set[str]:
        told = definitions[name]
        if "anyOf" not in told:
            return {told["properties"]["type"]["const"]}
        names = [each["$ref"].rpartition("/")[2] for each in told["anyOf"]]
        return set().union(*(kinds(each) for each in names))

    assert kinds("ActionsBlockElement") - set(CLICKABLE) - {"rich_text_input"} == set()
    assert kinds("InputBlockElement") == set(INPUTS)
    assert kinds("ContextActionsBlockElement") == set(CONTEXT_ACTIONS)


def test_checking_changes_nothing() -> None:
    blocks = [actions(button()), cells(2, 2), chart()]
    before = copy.deepcopy(blocks)

    check_blocks(blocks, "message")

    assert blocks == before
