"""A card's buttons: three of them, and a menu for the rest."""

from bot.core.cards.card import Action, Control, Menu

_BESIDE_AT_MOST = 3


def button_row(*buttons: Action) -> tuple[Control, ...]:
    """The first buttons beside one another, the others behind the menu: those wanted least come
    last, and none there does harm."""
    beside, behind = buttons[:_BESIDE_AT_MOST], buttons[_BESIDE_AT_MOST:]
    return (*beside, Menu(actions=behind)) if behind else beside
