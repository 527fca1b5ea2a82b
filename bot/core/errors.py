"""What can go wrong, classed by who is at fault; each error carries words for people.

BotError
├── BadCommand                the typed sentence is not in the grammar
├── BadAnswers                a form has wrong answers
├── RequestRepeated           Slack repeats a request that some replica has handled
├── TooMany                   a person or a place has reached a limit
├── JobSourceError            a read of the cloud gave no observation
│   ├── JobNotFound           the cloud says, by its own code, that this job does not exist
│   ├── SourceRefused         the cloud refuses our settings, rights or arguments
│   │   └── LoginRefused      it refuses our login; asking again does harm
│   └── SourceUnavailable     no answer of the cloud, or none that can be trusted
├── MessengerError            Slack did not confirm a message
│   ├── MessageRejected       Slack refuses it, and would refuse it again
│   └── MessengerUnavailable  the answer was lost: it may be shown
└── StoreUnavailable          the database is unreachable, slow or outdated
    └── StoreRefused          the database refuses this data, and would again
"""

from collections.abc import Mapping
from enum import Enum

from bot.core.text import Words, say, sentences


class BotError(Exception):
    """An error with a sentence for people (in English also `str(error)`) and a `hint` what to
    do. `code` and `vendor_text` are the other side's own words, shown verbatim."""

    def __init__(
        self, sentence: Words, *, hint: Words = "", code: str = "", vendor_text: str = ""
    ) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.hint = hint
        self.code = code
        self.vendor_text = vendor_text

    @property
    def for_people(self) -> "BotError":
        """Return the error as people in Slack see it."""
        return self


class BadCommand(BotError):
    """The sentence is not in the grammar; `suggestions` are sentences that are, `offers` are
    ways on. `option` is the wrong option; empty if the verb or the target is wrong. `in_dm` is the
    sentence that is certainly meant in a direct message with the bot; empty for none."""

    def __init__(
        self,
        sentence: Words,
        *,
        hint: Words = "",
        suggestions: tuple[str, ...] = (),
        offers: tuple[str, ...] = (),
        option: str = "",
        in_dm: str = "",
    ) -> None:
        super().__init__(sentence, hint=hint)
        self.suggestions = suggestions
        self.offers = offers
        self.option = option
        self.in_dm = in_dm


class BadAnswers(BotError):
    """A form has wrong answers; `problems` are sentences, by the question."""

    def __init__(self, problems: Mapping[str, Words]) -> None:
        super().__init__(sentences(*problems.values()))
        self.problems = dict(problems)


class RequestRepeated(BotError):
    """Slack sent a request again that was already handled; it has no second effect."""


class TooMany(BotError):
    """A person or place has reached a limit that protects the others; `hint` says what to do."""


class JobSourceError(BotError):
    """A read of the cloud gave no observation; the record stays as it was."""

    #: True for an answer with HTTP 404 or 410, whoever sent it.
    is_missing = False


class JobNotFound(JobSourceError):
    """ModelArts says, by its own code, that this job does not exist. A similar answer of a
    gateway or a proxy is SourceUnavailable or SourceRefused."""


class SourceRefused(JobSourceError):
    """The cloud refused the request, and would refuse it again."""


class LoginRefused(SourceRefused):
    """The cloud refused our login; further attempts could lock the account."""


class SourceUnavailable(JobSourceError):
    """No answer came in time, or it cannot be trusted. `retry_after` is the number of seconds
    that the cloud asked us to wait, if it did."""

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
    """Slack did not confirm a message."""


class Refusal(Enum):
    """Why Slack refused a message, which decides what becomes of it."""

    #: Slack asked for fewer calls; `retry_after` says for how long.
    TOO_FAST = "too fast"
    #: The network is down: no byte was sent.
    NOT_SENT = "not sent"
    #: The place refuses posts: the bot is no member, it is archived, deleted ...
    PLACE = "place"
    #: The workspace refuses the bot: the token is revoked, the app is removed ...
    WORKSPACE = "workspace"
    #: The message to be edited does not exist any more.
    MESSAGE_GONE = "message gone"
    #: The app lacks a scope.
    SCOPE = "scope"
    #: The message itself is invalid, which is a bug of ours.
    CONTENT = "content"


class MessageRejected(MessengerError):
    """Slack refused the message and shows nothing. `retry_after` is in seconds, if Slack sent
    it."""

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
    """Slack's answer was lost or unclear; it may show the message."""


class StoreUnavailable(BotError):
    """The database is unreachable, too slow, or has an older schema than the bot. The message
    names the database and may quote its driver, so it is for operators. `told` replaces the
    usual sentence for people."""

    def __init__(self, sentence: Words, *, hint: Words = "", told: Words = "") -> None:
        super().__init__(sentence, hint=hint)
        self.told = told

    @property
    def for_people(self) -> BotError:
        """Return a sentence without host, port, user or words of a driver."""
        return BotError(self.told or say("My database does not answer."), hint=_TRY_LATER)


_TRY_LATER = say(
    "Please try again in a minute. If it stays so, tell whoever runs me: my log says why."
)


class StoreRefused(StoreUnavailable):
    """The database works but refuses this data: a bug of ours, or odd data."""

    @property
    def for_people(self) -> BotError:
        """Return a sentence that does not invite a retry, which would fail again."""
        refused = say("My database did not take that, so nothing was changed.")
        return BotError(refused, hint=say("Please tell whoever runs me: my log says why."))
