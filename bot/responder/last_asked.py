"""Which job each person last asked for: held in memory, written to the store every few seconds."""

import structlog

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.core.ports.store import Store
from bot.core.project import Project

_log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 5.0
_PAUSE_AFTER_A_FAILURE_SECONDS = 60.0

_Person = tuple[Project, str]


class LastAsked:
    """Remembers at once and writes on `flush`; a crash may forget the last few seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[_Person, JobId] = {}
        self._unwritten: set[_Person] = set()

    def note(self, project: Project, user_id: str, job_id: JobId) -> None:
        """This person asked for this job."""
        person = (project, user_id)
        if self._known.get(person) != job_id:
            self._known[person] = job_id
            self._unwritten.add(person)

    def remembered(self, project: Project, user_id: str) -> JobId | None:
        """The same from memory alone: None if this process does not know it."""
        return self._known.get((project, user_id))

    async def last(self, project: Project, user_id: str) -> JobId | None:
        """The job this person last asked for, or None. Raises StoreUnavailable."""
        person = (project, user_id)
        if person not in self._known:
            return await self._store.last_asked(project, user_id)
        return self._known[person]

    async def write(self) -> float:
        """Write what is new; the seconds until the next write. Raises nothing: a failed write is
        repeated."""
        try:
            await self.flush()
        except StoreUnavailable as error:
            _log.warning("recall_unwritten", people=len(self._unwritten), error=str(error))
            return _PAUSE_AFTER_A_FAILURE_SECONDS
        return _PAUSE_SECONDS

    async def flush(self) -> None:
        """Write what is new. Raises StoreUnavailable; the rest stays new."""
        for person in tuple(self._unwritten):
            await self._store.remember_asked(*person, self._known[person])
            self._unwritten.discard(person)
