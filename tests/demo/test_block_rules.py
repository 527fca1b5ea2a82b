"""The stand-in's Block Kit rules against data that the project did not write."""

import copy
import json
from typing import Any

import pytest

from bot.demo.workspace.block_elements import CLICKABLE, INPUTS
from bot.demo.workspace.block_limits import BLOCKS
from bot.demo.workspace.block_rules import check_blocks, check_view
from tests.demo.block_samples import (
    actions,
    bold,
    button,
    cells,
    chart,
    data_table,
    mrkdwn,
    plain,
    raw,
)
from tests.reference import ORACLES, REFERENCE, needs_reference

Json = dict[str, Any]
DESIGN = REFERENCE / "design" / "cards.json"
SCHEMA = ORACLES / "block-kit-view.schema.json"


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
        ([cells(1, 1), cells(1, 1)], "/blocks"),
        ([chart(), chart(), chart()], "/blocks"),
        # a head in rich text, a row that is shorter than it, a name in no column, no caption
        ([data_table(2, 1, rows=[[bold("x")], [bold("x")]])], "/blocks/0/rows/0/0/type"),
        ([data_table(2, 1, rows=[[raw("a"), raw("b")], [raw("c")]])], "/blocks/0/rows/1"),
        ([data_table(2, 2, row_header_column_index=2)], "/blocks/0/row_header_column_index"),
        ([{"type": "data_table", "rows": [[raw("a")]] * 2}], "/blocks/0"),
        # what two tables hold together
        ([data_table(2, 1, rows=[[raw("x" * 5_001)]] * 2)] * 2, "/blocks"),
        ([chart(axis_config={"categories": ["1", "2"]})], "/blocks/0/chart/series/0/data"),
        ("not a list", "/blocks"),
        (["not a block"], "/blocks/0"),
    ],
)
def test_a_fault_is_pointed_at(blocks: Any, pointer: str) -> None:
    assert [problem.pointer for problem in check_blocks(blocks, "message")] == [pointer]


def _option(word: str) -> Json:
    return {"text": plain(word), "value": word}


@pytest.mark.parametrize(
    ("begins", "is_taken"),
    [
        ({"type": "radio_buttons", "initial_option": _option("a")}, True),
        ({"type": "radio_buttons", "initial_option": _option("c")}, False),
        ({"type": "checkboxes", "initial_options": [_option("a"), _option("b")]}, True),
        ({"type": "checkboxes", "initial_options": [_option("a"), _option("c")]}, False),
    ],
)
def test_an_input_begins_with_one_of_its_options(begins: Json, is_taken: bool) -> None:
    element = {**begins, "options": [_option("a"), _option("b")], "action_id": "value"}
    block = {"type": "input", "block_id": "q", "label": plain("Q"), "element": element}

    assert (check_blocks([block], "modal") == []) is is_taken


def test_an_input_begins_with_no_more_than_may_be_typed() -> None:
    element = {"type": "plain_text_input", "initial_value": "abc", "action_id": "value"}
    block = {"type": "input", "label": plain("Q")}

    for longest, count in ((3, 0), (2, 1)):
        begun = {**block, "element": {**element, "max_length": longest}}
        assert len(check_blocks([begun], "modal")) == count


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


@needs_reference
def test_every_known_key_is_a_key_of_slacks_own_types() -> None:
    definitions = json.loads(SCHEMA.read_text())["definitions"]
    shapes = {**CLICKABLE, **INPUTS, **BLOCKS}
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

    assert len(checked) > 20


@needs_reference
def test_the_surfaces_of_actions_and_inputs_are_slacks_own() -> None:
    definitions = json.loads(SCHEMA.read_text())["definitions"]

    def kinds(name: str) -> set[str]:
        told = definitions[name]
        if "anyOf" not in told:
            return {told["properties"]["type"]["const"]}
        names = [each["$ref"].rpartition("/")[2] for each in told["anyOf"]]
        return set().union(*(kinds(each) for each in names))

    assert set(CLICKABLE) <= kinds("ActionsBlockElement")
    assert set(INPUTS) <= kinds("InputBlockElement")


def test_checking_changes_nothing() -> None:
    blocks = [actions(button()), cells(2, 2), chart()]
    before = copy.deepcopy(blocks)

    check_blocks(blocks, "message")

    assert blocks == before


@needs_reference
def test_the_sketched_cards_pass() -> None:
    for name, cards in json.loads(DESIGN.read_text()).items():
        for card in cards if isinstance(cards, list) else [cards]:
            surface: Any = "home" if name == "Home" else "message"
            assert check_blocks(card["blocks"], surface) == [], name
