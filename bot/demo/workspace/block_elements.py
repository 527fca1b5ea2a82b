"""Block Kit's text objects and elements as data: structure and sizes, no behaviour.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from bot.demo.workspace.block_rich_text import RICH_TEXT
from bot.demo.workspace.block_shapes import (
    Check,
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

ACTION_ID = string(255)
BLOCK_ID = string(255)
URL = string(3000)


def plain(maximum: int | None = None) -> Check:
    """A plain_text object of so many characters."""
    return record(
        {"type": choice("plain_text"), "text": string(maximum)},
        {"emoji": flag},
    )


def text(maximum: int) -> Check:
    """A plain_text or mrkdwn object of so many characters."""
    mrkdwn = record({"type": anything, "text": string(maximum)}, {"verbatim": flag})
    return tagged(lambda: {"plain_text": plain(maximum), "mrkdwn": mrkdwn})


TEXT = text(3000)
CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
OPTION = record({"text": text(75), "value": string(150)}, {"description": text(75), "url": URL})
OPTION_GROUP = record({"label": plain(75), "options": many(OPTION, 100)}, {})
_ANY_ELEMENT: dict[str, Check] = {"type": anything}
_ACTIVE: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": flag}
_SELECT: dict[str, Check] = {**_ACTIVE, "placeholder": plain(150)}
_SELECTED = number(minimum=1)
_OPTIONS: dict[str, Check] = {
    "options": many(OPTION, 100),
    "option_groups": many(OPTION_GROUP, 100),
}
_OPTION_SOURCE = one_of_fields("options", "option_groups")
_INPUT: dict[str, Check] = {
    "action_id": ACTION_ID,
    "placeholder": plain(150),
    "focus_on_load": flag,
    "dispatch_action_config": record(
        {},
        {"trigger_actions_on": many(choice("on_enter_pressed", "on_character_entered"), 2)},
    ),
}


def _element(required: dict[str, Check], optional: dict[str, Check]) -> Check:
    return record({**_ANY_ELEMENT, **required}, optional)


def _listed(name: str, chosen: Check, extra: dict[str, Check], source: Check) -> Check:
    optional = {**_SELECT, **extra, name: chosen}
    if name.startswith("initial_options"):
        optional["max_selected_items"] = _SELECTED
    return both(_element({}, optional), source)


def _picked(kind: str, extra: dict[str, Check]) -> dict[str, Check]:
    """Selects of users, conversations or channels: the single one and the multiple one."""
    shared = {**_SELECT, **extra}
    one = {**shared, f"initial_{kind}": string()}
    several = {
        **shared,
        f"initial_{kind}s": many(string()),
        "max_selected_items": _SELECTED,
    }
    one_only: dict[str, Check] = {} if kind == "user" else {"response_url_enabled": flag}
    return {
        f"{kind}s_select": _element({}, {**one, **one_only}),
        f"multi_{kind}s_select": _element({}, several),
    }


_CONVERSATIONS: dict[str, Check] = {
    "filter": record(
        {},
        {
            "include": many(choice("im", "mpim", "private", "public")),
            "exclude_bot_users": flag,
            "exclude_external_shared_channels": flag,
        },
    ),
    "default_to_current_conversation": flag,
}
_QUERY: dict[str, Check] = {"min_query_length": number(minimum=0)}
_STYLED: dict[str, Check] = {
    "action_id": ACTION_ID,
    "confirm": CONFIRM,
    "style": choice("primary", "danger"),
    "accessibility_label": string(75),
}
BUTTON = _element({"text": plain(75)}, {**_STYLED, "url": URL, "value": string(2000)})
_WORKFLOW_BUTTON = _element({"text": plain(75), "workflow": anything}, _STYLED)
_FEEDBACK = record({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": _element(
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ACTION_ID}
    ),
    "icon_button": _element(
        {"icon": string(), "text": plain()},
        {
            "action_id": ACTION_ID,
            "confirm": CONFIRM,
            "value": string(2000),
            "accessibility_label": string(75),
            "visible_to_user_ids": many(string(), 10),
        },
    ),
}
IMAGE_ELEMENT = both(
    _element(
        {"alt_text": string(2000)},
        {"image_url": URL, "slack_file": anything},
    ),
    one_of_fields("image_url", "slack_file"),
)
SELECTS: dict[str, Check] = {
    "static_select": _listed("initial_option", OPTION, _OPTIONS, _OPTION_SOURCE),
    "multi_static_select": _listed("initial_options", many(OPTION, 100), _OPTIONS, _OPTION_SOURCE),
    "external_select": _listed("initial_option", OPTION, _QUERY, anything),
    "multi_external_select": _listed("initial_options", many(OPTION, 100), _QUERY, anything),
    **_picked("user", {}),
    **_picked("conversation", _CONVERSATIONS),
    **_picked("channel", {}),
}
PICKERS: dict[str, Check] = {
    "datepicker": _element({}, {**_SELECT, "initial_date": string(10)}),
    "timepicker": _element({}, {**_SELECT, "initial_time": string(5), "timezone": string()}),
    "datetimepicker": _element({}, {**_ACTIVE, "initial_date_time": number(minimum=0)}),
    "checkboxes": _element(
        {"options": many(OPTION, 10)}, {**_ACTIVE, "initial_options": many(OPTION, 10)}
    ),
    "radio_buttons": _element({"options": many(OPTION, 10)}, {**_ACTIVE, "initial_option": OPTION}),
}
OVERFLOW = _element({"options": many(OPTION, 5)}, {"action_id": ACTION_ID, "confirm": CONFIRM})
CLICKABLE: dict[str, Check] = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "workflow_button": _WORKFLOW_BUTTON,
    **SELECTS,
    **PICKERS,
}
INPUTS: dict[str, Check] = {
    **SELECTS,
    **PICKERS,
    "plain_text_input": _element(
        {},
        {
            **_INPUT,
            "initial_value": string(3000, minimum=0),
            "multiline": flag,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        },
    ),
    "email_text_input": _element({}, {**_INPUT, "initial_value": string()}),
    "url_text_input": _element({}, {**_INPUT, "initial_value": string()}),
    "number_input": _element(
        {"is_decimal_allowed": flag},
        {**_INPUT, "initial_value": string(), "min_value": string(), "max_value": string()},
    ),
    "rich_text_input": _element(
        {},
        {
            **_INPUT,
            "initial_value": RICH_TEXT,
            "min_lines": number(1, 100),
            "max_lines": number(1, 100),
        },
    ),
    "file_input": _element(
        {},
        {"action_id": ACTION_ID, "filetypes": many(string()), "max_files": number(1, 10)},
    ),
}
