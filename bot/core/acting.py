"""Stopping and restarting a job: what is legal in which state, and who asked for it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.core.job import JobStatus


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
