"""Cards on the surfaces that are not messages: the Home tab and modals."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.cards.card import Action, Card, Control
from bot.slack.blocks import Json, render_blocks

# docs.slack.dev/reference/views: a title has at most 24 characters.
_TITLE = {"type": "plain_text", "text": "VisJob"}
_CLOSE = {"type": "plain_text", "text": "Close"}
_DIVIDER = {"type": "divider"}


def home_view(cards: Sequence[Card]) -> Json:
    """Cards below one another, with lines between."""
    blocks: list[Json] = []
    for number, card in enumerate(cards):
        blocks += _told_apart([_DIVIDER] if number else [], number)
        blocks += _told_apart(render_blocks(card), number)
    return {"type": "home", "blocks": blocks}


def modal_view(card: Card | None) -> Json:
    """One card; without one, the words for a bug of ours."""
    blocks = [_text("Something went wrong; it is in my log.")]
    if card:
        blocks = render_blocks(replace(card, controls=tuple(filter(_fits_modal, card.controls))))
    return {"type": "modal", "title": _TITLE, "close": _CLOSE, "blocks": blocks}


def _fits_modal(control: Control) -> bool:
    """A modal is over no channel: there is nowhere to share."""
    return not (isinstance(control, Action) and getattr(control.command, "share", False))


def _text(words: str) -> Json:
    return {"type": "section", "text": {"type": "plain_text", "text": words}}


def _told_apart(blocks: list[Json], group: int) -> list[Json]:
    """The same button may stand in two cards: action ids must differ within one view."""
    for block in blocks:
        if block["type"] == "actions":
            for element in block["elements"]:
                element["action_id"] = f"{element['action_id']}:{group}"
    return blocks


#: Opened at once, because Slack lets us open a modal for 3 s only.
LOADING: Json = {
    "type": "modal",
    "title": _TITLE,
    "close": _CLOSE,
    "blocks": [_text("Asking the cloud…")],
}
