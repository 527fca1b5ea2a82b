"""What can go wrong, classed by who is at fault; each error carries words for people.

BotError
├── BadCommand                what was typed is not a sentence of the grammar
├── BadAnswers                what was filled into a form makes no sentence
├── RequestRepeated           Slack sent again what was done, here or by another replica
├── TooMany                   one person or place wants more than its share
├── JobSourceError            a read of the cloud gave no observation
│   ├── JobNotFound           the cloud says, by its own code, that this job does not exist
│   ├── SourceRefused         the cloud answered no: our settings, rights or arguments
│   │   └── LoginRefused      it does not accept who we say we are; asking again does harm
│   └── SourceUnavailable     the cloud did not answer, or what it answered cannot be trusted
├── MessengerError            Slack did not take a message
│   ├── MessageRejected       it said no and will go on saying so
│   └── MessengerUnavailable  it may have said yes: nobody knows
└── StoreUnavailable          the database did not do what was asked
    └── StoreRefused          it would not take what it was given: the same fails again
"""

from collections.abc import Mapping
from enum import Enum

from bot.core.text import Words, sentences


class BotError(Exception):
    """A sentence for people (in English also `str(error)`) and what to do about it (`hint`).

    `code` and `vendor_text` are the other side's own words, shown verbatim.
    """

    def __init__(
        self, sentence: Words, *, hint: Words = "", code: str = "", vendor_text: str = ""
    ) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.hint = hint
        self.code = code
        self.vendor_text = vendor_text


class BadCommand(BotError):
    """The typed words mean nothing; `suggestions` are sentences that would, `offers` only a way
    on. `option` is the one that is wrong, empty for the verb and its target."""

    def __init__(
        self,
        sentence: Words,
        *,
        hint: Words = "",
        suggestions: tuple[str, ...] = (),
        offers: tuple[str, ...] = (),
        option: str = "",
    ) -> None:
        super().__init__(sentence, hint=hint)
        self.suggestions = suggestions
        self.offers = offers
        self.option = option


class BadAnswers(BotError):
    """A form was filled in wrongly; `problems` are sentences, by the question."""

    def __init__(self, problems: Mapping[str, Words]) -> None:
        super().__init__(sentences(*problems.values()))
        self.problems = dict(problems)


class RequestRepeated(BotError):
    """The request was handled when it came first; it has no second effect."""


class TooMany(BotError):
    """One person or place wants more than is good for the others; `hint` says what to do."""


class JobSourceError(BotError):
    """A read of the cloud gave no observation; what was known stays as it was."""

    #: True if it was answered with HTTP 404 or 410, in whoever's words.
    is_missing = False


class JobNotFound(JobSourceError):
    """ModelArts says, by its own code, that this job does not exist. Any other answer that
    sounds like it (a gateway's, a proxy's) is SourceUnavailable or SourceRefused."""


class SourceRefused(JobSourceError):
    """The cloud understood and refused; the same request would be refused again."""


class LoginRefused(SourceRefused):
    """The cloud does not accept our login; asking again could lock the account."""


class SourceUnavailable(JobSourceError):
    """No answer in time, or one that cannot be trusted.

    `retry_after` is the number of seconds that the cloud asked us to wait, if it did.
    """

    def __init__(
        self,
        sentence: Words,
        *,
        hint: Words = "",
        code: str = "",
        vendor_text: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(sentence, hint=hint, code=code, vendor_text=vendor_text)
        self.retry_after = retry_after


class MessengerError(BotError):
    """Slack did not take a message."""


class Refusal(Enum):
    """Why Slack took nothing, and so what to do with the message."""

    #: Slow down; `retry_after` says for how long.
    TOO_FAST = "too fast"
    #: No byte of it was sent: the network is down.
    NOT_SENT = "not sent"
    #: The place cannot be posted to (not a member, archived, gone ...).
    PLACE = "place"
    #: The workspace does not accept us (token revoked, app removed ...).
    WORKSPACE = "workspace"
    #: The message to be edited is gone.
    MESSAGE_GONE = "message gone"
    #: A right that was not granted.
    SCOPE = "scope"
    #: The message itself will not do: our bug.
    CONTENT = "content"


class MessageRejected(MessengerError):
    """Slack refused it; nothing was shown. `retry_after` is in seconds, where Slack said."""

    def __init__(
        self,
        sentence: Words,
        *,
        refusal: Refusal = Refusal.CONTENT,
        retry_after: float | None = None,
        hint: Words = "",
        code: str = "",
    ) -> None:
        super().__init__(sentence, hint=hint, code=code)
        self.refusal = refusal
        self.retry_after = retry_after


class MessengerUnavailable(MessengerError):
    """Slack's answer was lost or unclear; it may have been shown."""


class StoreUnavailable(BotError):
    """The database cannot be reached, answers too late, or has an older schema than the bot."""


class StoreRefused(StoreUnavailable):
    """The database is well, and what it was given is not: a bug of ours, or of the data's."""
