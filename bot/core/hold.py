"""Holds: what keeps deliveries back, where, why, and until when. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.core.reasons import reason_words
from bot.core.text import Text, Words, say

# A shorter hold is normal pacing, not an outage.
_PACING = timedelta(seconds=2)


class HoldReason(Enum):
    """Why deliveries are held. The database keeps the values."""

    #: Slack does not let the bot post there.
    REFUSED = "refused"
    #: Slack asked the bot to wait, in a channel or everywhere.
    ASKED_TO_WAIT = "asked to wait"
    #: A channel takes about one message a second.
    PACING = "pacing"
    #: Slack refuses the token, or the app was removed.
    FROZEN = "frozen"
    #: A post failed and will be retried; other deliveries of the place go on.
    RETRYING = "retrying"
    #: A person snoozed it.
    SNOOZED = "snoozed"
    #: The place has quiet hours.
    QUIET = "quiet"
    #: The place has quiet hours that let failures, early deletions and guard notices pass.
    QUIET_BUT_FAILURES = "quiet except failures"
    #: The place has a digest: all that is created between two moments comes at the second one.
    DIGEST = "digest"
    #: A reason of a later version, which holds as well.
    OTHER = "other"

    @classmethod
    def _missing_(cls, value: object) -> "HoldReason":
        """A later version may share this database, or have used it before."""
        del value
        return cls.OTHER


#: Slack's name of the event, for a workspace that removed the app.
UNINSTALLED = "app_uninstalled"

#: Holds of quiet hours.
OF_QUIET_HOURS = frozenset({HoldReason.QUIET, HoldReason.QUIET_BUT_FAILURES})
#: Holds that come from the rules of a place.
FROM_RULES = OF_QUIET_HOURS | {HoldReason.DIGEST}
#: Holds that people asked for: they keep back messages, while cards are edited.
ASKED_FOR = FROM_RULES | {HoldReason.SNOOZED}
#: Holds that wait for people and not for us or Slack, so that their time is not lateness.
NOT_LATENESS = ASKED_FOR | {HoldReason.REFUSED}
#: Holds that a message names when it comes after them.
NAMED_IN_MESSAGES = NOT_LATENESS | {HoldReason.FROZEN}
#: Holds that only mark a retry and let the other deliveries of their scope pass.
NON_BLOCKING = frozenset({HoldReason.RETRYING})
#: Holds too short to be mentioned, or to count as a wait through an outage.
TOO_SHORT = frozenset({HoldReason.PACING})

_SENTENCES: Mapping[HoldReason, Text] = {
    HoldReason.REFUSED: say("Slack does not let me post here"),
    HoldReason.ASKED_TO_WAIT: say("Slack asked me to wait"),
    HoldReason.PACING: say("Slack takes one message a second here"),
    HoldReason.FROZEN: say("Slack refuses my token"),
    HoldReason.RETRYING: say("a post failed, and I try it again"),
    HoldReason.SNOOZED: say("it is snoozed"),
    HoldReason.QUIET: say("there are quiet hours"),
    HoldReason.QUIET_BUT_FAILURES: say("there are quiet hours for all but failures"),
    HoldReason.DIGEST: say("it comes with the next digest"),
    HoldReason.OTHER: say("a newer version of me holds it back"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldScope:
    """What a hold covers: a workspace, a place in it, or one job in a place."""

    team_id: str
    #: Empty for every place of the workspace.
    channel_id: str = ""
    #: None for everything that goes to the place.
    project_id: str = ""
    job_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold, with its scope, reason and end."""

    scope: HoldScope
    reason: HoldReason
    #: Slack's words; for a hold that a person asked for, the person.
    words: str
    since: datetime
    #: None if it ends only when something releases it.
    until: datetime | None


def postponed(begin: datetime, spans: Iterable[tuple[datetime, datetime]]) -> datetime:
    """Return `begin`, later by the time that these spans take after it; overlaps count once."""
    due = covered = begin
    for since, until in sorted(spans):
        length = until - max(since, covered)
        if length > timedelta(0):
            due += length
            covered = until
    return due


def reason_of_wait(length: timedelta) -> HoldReason:
    """Return whether a wait comes from Slack's request or from our own pace."""
    return HoldReason.ASKED_TO_WAIT if length > _PACING else HoldReason.PACING


def explain(reason: HoldReason, words: str) -> Words:
    """Explain the hold to a person; Slack's words are added where they say more."""
    if reason is HoldReason.REFUSED and words:
        return reason_words(words)
    if reason is HoldReason.FROZEN and words == UNINSTALLED:
        return say("the app was removed from the workspace")
    if not words or reason in ASKED_FOR or reason is HoldReason.OTHER:
        return _SENTENCES[reason]
    return say("{reason}: {words}", reason=_SENTENCES[reason], words=words)
