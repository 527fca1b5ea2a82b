"""The card that says why the bot cannot post in a channel, and the cure."""

from bot.core.cards.card import Action, Card, Channel
from bot.core.commands.verbs.subscriptions import ListSubscriptions, Scope
from bot.core.reasons import ARCHIVED, DELETED, REMOVED, code_in
from bot.core.text import Text, Words, say, sentences


def paused_card(channel_id: str, reason: str, *, invitation: str) -> Card:
    """Return why the bot cannot post in the channel, and the exact cure; `invitation` is what a
    person types there to add the bot."""
    headline = say("I can't post to {channel}.", channel=Channel(channel_id))
    code = code_in(reason)
    why = say("Slack says `{reason}`.", reason=code) if code else say("Posting there is paused.")
    why = _SENTENCES.get(code, why)
    cure = next((cure for word, cure in _CURES if word in code), None)
    cure = cure or say("Invite me with `{invitation}`, and I go on.", invitation=invitation)
    held: tuple[Words, ...] = () if cure == _GONE else (_HELD,)
    return Card(
        summary=sentences(headline, cure, *held, why),
        lines=(
            ("⏸️ ", headline),
            (cure,),
            *((line,) for line in held),
            (why,),
        ),
        controls=(Action(label=say("My subscriptions"), command=ListSubscriptions(Scope.MINE)),),
    )


_SENTENCES = {
    REMOVED: say("I was removed from the channel."),
    ARCHIVED: say("The channel is archived."),
    DELETED: say("The channel was deleted."),
}

_HELD = say("Nothing is lost: I'll post what happens meanwhile as soon as I can.")

_GONE = say("The channel is gone. Subscribe in another one.")

_FORBIDDEN = say("Ask a workspace owner to let me post there, then subscribe again.")

# The cure for the first of these words in Slack's error code; without one, an invitation.
_CURES: tuple[tuple[str, Text], ...] = (
    ("archived", say("Unarchive the channel, and I go on.")),
    ("deleted", _GONE),
    ("restricted_action", _FORBIDDEN),
    ("no_permission", _FORBIDDEN),
)
