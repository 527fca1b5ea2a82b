"""Why deliveries wait or are given up, as the database keeps it: a code that is said when shown."""

import re
from collections.abc import Mapping

from bot.core.errors import MessengerError
from bot.core.text import Text, Words, say

#: Slack's codes are kept as they are; these stand for what Slack tells by no code.
NOT_A_MEMBER = "not_in_channel"
REMOVED = "removed_from_channel"
ARCHIVED = "is_archived"
DELETED = "channel_deleted"
_NO_ANSWER = "no_answer"

#: How the reason of a dead letter begins that may have been sent.
UNCONFIRMED = "unconfirmed"

_CODE = re.compile(r"[a-z][a-z0-9_]*")
# Earlier versions kept English sentences, Slack's code behind them.
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
    """What is kept of an error."""
    return error.code or _NO_ANSWER


def unconfirmed(error: MessengerError) -> str:
    """What is kept of an error that leaves open whether something was sent."""
    return f"{UNCONFIRMED}: {code_of(error)}"


def code_in(kept: str) -> str:
    """The code of what is kept, by this version or an earlier one; itself where there is none."""
    if kept in _FORMERLY:
        return _FORMERLY[kept]
    sentence = _SENTENCE.fullmatch(kept)
    return (sentence[1] or _NO_ANSWER) if sentence else kept


def reason_words(kept: str) -> Words:
    """What is kept, for people."""
    if kept.startswith(UNCONFIRMED):
        rest = kept.removeprefix(UNCONFIRMED).removeprefix(": ")
        return (
            say("unconfirmed: {reason}", reason=reason_words(rest)) if rest else say("unconfirmed")
        )
    code = code_in(kept)
    if code in _WORDS:
        return _WORDS[code]
    return say("Slack says `{code}`", code=code) if _CODE.fullmatch(code) else code
