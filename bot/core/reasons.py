"""Why deliveries wait or are given up: codes in the database, sentences for people."""

import re
from collections.abc import Mapping

from bot.core.errors import MessengerError
from bot.core.text import Text, Words, say

#: Slack's codes are stored as they are; these stand for failures without a code.
NOT_A_MEMBER = "not_in_channel"
REMOVED = "removed_from_channel"
ARCHIVED = "is_archived"
DELETED = "channel_deleted"
_NO_ANSWER = "no_answer"

#: The beginning of the reason of a dead letter that may have been sent.
UNCONFIRMED = "unconfirmed"

_CODE = re.compile(r"[a-z][a-z0-9_]*")
# Earlier versions stored English sentences that end with Slack's code.
_SENTENCE = re.compile(
    r"Slack (?:refused|did not answer|gave no clear answer to) [\w.]+\.(?: (\w+))?"
)
_FORMERLY = {
    "not in the channel": NOT_A_MEMBER,
    "removed from the channel": REMOVED,
    "the channel is archived": ARCHIVED,
    "the channel was deleted": DELETED,
    "Slack cannot be reached.": _NO_ANSWER,
}
_WORDS: Mapping[str, Text] = {
    NOT_A_MEMBER: say("not in the channel"),
    REMOVED: say("removed from the channel"),
    ARCHIVED: say("the channel is archived"),
    DELETED: say("the channel was deleted"),
    _NO_ANSWER: say("Slack did not answer"),
}


def code_of(error: MessengerError) -> str:
    """Return the code to store for an error."""
    return error.code or _NO_ANSWER


def unconfirmed(error: MessengerError) -> str:
    """Return the code to store for an error after which the message may have been sent."""
    return f"{UNCONFIRMED}: {code_of(error)}"


def code_in(kept: str) -> str:
    """Return the code in a stored reason of this or an earlier version; the reason itself if it
    has none."""
    if kept in _FORMERLY:
        return _FORMERLY[kept]
    sentence = _SENTENCE.fullmatch(kept)
    return (sentence[1] or _NO_ANSWER) if sentence else kept


def reason_words(kept: str) -> Words:
    """Return the sentence for people."""
    if kept.startswith(UNCONFIRMED):
        rest = kept.removeprefix(UNCONFIRMED).removeprefix(": ")
        return (
            say("unconfirmed: {reason}", reason=reason_words(rest)) if rest else say("unconfirmed")
        )
    code = code_in(kept)
    if code in _WORDS:
        return _WORDS[code]
    return say("Slack says `{code}`", code=code) if _CODE.fullmatch(code) else code
