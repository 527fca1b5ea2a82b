"""What the stand-in Slack lets a person submit: as strict as Slack's own client."""

from typing import Any

import pytest

from bot.demo.workspace.answers import begun_values, check_values
from bot.demo.workspace.cast import EXPERIMENTS

Json = dict[str, Any]

ALL, FAILED = ({"text": {"type": "plain_text", "text": w}, "value": w} for w in ("all", "failed"))


def asked(block_id: str, element: Json, **more: object) -> Json:
    """An input block."""
    return {
        "type": "input",
        "block_id": block_id,
        "element": {"action_id": "value", **element},
    } | more


BLOCKS = [
    asked("job", {"type": "external_select"}),
    asked("place", {"type": "conversations_select", "default_to_current_conversation": True}),
    asked("preset", {"type": "radio_buttons", "options": [ALL, FAILED], "initial_option": ALL}),
    asked("events", {"type": "checkboxes", "options": [ALL, FAILED]}, optional=True),
    asked("until", {"type": "datetimepicker"}, optional=True),
    {"type": "section", "block_id": "words"},
]


def value(**choice: object) -> Json:
    return {"value": choice}


CHOSEN = {
    "job": value(type="external_select", selected_option={"value": "id:205"}),
    "place": value(type="conversations_select", selected_conversation=EXPERIMENTS),
    "preset": value(type="radio_buttons", selected_option=FAILED),
    "events": value(type="checkboxes", selected_options=[FAILED, ALL]),
    "until": value(type="datetimepicker", selected_date_time=1_800_000_000),
}


def sees(channel: str) -> bool:
    return channel == EXPERIMENTS


def test_a_view_begins_with_what_its_elements_say() -> None:
    assert begun_values(BLOCKS, EXPERIMENTS) == {
        "job": value(type="external_select", selected_option=None),
        "place": value(type="conversations_select", selected_conversation=EXPERIMENTS),
        "preset": value(type="radio_buttons", selected_option=ALL),
        "events": value(type="checkboxes", selected_options=[]),
        "until": value(type="datetimepicker", selected_date_time=None),
    }
    assert begun_values(BLOCKS, None)["place"]["value"]["selected_conversation"] is None


def test_what_is_chosen_from_what_is_offered_can_be_submitted() -> None:
    check_values(BLOCKS, CHOSEN, sees)
    check_values(BLOCKS, {k: v for k, v in CHOSEN.items() if k not in ("events", "until")}, sees)
    check_values(BLOCKS, {**begun_values(BLOCKS, EXPERIMENTS), "job": CHOSEN["job"]}, sees)


@pytest.mark.parametrize(
    ("question", "given", "says"),
    [
        ("job", {}, "job is required"),
        ("job", value(type="external_select", selected_option=None), "job is required"),
        ("job", value(type="static_select", selected_option=ALL), "is a external_select"),
        ("job", value(type="external_select", selected_options=[]), "is a external_select"),
        ("place", value(type="conversations_select", selected_conversation="C0"), "does not see"),
        (
            "preset",
            value(type="radio_buttons", selected_option={**ALL, "value": "x"}),
            "offers no such option",
        ),
        ("events", value(type="checkboxes", selected_options=[ALL, 7]), "offers no such option"),
        ("until", value(type="datetimepicker", selected_date_time="soon"), "no number of seconds"),
    ],
)
def test_what_slacks_client_would_not_send_is_refused(
    question: str, given: Json, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        check_values(BLOCKS, {**CHOSEN, question: given}, sees)
