"""Everything that can be held against a rendered message or view, most of it not written here."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.validators import extend
from slack_sdk.models import JsonObject
from slack_sdk.models.blocks import Block
from slackblocks import _limits as limits

from bot.demo.workspace.block_rules import check_blocks, check_view
from bot.slack.charts import CHART
from bot.slack.tables import TABLE
from tests.reference import ORACLES

Json = dict[str, Any]

MOST_BLOCKS = 7
DATE_TOKEN = re.compile(r"<!date\^[0-9]+\^[{}a-z_ ]+\|[0-9:\- ]+UTC>")
NAME_TOKEN = re.compile(r"<[@#][A-Z0-9]+>")


def hold_message(message: Json, *, mentions: frozenset[str] = frozenset()) -> None:
    """Hold a message against all rules that need no reference data; `mentions` are people and
    channels that it may name."""
    blocks = message["blocks"]
    assert isinstance(message["text"], str)
    assert len(message["text"]) <= 40_000
    assert 1 <= len(blocks) <= MOST_BLOCKS
    assert check_blocks(blocks, "message") == []
    _hold_blocks(blocks)
    _hold_no_markup(message, mentions)


def hold_view(view: Json, *, mentions: frozenset[str] = frozenset()) -> None:
    """The same for a Home tab or a modal."""
    assert 1 <= len(view["blocks"]) <= limits.VIEW_BLOCKS_MAX_ITEMS
    assert check_view(view) == []
    _hold_blocks(view["blocks"])
    _hold_no_markup(view, mentions)


def hold_to_schema(kind: str, value: Json) -> None:
    """`kind` is message or view; the schema is made of Slack's own TypeScript types."""
    errors = [error.message for error in _schema(kind).iter_errors(value)]
    assert errors == []


def texts(value: object) -> Iterator[Json]:
    """Every object that has a type, however deep."""
    if isinstance(value, dict):
        if "type" in value:
            yield value
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


@cache
def _schema(kind: str) -> Any:
    schema = json.loads((ORACLES / f"block-kit-{kind}.schema.json").read_text())
    quicker: Any = extend(Draft7Validator, {"anyOf": _any_of})  # type: ignore[no-untyped-call]
    return quicker(schema)


def _any_of(validator: Any, ways: list[Json], value: object, schema: Json) -> Iterator[Any]:
    """The same as usual, but a way of another `type` is not tried, and of a way that does not fit
    one error is enough, unless none fits."""
    tried = (way for way in ways if _may_fit(validator, way, value))
    if not any(validator.evolve(schema=way).is_valid(value) for way in tried):
        yield from Draft7Validator.VALIDATORS["anyOf"](validator, ways, value, schema)


def _may_fit(validator: Any, way: Json, value: object) -> bool:
    """False where the way says that `type` is one word and the value says that it is another."""
    while "$ref" in way:
        way = validator._resolver.lookup(way["$ref"]).contents
    wanted = way.get("properties", {}).get("type", {}).get("const")
    return not (wanted and isinstance(value, dict) and value.get("type", wanted) != wanted)


def menu(message: Json) -> dict[str, str]:
    """What stands in the menu of a message, and the sentence that it says."""
    [found] = [element for element in texts(message) if element["type"] == "overflow"]
    return {option["text"]["text"]: option["value"] for option in found["options"]}


def _hold_blocks(blocks: list[Json]) -> None:
    # Slack wants them unique within a block; ours are, but for inputs, unique within the whole.
    pressed = [block for block in blocks if block["type"] != "input"]
    ids = [element["action_id"] for element in texts(pressed) if "action_id" in element]
    assert len(ids) == len(set(ids))
    block_ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(block_ids) == len(set(block_ids))
    # Slack's models do not know these; the stand-in's rules hold them to their limits.
    known = [block for block in blocks if block["type"] not in (CHART, TABLE)]
    for block, parsed in zip(known, Block.parse_all(known), strict=True):
        assert parsed is not None
        assert parsed.type == block["type"]
        for part in _parts(parsed):
            part.validate_json()
    for element in texts(known):
        _hold_sizes(element)


def hold_form(view: Json, questions: dict[str, str]) -> None:
    """A modal that asks; `questions` are the types of its inputs by their block ids, in order."""
    asked = [block for block in view["blocks"] if block["type"] == "input"]
    assert {block["block_id"]: block["element"]["type"] for block in asked} == questions
    assert [block["block_id"] for block in asked] == list(questions)
    assert {block["element"]["action_id"] for block in asked} == {"value"}
    hold_view(view)


def _parts(model: object) -> Iterator[JsonObject]:
    if isinstance(model, JsonObject):
        yield model
        model = list(vars(model).values())
    if isinstance(model, list | tuple):
        for inner in model:
            yield from _parts(inner)


def _hold_sizes(element: Json) -> None:
    match element["type"]:
        case "plain_text" | "mrkdwn" | "text":
            longest = limits.TEXT_MAX_LENGTH
            assert limits.TEXT_MIN_LENGTH <= len(element["text"]) <= longest
        case "button":
            assert len(element["text"]["text"]) <= limits.BUTTON_TEXT_MAX_LENGTH
            assert 1 <= len(element["value"]) <= limits.BUTTON_VALUE_MAX_LENGTH
            assert len(element.get("url", "")) <= limits.BUTTON_URL_MAX_LENGTH
            label = element["accessibility_label"]
            assert 1 <= len(label) <= limits.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH
        case "static_select" | "external_select":
            assert len(element["placeholder"]["text"]) <= limits.SELECT_PLACEHOLDER_MAX_LENGTH
            if element["type"] == "static_select":
                hold_options(element["options"])
        case "context":
            assert 1 <= len(element["elements"]) <= limits.CONTEXT_ELEMENTS_MAX_ITEMS
        case "actions":
            assert 1 <= len(element["elements"]) <= limits.ACTIONS_ELEMENTS_MAX_ITEMS
        case "rich_text_section" | "rich_text_quote":
            assert element["elements"]
        case _:
            _hold_sizes_of_menus(element)


def _hold_sizes_of_menus(element: Json) -> None:
    match element["type"]:
        case "overflow":
            assert len(element["options"]) <= limits.OVERFLOW_OPTIONS_MAX_ITEMS
            hold_options(element["options"])
        case "header":
            assert len(element["text"]["text"]) <= limits.HEADER_TEXT_MAX_LENGTH


def hold_options(options: list[Json]) -> None:
    """The lines of a picker, or of the answer to a search box."""
    assert limits.SELECT_OPTIONS_MIN_ITEMS <= len(options) <= limits.SELECT_OPTIONS_MAX_ITEMS
    for option in options:
        assert 1 <= len(option["text"]["text"]) <= limits.OPTION_TEXT_MAX_LENGTH
        assert 1 <= len(option["value"]) <= limits.OPTION_VALUE_MAX_LENGTH
        detail = option.get("description", {"text": "x"})["text"]
        assert 1 <= len(detail) <= limits.OPTION_DESCRIPTION_MAX_LENGTH


def _hold_no_markup(value: Json, mentions: frozenset[str]) -> None:
    """Nothing that Slack would read as a mention, a channel, a link or a call to everybody."""
    if "text" in value:
        _hold_tokens(value["text"], mentions)
    for element in texts(value):
        match element["type"]:
            case "mrkdwn":
                assert element["verbatim"] is True
                _hold_tokens(element["text"], mentions)
            case "plain_text":
                assert element.get("emoji", False) is False
            case "user":
                assert element["user_id"] in mentions
            case "channel":
                assert element["channel_id"] in mentions
            case "usergroup":
                assert element["usergroup_id"] in mentions
            case kind:
                assert kind not in ("link", "broadcast", "emoji", "team")


def _hold_tokens(text: str, mentions: frozenset[str]) -> None:
    left = DATE_TOKEN.sub("", text)
    assert {found[2:-1] for found in NAME_TOKEN.findall(left)} <= mentions
    assert "<" not in NAME_TOKEN.sub("", left)
    assert ">" not in NAME_TOKEN.sub("", left)
