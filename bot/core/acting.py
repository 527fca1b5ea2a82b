"""Stopping and restarting a job: which state allows which action, who asked, how it ended. Pure."""

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
    """Return True if the cloud may accept the action in this state."""
    return int(status) in _LEGAL[action]


def legal_action(status: JobStatus) -> JobAction | None:
    """Return the action that a card offers for a job in this state, or None."""
    return next((action for action in JobAction if is_legal(action, status)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedAction:
    """An action that somebody asked for and for which the bot called the cloud."""

    action: JobAction
    by: str
    at: datetime
    #: False while the cloud's answer is missing or unclear.
    is_accepted: bool = True


class Decision(Enum):
    """What the bot decided about an attempt, or how its call ended. The audit keeps the values."""

    #: The call is allowed; its outcome is an entry of its own.
    ALLOWED = "allowed"

    # Refused before any call:
    NO_OPERATOR = "no operator"
    FOREIGN_ID = "foreign id"
    EXPIRED_ID = "expired id"
    USED_ID = "used id"
    UNREADABLE = "unreadable"
    GONE = "gone"
    NOT_LEGAL = "not legal"
    BUSY = "busy"

    # Outcomes of a call:
    ACCEPTED = "accepted"
    REFUSED = "refused"
    #: The cloud's answer was lost, or was no usable answer.
    UNCLEAR = "unclear"
    #: The process ended before the answer came, and perhaps before the call.
    ABANDONED = "abandoned"
    #: The call was allowed, but it was too late to make it.
    NOT_CALLED = "not called"

    @property
    def is_outcome(self) -> bool:
        """Return True for the outcome of an allowed call."""
        return self in _OUTCOMES

    @property
    def may_have_acted(self) -> bool:
        """Return True if the cloud may carry out the action."""
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

#: Stands for a person at the terminal; the name of the system's user follows.
TERMINAL = "terminal:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One person's attempt to act on a job, with a one-use id."""

    project: Project
    job_id: JobId
    action: JobAction
    action_id: str
    #: A user id, or TERMINAL and the system's user.
    who: str
    #: The channel of the attempt; empty if it came from none.
    channel_id: str = ""
    #: The name of the job; empty if the bot does not know it.
    job_name: str = ""
    #: The id of the request, as the log's lines have it; empty if it is unknown.
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A decision, with the facts that explain it."""

    decision: Decision
    #: The state of the job, if the bot read it.
    status: JobStatus | None = None
    #: The cloud's own error code and text.
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRecord:
    """The use of a one-use id."""

    attempt: Attempt
    at: datetime
    #: None while the outcome is unknown.
    outcome: Decision | None = None


class StartVerdict(Enum):
    """Whether the bot may call the cloud."""

    YES = auto()
    #: The id was used before.
    USED = auto()
    #: Another call for this job is under way.
    BUSY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStart:
    """The database's answer to an attempt."""

    verdict: StartVerdict
    #: The earlier use of the id, or the call that is under way.
    other: ActionRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A decision and its outcome."""

    at: datetime
    attempt: Attempt
    finding: Finding
    #: None if no call was allowed, or while its outcome is unknown.
    outcome: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """The result of an attempt, for the person who made it."""

    attempt: Attempt
    decision: Decision
    #: By our clock.
    at: datetime
    #: The job as last read, or in the state that the cloud's refusal names.
    job: VisualizationJob | None
    #: The cloud's words, if it did not simply accept.
    error: BotError | None = None
    #: The earlier use of the id, or the call that is under way.
    other: ActionRecord | None = None


class Authorization(Enum):
    """Whether a person may act on jobs, and if not, why. The database keeps the values."""

    OPERATOR = "operator"
    NOT_LISTED = "not listed"
    GUEST = "guest"
    DEACTIVATED = "deactivated"
    #: A member of another workspace, or a program.
    STRANGER = "stranger"
    #: Slack does not tell who the person is, or who is in the group.
    UNREADABLE = "unreadable"
