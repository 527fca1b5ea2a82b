"""Render the inputs of a form as Block Kit elements, each with its initial value."""

from typing import assert_never

from bot.core.cards.form import (
    Input,
    JobInput,
    MomentInput,
    OneInput,
    PlaceInput,
    SomeInput,
    TextInput,
)
from bot.core.text import Words
from bot.slack.controls import LONGEST_PLACEHOLDER, render_option
from bot.slack.text_objects import Json, plain_text

#: The text fields of our forms ask for short answers.
LONGEST_ANSWER = 100

_CURRENT: Json = {"default_to_current_conversation": True}


def render_input(asked: Input) -> Json:
    """Return the element of an input block, without its action_id."""
    match asked:
        case JobInput(placeholder=placeholder, initial=initial):
            begun = {"initial_option": render_option(initial)} if initial else {}
            return {**_empty("external_select", placeholder), "min_query_length": 1, **begun}
        case PlaceInput(placeholder=placeholder, initial=channel_id):
            # Slack ignores one of the two if both are given.
            where: Json = {"initial_conversation": channel_id} if channel_id else _CURRENT
            shown = {"filter": {"include": ["public", "private", "im"]}}
            return {**_empty("conversations_select", placeholder), **where, **shown}
        case OneInput(options=options, initial=initial):
            drawn = [render_option(option) for option in options]
            first = render_option(initial)
            return {"type": "radio_buttons", "options": drawn, "initial_option": first}
        case SomeInput(options=options, initial=ticked):
            drawn = [render_option(option) for option in options]
            ticks = {"initial_options": [render_option(one) for one in ticked]} if ticked else {}
            return {"type": "checkboxes", "options": drawn, **ticks}
        case TextInput(placeholder=placeholder, initial=words):
            typed = {"initial_value": words} if words else {}
            return {
                **_empty("plain_text_input", placeholder),
                "max_length": LONGEST_ANSWER,
                **typed,
            }
        case MomentInput(initial=moment):
            at = {"initial_date_time": int(moment.timestamp())} if moment else {}
            return {"type": "datetimepicker", **at}
        case _:
            assert_never(asked)


def _empty(kind: str, placeholder: Words) -> Json:
    return {"type": kind, "placeholder": plain_text(placeholder, LONGEST_PLACEHOLDER)}
