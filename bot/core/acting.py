"""Stopping and restarting a job: what is legal in which state, who asked, what came of it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bot.core.errors import BotError
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.project import Project


class JobAction(Enum):
    """What an operator can do to a job. The values are the verbs that people type."""

    STOP = "stop"
    RESTART = "restart"


# Read conservatively from the vendor's pages: the server refuses what is too much.
# support.huaweicloud.com/intl/en-us/api-modelarts/modelarts_03_0069.html (stop), ..._0070.html
_LEGAL = {
    JobAction.STOP: frozenset((1, 2, 4, 7, 8, 15)),
    JobAction.RESTART: frozenset((3, 5, 10, 11, 12, 13, 14, 17, 22)),
}


def is_legal(action: JobAction, status: JobStatus) -> bool:
    """True if the cloud may accept the action in this state."""
    return int(status) in _LEGAL[action]


def legal_action(status: JobStatus) -> JobAction | None:
    """The one action that a job in this state can be offered, if there is one."""
    return next((action for action in JobAction if is_legal(action, status)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody asked the cloud for an action, and the cloud was called."""

    action: JobAction
    by: str
    at: datetime
    #: False while nobody knows whether the cloud took it.
    is_accepted: bool = True


class Decision(Enum):
    """What was decided of an attempt, or came of it. The values are kept in the audit."""

    #: The cloud was to be called. What came of it is an entry of its own.
    ALLOWED = "allowed"

    # It was not to be called:
    NO_OPERATOR = "no operator"
    FOREIGN_ID = "foreign id"
    EXPIRED_ID = "expired id"
    USED_ID = "used id"
    UNREADABLE = "unreadable"
    GONE = "gone"
    NOT_LEGAL = "not legal"
    BUSY = "busy"

    # It was called:
    ACCEPTED = "accepted"
    REFUSED = "refused"
    #: Its answer was lost, or is no answer.
    UNCLEAR = "unclear"
    #: Nobody lived to see its answer; it may not have been called at all.
    ABANDONED = "abandoned"
    #: It was allowed, and then it was too late to call.
    NOT_CALLED = "not called"

    @property
    def is_outcome(self) -> bool:
        """True for what came of a call that was allowed."""
        return self in _OUTCOMES

    @property
    def may_have_acted(self) -> bool:
        """True if the cloud may do what it was asked for."""
        return self in (Decision.ACCEPTED, Decision.UNCLEAR, Decision.ABANDONED)


_OUTCOMES = frozenset(
    (
        Decision.ACCEPTED,
        Decision.REFUSED,
        Decision.UNCLEAR,
        Decision.ABANDONED,
        Decision.NOT_CALLED,
    )
)

#: How a person of the terminal is named; the system's user follows.
TERMINAL = "terminal:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody wants to act on a job, with a one-use id."""

    project: Project
    job_id: JobId
    action: JobAction
    action_id: str
    #: A user id, or TERMINAL and the system's user.
    who: str
    #: Empty for none.
    channel_id: str = ""
    #: As far as it is known.
    job_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was decided, with what there is to say of it."""

    decision: Decision
    #: In which state the job was found, if it was read.
    status: JobStatus | None = None
    #: The cloud's own code and words.
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRecord:
    """A one-use id that was used."""

    attempt: Attempt
    at: datetime
    #: None while nobody knows what came of it.
    outcome: Decision | None = None


class Begun(Enum):
    """Whether the cloud is to be called now."""

    YES = auto()
    #: The id was used before.
    USED = auto()
    #: Another call for this job is under way.
    BUSY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What the database says to a call that is about to be made."""

    begun: Begun
    #: The use of the id, or the other call.
    other: ActionRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A decision, and what came of it."""

    at: datetime
    attempt: Attempt
    finding: Finding
    #: None where no call was allowed, or nobody knows yet.
    outcome: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What became of an attempt, for whoever made it."""

    attempt: Attempt
    decision: Decision
    #: By our clock.
    at: datetime
    #: The job as last read, or as the cloud's refusal says that it is.
    job: VisualizationJob | None = None
    #: What the cloud said, where it did not simply accept.
    error: BotError | None = None
    #: The use of the id, or the call that is under way.
    other: ActionRecord | None = None


class Standing(Enum):
    """Whether a person may act on jobs, and if not, why. The values are kept in the database."""

    OPERATOR = "operator"
    NOT_LISTED = "not listed"
    GUEST = "guest"
    DEACTIVATED = "deactivated"
    #: Of another workspace, or a program.
    STRANGER = "stranger"
    #: Slack does not say who they are, or who is in a group.
    UNREADABLE = "unreadable"
