"""A visualization job as last read from the cloud, and the meaning of its status."""

from datetime import datetime, timedelta
from enum import Enum, IntEnum
from typing import NamedTuple, NewType, Self

JobId = NewType("JobId", int)

# The API's page says "Long": a job id fits 63 bits.
LARGEST_JOB_ID = 2**63 - 1


class Phase(Enum):
    """Our state: a coarse group of the vendor's status numbers, used for rules, words and
    colours."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    DELETE_FAILED = "delete failed"
    UNKNOWN = "unknown"


#: The run is over; the job can be started again.
ENDED_PHASES = frozenset({Phase.FINISHED, Phase.STOPPED, Phase.FAILED})


class JobStatus(IntEnum):
    """The status numbers that the vendor documents; any other number is kept and is UNKNOWN to
    us. support.huaweicloud.com/intl/en-us/api-modelarts/modelarts_03_0074.html (0 to 21); 22 is
    in Open Telekom Cloud's SDK reference only."""

    UNKNOWN = 0
    INIT = 1
    IMAGE_CREATING = 2
    IMAGE_FAILED = 3
    SUBMIT_TRYING = 4
    SUBMIT_FAILED = 5
    DELETE_FAILED = 6
    WAITING = 7
    RUNNING = 8
    KILLING = 9
    COMPLETED = 10
    FAILED = 11
    KILLED = 12
    CANCELED = 13
    LOST = 14
    SCALING = 15
    SUBMIT_MODEL_FAILED = 16
    DEPLOY_SERVICE_FAILED = 17
    CHECK_INIT = 18
    CHECK_RUNNING = 19
    CHECK_RUNNING_COMPLETED = 20
    CHECK_FAILED = 21
    MOUNT_FAILED = 22

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        unlisted = int.__new__(cls, value)
        unlisted._name_ = f"status {value}"
        unlisted._value_ = value
        return unlisted

    @property
    def is_listed(self) -> bool:
        """Return True if the vendor documents this number."""
        return self.value in _PHASES

    @property
    def vendor_name(self) -> str:
        """Return the vendor's name, or the bare number if it has none."""
        if not self.is_listed:
            return self.name
        # The vendor's tables print this one without the prefix.
        return self.name if self is JobStatus.MOUNT_FAILED else f"JOBSTAT_{self.name}"

    @property
    def phase(self) -> Phase:
        """Return our state of this status."""
        return _PHASES.get(self.value, Phase.UNKNOWN)

    @property
    def word(self) -> str:
        """Return the everyday word: `Running`, `Queued`, `Lost` ..."""
        return "Lost" if self is JobStatus.LOST else self.phase.value.capitalize()

    @property
    def has_live_link(self) -> bool:
        """Return True while TensorBoard can be opened. A URL or a duration in the answer proves
        nothing."""
        return self is JobStatus.RUNNING


_PHASES: dict[int, Phase] = {
    code: phase
    for phase, codes in {
        Phase.UNKNOWN: (0,),
        Phase.QUEUED: (1, 2, 4, 7, 18, 19, 20),
        Phase.RUNNING: (8, 15),
        Phase.STOPPING: (9,),
        Phase.FINISHED: (10,),
        Phase.STOPPED: (12, 13),
        Phase.FAILED: (3, 5, 11, 14, 16, 17, 21, 22),
        Phase.DELETE_FAILED: (6,),
    }.items()
    for code in codes
}

#: The status numbers that a job keeps until somebody starts it again.
ENDED_STATUSES = frozenset(code for code, phase in _PHASES.items() if phase in ENDED_PHASES)


class VisualizationJob(NamedTuple):
    """One job as one answer of the cloud describes it; None for a value that is missing or
    unusable."""

    id: JobId
    status: JobStatus
    #: When the answer was read, by our clock.
    read_at: datetime
    name: str = ""
    description: str = ""
    service_url: str = ""
    #: The OBS path of the summary files.
    train_url: str = ""
    #: The resource that the bill names.
    resource_id: str = ""
    duration: timedelta | None = None
    created_at: datetime | None = None
