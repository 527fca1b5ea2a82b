"""The buttons of a card: three in a row, and a menu for the rest."""

from bot.core.cards.card import Action, Control, Menu

_BESIDE_AT_MOST = 3


def button_row(*buttons: Action) -> tuple[Control, ...]:
    """Put the first three buttons in a row, and the others in a menu. Pass the least wanted ones
    last; a button that does harm must be among the first three."""
    beside, behind = buttons[:_BESIDE_AT_MOST], buttons[_BESIDE_AT_MOST:]
    return (*beside, Menu(actions=behind)) if behind else beside
