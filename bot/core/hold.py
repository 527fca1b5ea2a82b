"""Holds: what keeps deliveries back, where, why, and until when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.core.reasons import reason_words
from bot.core.text import Text, Words, say

# Shorter is pacing, not an outage.
_PACING = timedelta(seconds=2)


class HoldReason(Enum):
    """Why deliveries are held. The values are kept in the database."""

    #: Slack does not let us post there.
    REFUSED = "refused"
    #: Slack asked to wait, in a channel or everywhere.
    ASKED_TO_WAIT = "asked to wait"
    #: A channel takes about one message a second.
    PACING = "pacing"
    #: The workspace does not accept us any more.
    FROZEN = "frozen"
    #: A post failed and is tried again later; the others of its place go on.
    RETRYING = "retrying"
    #: A person wants to hear nothing for a while.
    SNOOZED = "snoozed"
    #: Its place has quiet hours.
    QUIET = "quiet"
    #: The same, but failures, deletions before the end and guard notices pass.
    QUIET_BUT_FAILURES = "quiet except failures"
    #: What is created between two moments comes together at the second one.
    DIGEST = "digest"
    #: One that only a later version knows: this one holds, too.
    OTHER = "other"

    @classmethod
    def _missing_(cls, value: object) -> "HoldReason":
        """A later version may serve the same database, or have served it."""
        del value
        return cls.OTHER


#: Those that the rules of a place ask for.
OF_RULES = frozenset({HoldReason.QUIET, HoldReason.QUIET_BUT_FAILURES, HoldReason.DIGEST})
#: Those that people asked for: they hold messages only, and cards go on telling the truth.
CALM = OF_RULES | {HoldReason.SNOOZED}
#: Those that people decided on, and not we or Slack: what waits under them is not late.
DECIDED = CALM | {HoldReason.REFUSED, HoldReason.FROZEN}
#: Those that let the other deliveries of their scope pass: they only say that something waits.
PASSABLE = frozenset({HoldReason.RETRYING})
#: Those too short to be told, and to count as a wait through an outage.
UNNOTICED = frozenset({HoldReason.PACING})

_SENTENCES: Mapping[HoldReason, Text] = {
    HoldReason.REFUSED: say("Slack does not let me post here"),
    HoldReason.ASKED_TO_WAIT: say("Slack asked me to wait"),
    HoldReason.PACING: say("Slack takes one message a second here"),
    HoldReason.FROZEN: say("the workspace does not accept me any more"),
    HoldReason.RETRYING: say("a post failed, and I try it again"),
    HoldReason.SNOOZED: say("it is snoozed"),
    HoldReason.QUIET: say("there are quiet hours"),
    HoldReason.QUIET_BUT_FAILURES: say("there are quiet hours for all but failures"),
    HoldReason.DIGEST: say("it comes with the next digest"),
    HoldReason.OTHER: say("a newer version of me holds it"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldScope:
    """What a hold covers: a workspace, a place in it, or one job in a place."""

    team_id: str
    #: Empty: every place of the workspace.
    channel_id: str = ""
    #: Empty, and no job: all that goes to the place.
    project_id: str = ""
    job_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What keeps deliveries back, and until when."""

    scope: HoldScope
    reason: HoldReason
    #: What Slack said; of one that people asked for: who.
    words: str
    since: datetime
    #: None until it is released.
    until: datetime | None


def reason_of_wait(length: timedelta) -> HoldReason:
    """Tell a wait that Slack asked for from the pace at which we post anyway."""
    return HoldReason.ASKED_TO_WAIT if length > _PACING else HoldReason.PACING


def explain(reason: HoldReason, words: str) -> Words:
    """Say it to a person, with what is kept of Slack's words; those of a refusal say it all."""
    if reason is HoldReason.REFUSED and words:
        return reason_words(words)
    if not words or reason in CALM or reason is HoldReason.OTHER:
        return _SENTENCES[reason]
    return say("{reason}: {words}", reason=_SENTENCES[reason], words=words)
