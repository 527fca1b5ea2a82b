"""The reply to a request: a card or a form, and who sees it where."""

from dataclasses import dataclass
from enum import Enum

from bot.core.cards.card import Card
from bot.core.cards.form import Form


class Audience(Enum):
    """Who sees a reply."""

    ASKER = "asker"
    CHANNEL = "channel"
    #: The bot does not answer.
    NOBODY = "nobody"


class Renewal(Enum):
    """What happens to a message after a click on a button that renews it, such as Refresh."""

    #: The answer replaces the message.
    REPLACED = "replaced"
    #: The message stays, and only the person who clicked sees the answer.
    KEPT = "kept"
    #: The message was edited in place, and there is no other answer.
    EDITED = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A message to a channel about a change of its settings. A new message that names a person
    would notify them, so `card` names nobody, and an edit turns it into `signed`, which does."""

    channel_id: str
    card: Card
    signed: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A card and its audience."""

    card: Card
    audience: Audience = Audience.ASKER
    #: True if the card explains a problem instead of answering.
    is_problem: bool = False
    #: True if nothing was done, and the card asks for the job or says that there is none.
    asks_back: bool = False
    #: The option of the command that caused the problem; empty for its target.
    wrong_option: str = ""
    #: The form that opens instead of the card, if the platform allows it.
    form: Form | None = None
    #: True if the card opens in a dialog, if the platform allows it.
    is_dialog: bool = False
    renewal: Renewal = Renewal.REPLACED
    #: True if the card is not worth a message: only an acknowledgement may carry it.
    is_idle: bool = False
    #: True if the request was carried out before: the reply is sent only if no answer was posted.
    is_repeated: bool = False
    #: True if the card says no more than a welcome does, which then replaces it.
    is_greeting: bool = False
    announcement: Announcement | None = None
