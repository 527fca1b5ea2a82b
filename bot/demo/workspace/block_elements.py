"""The shapes and sizes of Block Kit's text objects and elements, as data.

https://docs.slack.dev/reference/block-kit/block-elements
"""

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
    """Return the check of a plain_text object with at most `maximum` characters."""
    return record(
        {"type": choice("plain_text"), "text": string(maximum)},
        {"emoji": flag},
    )


def text(maximum: int) -> Check:
    """Return the check of a plain_text or mrkdwn object with at most `maximum` characters."""
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


def _listed(extra: dict[str, Check], source: Check) -> Check:
    return both(_element({}, {**_SELECT, **extra, "initial_option": OPTION}), source)


def _picked(kind: str, extra: dict[str, Check]) -> Check:
    """Return the check of a select of users, conversations or channels."""
    return _element({}, {**_SELECT, **extra, f"initial_{kind}": string()})


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
    "response_url_enabled": flag,
}
_QUERY: dict[str, Check] = {"min_query_length": number(minimum=0)}
_STYLED: dict[str, Check] = {
    "action_id": ACTION_ID,
    "confirm": CONFIRM,
    "style": choice("primary", "danger"),
    "accessibility_label": string(75),
}
BUTTON = _element({"text": plain(75)}, {**_STYLED, "url": URL, "value": string(2000)})
IMAGE_ELEMENT = both(
    _element(
        {"alt_text": string(2000)},
        {"image_url": URL, "slack_file": anything},
    ),
    one_of_fields("image_url", "slack_file"),
)
SELECTS: dict[str, Check] = {
    "static_select": _listed(_OPTIONS, _OPTION_SOURCE),
    "external_select": _listed(_QUERY, anything),
    "users_select": _picked("user", {}),
    "conversations_select": _picked("conversation", _CONVERSATIONS),
    "channels_select": _picked("channel", {"response_url_enabled": flag}),
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
}
