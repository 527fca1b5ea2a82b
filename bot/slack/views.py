"""Render cards as Home tabs and modals, and forms as modals."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.cards.card import Action, Card, Control, Menu
from bot.core.cards.form import Form, Question
from bot.core.cards.translation import translated
from bot.core.text import ENGLISH, Language, say
from bot.slack.blocks import Json, render_blocks
from bot.slack.controls import CANCEL
from bot.slack.form_inputs import render_input
from bot.slack.text_objects import plain_text

#: The callback_id of a form begins with this; the form's verb follows.
FORM_PREFIX = "visjob_"
#: The action_id of every input: its block_id names the question.
ANSWER = "value"

# docs.slack.dev/reference/views
LONGEST_TITLE = 24
# docs.slack.dev/reference/block-kit/blocks/input-block
LONGEST_LABEL = 2000
_APP = "VisJob"
_CLOSE = say("Close")
_BROKEN = say("Something went wrong; it is in my log.")
_DIVIDER = {"type": "divider"}


def home_view(
    sections: Sequence[Sequence[Card]], language: Language = ENGLISH, *, page: int = 1
) -> Json:
    """Return a Home tab: cards in sections with dividers; the view stores its page number."""
    blocks: list[Json] = []
    number = 0
    for section in sections:
        blocks += [_DIVIDER] if blocks else []
        for card in section:
            blocks += _with_own_action_ids(render_blocks(card, language), number)
            number += 1
    return {"type": "home", "blocks": blocks, "private_metadata": str(page)}


def modal_view(card: Card | None, language: Language = ENGLISH) -> Json:
    """Return a modal with one card; None stands for a bug of ours."""
    if card is None:
        return _modal(language, [_text(language.words(_BROKEN))])
    controls = tuple(kept for control in card.controls if (kept := _in_modal(control)))
    blocks = render_blocks(replace(card, controls=controls), language)
    return _modal(language, blocks, title=language.words(card.subject))


def loading_view(language: Language = ENGLISH) -> Json:
    """Return a modal to open at once, because Slack lets us open one for 3 s only."""
    return _modal(language, [_text(language.words(say("Asking ModelArts…")))])


def loading_form_view(language: Language = ENGLISH) -> Json:
    """Return a modal to open at once in place of a form that is not ready yet."""
    return _modal(language, [_text(language.words(say("One moment…")))])


def _modal(language: Language, blocks: list[Json], *, title: str = "") -> Json:
    close = plain_text(language.words(_CLOSE), LONGEST_TITLE)
    named = plain_text(title or _APP, LONGEST_TITLE)
    return {"type": "modal", "title": named, "close": close, "blocks": blocks}


def form_view(form: Form, language: Language = ENGLISH) -> Json:
    """Return a modal that asks all questions of a form."""
    form = translated(form, language)
    return {
        "type": "modal",
        "callback_id": f"{FORM_PREFIX}{form.verb}",
        "title": plain_text(form.title, LONGEST_TITLE),
        "submit": plain_text(form.submit, LONGEST_TITLE),
        "close": plain_text(language.words(CANCEL), LONGEST_TITLE),
        "blocks": [*_intro(form, language), *map(_question, form.questions)],
        **({"private_metadata": form.hidden} if form.hidden else {}),
    }


def _intro(form: Form, language: Language) -> list[Json]:
    return render_blocks(Card(summary="", lines=form.intro), language) if form.intro else []


def _question(question: Question) -> Json:
    block: Json = {
        "type": "input",
        "block_id": question.name,
        "label": plain_text(question.label, LONGEST_LABEL),
        "element": {**render_input(question.input), "action_id": ANSWER},
        "optional": question.is_optional,
    }
    if question.hint:
        block["hint"] = plain_text(question.hint, LONGEST_LABEL)
    return block


def _in_modal(control: Control) -> Control | None:
    """Drop actions that share a card, because no channel belongs to a modal."""
    match control:
        case Action() if getattr(control.command, "share", False):
            return None
        case Menu(actions=actions):
            return Menu(actions=tuple(action for action in actions if _in_modal(action)))
        case _:
            return control


def _text(words: str) -> Json:
    return {"type": "section", "text": {"type": "plain_text", "text": words}}


def _with_own_action_ids(blocks: list[Json], group: int) -> list[Json]:
    """Number the action_ids: two cards may hold the same button, but a view needs unique ids."""
    for block in blocks:
        if block["type"] == "actions":
            for element in block["elements"]:
                element["action_id"] = f"{element['action_id']}:{group}"
    return blocks
