"""The card that says why the bot cannot post in a channel, and the cure."""

from bot.core.cards.card import Action, Card, Channel, Code, Line, Strong
from bot.core.cards.subscription_words import line_words
from bot.core.commands.subscriptions import ListSubscriptions, Scope


def paused_card(channel_id: str, reason: str, *, invitation: str) -> Card:
    """Why nothing is posted there, and the exact cure; `invitation` is what a person types in the
    channel to let the bot in."""
    cure = next((cure for word, cure in _CURES if word in reason), None)
    cure = cure or ("Invite me there: ", Code(invitation), ". I go on by myself then.")
    lines: tuple[Line, ...] = (
        ("⏸️ ", Strong("I cannot post in "), Channel(channel_id), Strong(".")),
        ("Why: ", Code(reason or "it is paused")),
        cure,
        *(() if cure == _GONE else ((_HELD,),)),
    )
    return Card(
        summary=" ".join(
            (
                "I cannot post in a channel where you subscribed.",
                f"Why: {reason or 'it is paused'}.",
                *map(line_words, lines[2:]),
            )
        ),
        lines=lines,
        controls=(Action(label="My subscriptions", command=ListSubscriptions(Scope.MINE)),),
    )


_HELD = "Nothing is lost: what happens meanwhile is told there as soon as I can post again."

_GONE: Line = ("The channel is gone: subscribe in another one.",)

_FORBIDDEN: Line = ("Have an owner of the workspace allow me to post there, then subscribe again.",)

# The cure for each reason that names one of these words, first match; else an invitation.
_CURES: tuple[tuple[str, Line], ...] = (
    ("archived", ("Unarchive the channel. I go on by myself then.",)),
    ("deleted", _GONE),
    ("restricted_action", _FORBIDDEN),
    ("no_permission", _FORBIDDEN),
)
