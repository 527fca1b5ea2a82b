"""The job that each person last asked for: held in memory, written to the store periodically."""

import structlog

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.core.ports.store import Store
from bot.core.project import Project

_log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 5.0
_PAUSE_AFTER_A_FAILURE_SECONDS = 60.0

# People per transaction: a transaction for each would cost more than answering them.
_WRITTEN_AT_ONCE = 1_000

_Person = tuple[Project, str]


class LastAsked:
    """A write-behind cache of the last job per person; a crash may lose the last few seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[_Person, JobId] = {}
        self._unwritten: set[_Person] = set()
        self._is_failing = False

    def note(self, project: Project, user_id: str, job_id: JobId) -> None:
        """Record that this person asked for this job."""
        person = (project, user_id)
        if self._known.get(person) != job_id:
            self._known[person] = job_id
            self._unwritten.add(person)

    def remembered(self, project: Project, user_id: str) -> JobId | None:
        """Return the job from memory alone; None if this process does not know it."""
        return self._known.get((project, user_id))

    async def last(self, project: Project, user_id: str) -> JobId | None:
        """Return the job that this person last asked for, or None. Raises StoreUnavailable."""
        person = (project, user_id)
        if person not in self._known:
            return await self._store.last_asked(project, user_id)
        return self._known[person]

    async def write(self) -> float:
        """Write the new entries; return the seconds until the next write. A failed write is only
        logged, and is repeated."""
        try:
            await self.flush()
        except StoreUnavailable as error:
            if not self._is_failing:
                _log.warning("recall_unwritten", people=len(self._unwritten), error=str(error))
            self._is_failing = True
            return _PAUSE_AFTER_A_FAILURE_SECONDS
        self._is_failing = False
        return _PAUSE_SECONDS

    async def flush(self) -> None:
        """Write the new entries. Raises StoreUnavailable; entries that were not written stay
        new."""
        people = tuple(self._unwritten)
        for start in range(0, len(people), _WRITTEN_AT_ONCE):
            asked = {one: self._known[one] for one in people[start : start + _WRITTEN_AT_ONCE]}
            # Removed before the write, so that a person who asks meanwhile is added again.
            self._unwritten -= asked.keys()
            try:
                await self._store.remember_asked(asked)
            except BaseException:
                self._unwritten |= asked.keys()
                raise
