"""Find elements in blocks, and build the actions of pressing them. Pure functions."""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def find_action(blocks: list[Json], wanted: str) -> Json:
    """Return the action of pressing `wanted`: an action_id, a label, or the label or value of an
    option.

    Raises `LookupError` that lists what can be pressed.
    """
    offered: list[str] = []
    for block, element in _elements(blocks):
        label = element.get("text", {}).get("text", "")
        options = element.get("options", [])
        for option in options:
            if wanted in (option["text"]["text"], option["value"]):
                return action_of(block, element, selected_option=option)
        if wanted in (element.get("action_id"), label):
            return action_of(block, element)
        offered += [label or str(element.get("action_id"))]
        offered += [option["text"]["text"] for option in options]
    raise LookupError(f"nothing to press is called {wanted!r}; there is {offered}")


def find_element(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """Return the block and the element with these ids. Raises `LookupError`."""
    for block, element in _elements(blocks):
        if block_id in (None, block.get("block_id")) and element["action_id"] == action_id:
            return block, element
    raise LookupError(f"no element {action_id} in block {block_id}")


def action_of(block: Json, element: Json, **chosen: Any) -> Json:
    """Return one entry of a block_actions payload."""
    kept = {
        name: element[name]
        for name in ("action_id", "text", "value", "style", "placeholder", "type", "url")
        if name in element
    }
    return {**json.loads(json.dumps(kept)), "block_id": block.get("block_id"), **chosen}


def remember_choice(values: Json, action: Json) -> None:
    """Store a choice in the `state` of a payload; a button has no state."""
    chosen = {name: action[name] for name in action if name.startswith("selected_")}
    if chosen and action["type"] != "overflow":
        kept = {"type": action["type"], **chosen}
        values.setdefault(action["block_id"], {})[action["action_id"]] = kept


def _elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        inner = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
        for element in inner:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element
