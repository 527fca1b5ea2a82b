"""What becomes of a request: a card or a form, who sees it, and where."""

from dataclasses import dataclass
from enum import Enum

from bot.core.cards.card import Card
from bot.core.cards.form import Form


class Audience(Enum):
    """Who sees a reply."""

    ASKER = "asker"
    CHANNEL = "channel"
    #: Nothing is answered.
    NOBODY = "nobody"


class Renewal(Enum):
    """What becomes of a message whose Refresh was clicked."""

    #: The answer takes its place.
    REPLACED = "replaced"
    #: It stays, and only the person who clicked sees the answer.
    KEPT = "kept"
    #: It was edited in place, and there is nothing more to say.
    EDITED = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What everybody in a channel reads besides, because it was done to them all. A new message
    would call whom it names: `signed` is what it becomes."""

    channel_id: str
    card: Card
    signed: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A card and its audience."""

    card: Card
    audience: Audience = Audience.ASKER
    #: The card explains a problem instead of answering.
    is_problem: bool = False
    #: Nothing was done: it asks which job is meant, or says that there is none.
    asks_back: bool = False
    #: The option of the sentence that caused the problem; empty for its target.
    wrong_option: str = ""
    #: Opened instead of showing the card, where the platform lets us.
    form: Form | None = None
    #: The card is opened in a dialog, where the platform lets us.
    is_dialog: bool = False
    renewal: Renewal = Renewal.REPLACED
    #: Not worth a message: it is said where an acknowledgement can carry it, or not at all.
    is_idle: bool = False
    #: It says no more than a welcome does.
    is_greeting: bool = False
    announcement: Announcement | None = None
