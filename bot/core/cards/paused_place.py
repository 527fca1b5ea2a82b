"""The card that says why a channel cannot be posted to, and the cure."""

from bot.core.cards.card import Action, Card, Channel, Code, Line, Strong
from bot.core.cards.subscription_words import line_words
from bot.core.commands.subscriptions import ListSubscriptions, Scope

_KEPT = "Nothing is lost: what happens meanwhile is told there as soon as I can post again."


_INVITE: Line = ("Invite me there: ", Code("/invite @visjob"), ". I go on by myself then.")

_GONE: Line = ("The channel is gone: subscribe in another one.",)

_FORBIDDEN: Line = ("Have an owner of the workspace allow me to post there, then subscribe again.",)

# What a reason names, and the cure; the first that fits.
_CURES: tuple[tuple[str, Line], ...] = (
    ("archived", ("Unarchive the channel. I go on by myself then.",)),
    ("deleted", _GONE),
    ("restricted_action", _FORBIDDEN),
    ("no_permission", _FORBIDDEN),
)


def paused_card(channel_id: str, reason: str) -> Card:
    """Why nothing is posted there, and the exact cure."""
    lines: tuple[Line, ...] = (
        ("⏸️ ", Strong("I cannot post in "), Channel(channel_id), Strong(".")),
        ("Why: ", Code(reason or "it is paused")),
        _cure(reason),
        *(() if _cure(reason) == _GONE else ((_KEPT,),)),
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


def _cure(reason: str) -> Line:
    return next((cure for word, cure in _CURES if word in reason), _INVITE)
