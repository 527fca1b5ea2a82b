"""Render controls as Block Kit's interactive elements, within their limits."""

from collections.abc import Sequence
from typing import assert_never

from bot.core.cards.card import (
    Action,
    Choice,
    Control,
    Emphasis,
    Menu,
    Picker,
    PlacePicker,
    SearchBox,
)
from bot.core.cards.cleaning import shown
from bot.core.cards.form import Option
from bot.core.cards.jobs.accessibility import accessibility_label_of
from bot.core.cards.translation import translated
from bot.core.text import ENGLISH, Language, say
from bot.slack.text_objects import NOTHING, Json, plain_text

# docs.slack.dev/reference/block-kit/block-elements
LONGEST_BUTTON_TEXT = 75
LONGEST_BUTTON_VALUE = 2000
LONGEST_ACTION_ID = 255
LONGEST_ACCESSIBILITY_LABEL = 75
LONGEST_OPTION_TEXT = 75
LONGEST_OPTION_VALUE = 150
LONGEST_PLACEHOLDER = 150
MOST_OPTIONS = 100
MOST_MENU_OPTIONS = 5
LONGEST_CONFIRM_TITLE = 100
LONGEST_CONFIRM_TEXT = 300
LONGEST_CONFIRM_BUTTON = 30

# Every action_id of ours begins with this; the rest decides how a click is answered.
ACTION_PREFIX = "visjob:"
RENEW = "visjob:renew:"
LINK = "visjob:link:"
MENU = "visjob:more:"
# This word begins the sentence of a menu's item that renews its card, because all items of a menu
# share one action_id. The grammar ignores the word.
RENEWING = "refresh "
# A picked channel carries no value of ours, so the action_id holds the sentence except its end.
PLACE = "visjob:place:"
# A number follows, and a verb for the picked job unless the job is only to be shown.
SEARCH = "visjob:search:"
# The number of a page of Home follows.
HOME_PAGE = "visjob:home:"

#: Closes a dialog without any effect.
CANCEL = say("Cancel")


def render_options(choices: Sequence[Choice | Option], language: Language = ENGLISH) -> Json:
    """Return the options that answer a search box."""
    shown_choices = translated(tuple(choices[:MOST_OPTIONS]), language)
    return {"options": [render_option(choice) for choice in shown_choices]}


def render_control(number: int, control: Control, language: Language) -> Json | None:
    """Return an element of an actions block; None if it would have nothing to press."""
    match control:
        case Action():
            return _button(number, control, language)
        case Menu(actions=actions):
            return _menu(number, actions)
        case Picker(placeholder=placeholder, choices=choices):
            return {
                "type": "static_select",
                "action_id": f"{ACTION_PREFIX}pick:{number}",
                "placeholder": plain_text(placeholder, LONGEST_PLACEHOLDER),
                "options": [render_option(choice) for choice in choices[:MOST_OPTIONS]],
            }
        case SearchBox(placeholder=placeholder, verb=verb):
            return {
                "type": "external_select",
                "action_id": f"{SEARCH}{number}" + (f":{verb}" if verb else ""),
                "placeholder": plain_text(placeholder, LONGEST_PLACEHOLDER),
                "min_query_length": 1,
            }
        case PlacePicker(placeholder=placeholder, command=command):
            return {
                "type": "conversations_select",
                "action_id": f"{PLACE}{command.text}"[:LONGEST_ACTION_ID],
                "placeholder": plain_text(placeholder, LONGEST_PLACEHOLDER),
                "filter": {"include": ["public", "private"], "exclude_bot_users": True},
            }
        case _:
            assert_never(control)


def _menu(number: int, actions: Sequence[Action]) -> Json | None:
    """Return an overflow menu, or None if no action fits into one.
    docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element

    A sentence that is too long for an option is left out: cut, it would say something else.
    """
    options = [_menu_option(action) for action in actions]
    fitting = [option for option in options if len(option["value"]) <= LONGEST_OPTION_VALUE]
    if not fitting:
        return None
    return {
        "type": "overflow",
        "action_id": f"{MENU}{number}",
        "options": fitting[:MOST_MENU_OPTIONS],
    }


def _menu_option(action: Action) -> Json:
    sentence = action.command.text
    return {
        "text": plain_text(action.label, LONGEST_OPTION_TEXT),
        "value": f"{RENEWING}{sentence}" if action.renews_card else sentence,
    }


def renews(action: Json) -> bool:
    """True for a click whose answer replaces the card that was clicked."""
    chosen = action.get("selected_option")
    said = chosen.get("value") if isinstance(chosen, dict) else None
    is_in_menu = action["action_id"].startswith(MENU) and isinstance(said, str)
    return action["action_id"].startswith(RENEW) or (is_in_menu and str(said).startswith(RENEWING))


def _button(number: int, action: Action, language: Language) -> Json:
    sentence = action.command.text
    button: Json = {
        "type": "button",
        "action_id": f"{_kind(action)}{number}",
        "text": plain_text(action.label, LONGEST_BUTTON_TEXT),
        "value": sentence[:LONGEST_BUTTON_VALUE],
        "accessibility_label": shown(
            language.words(accessibility_label_of(action)), LONGEST_ACCESSIBILITY_LABEL
        )
        or NOTHING,
    }
    if action.url:
        button["url"] = action.url
    if action.emphasis is not Emphasis.PLAIN:
        button["style"] = action.emphasis.value
    if action.question:
        button["confirm"] = _confirm(action, language)
    return button


def _kind(action: Action) -> str:
    if action.url:
        return LINK
    if action.turns_to:
        return f"{HOME_PAGE}{action.turns_to}:"
    return RENEW if action.renews_card else f"{ACTION_PREFIX}say:"


def _confirm(action: Action, language: Language) -> Json:
    """Return the dialog in which Slack asks the person before it sends us the click.

    docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
    """
    return {
        "title": plain_text(action.confirm_label or action.label, LONGEST_CONFIRM_TITLE),
        "text": plain_text(action.question, LONGEST_CONFIRM_TEXT),
        "confirm": plain_text(action.confirm_label or action.label, LONGEST_CONFIRM_BUTTON),
        "deny": plain_text(action.deny_label or language.words(CANCEL), LONGEST_CONFIRM_BUTTON),
        "style": "danger",
    }


def render_option(choice: Choice | Option) -> Json:
    """Return one option of a picker, or one answer to choose in a form."""
    if isinstance(choice, Option):
        return {"text": plain_text(choice.label, LONGEST_OPTION_TEXT), "value": choice.word}
    option: Json = {
        "text": plain_text(choice.label, LONGEST_OPTION_TEXT),
        "value": choice.command.text[:LONGEST_OPTION_VALUE],
    }
    if choice.detail:
        option["description"] = plain_text(choice.detail, LONGEST_OPTION_TEXT)
    return option
