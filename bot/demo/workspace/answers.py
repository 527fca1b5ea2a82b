"""The inputs of a modal as `state.values`. Pure functions.

https://docs.slack.dev/reference/views/modal-views
"""

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]

# By type of element: the field that holds its choice, and the field with its initial choice.
_CHOICE = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
}


def begun_values(blocks: list[Json], conversation: str | None) -> Json:
    """Return the initial values of inputs; `conversation` is the one that the person sees."""
    values: Json = {}
    for block, element in _inputs(blocks):
        field, initial = _CHOICE[element["type"]]
        begun = element.get(initial, [] if field == "selected_options" else None)
        if element.get("default_to_current_conversation") and conversation:
            begun = conversation
        chosen = {"type": element["type"], field: begun}
        values.setdefault(block["block_id"], {})[element["action_id"]] = chosen
    return values


def check_values(blocks: list[Json], values: Json, sees: Callable[[str], bool]) -> None:
    """Raise `ValueError` for values that Slack's client would not submit: they do not fit the
    elements, or a required input is empty. `sees` returns whether the person sees a
    conversation."""
    elements = {
        (b["block_id"], e["action_id"]): (b, e) for b, e in _inputs(blocks) if "block_id" in b
    }
    for block_id, given in values.items():
        for action_id, choice in given.items():
            if (block_id, action_id) in elements:
                _check_choice(*elements[block_id, action_id], choice, sees)
    for (block_id, action_id), (block, _) in elements.items():
        choice = values.get(block_id, {}).get(action_id, {})
        if not block.get("optional") and not any(v for k, v in choice.items() if k != "type"):
            raise ValueError(f"{block_id} is required")


def _check_choice(block: Json, element: Json, choice: Json, sees: Callable[[str], bool]) -> None:
    field, _ = _CHOICE[element["type"]]
    at = block["block_id"]
    if choice.get("type") != element["type"] or choice.keys() - {"type", field}:
        raise ValueError(f"{at} holds {choice}, and is a {element['type']}")
    chosen = choice.get(field)
    several = chosen if isinstance(chosen, list) else [chosen]
    offered = element.get("options")
    if offered and any(one is not None and one not in offered for one in several):
        raise ValueError(f"{at} offers no such option: {chosen}")
    if field == "selected_date_time" and not isinstance(chosen, int | None):
        raise ValueError(f"{at} is no number of seconds: {chosen}")
    if field == "selected_conversation" and chosen is not None and not sees(chosen):
        raise ValueError(f"{at} names a conversation that the person does not see: {chosen}")


def _inputs(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        element = block.get("element") if block["type"] == "input" else None
        if element and element["type"] in _CHOICE and "action_id" in element:
            yield block, element
