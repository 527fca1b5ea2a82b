"""Jobs that break our own code: tried a few times, then left alone ever longer. Pure."""

from datetime import timedelta

from bot.core.health import Check, Verdict
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.text import enumeration, say, say_many

#: So many failures in a row, and a job is in quarantine.
STRIKES = 5

_SOON = timedelta(minutes=1)
_FIRST = timedelta(hours=1)
_LONGEST = timedelta(hours=24)
_NAMED_AT_MOST = 5


class Quarantine:
    """Counts, in this process, how often each job broke it; other jobs go on meanwhile."""

    def __init__(self) -> None:
        self._strikes: dict[tuple[Project, JobId], int] = {}

    def strike(self, project: Project, job_id: JobId) -> timedelta:
        """Count one more; how long to leave the job alone."""
        job = (project, job_id)
        strikes = self._strikes[job] = self._strikes.get(job, 0) + 1
        if strikes < STRIKES:
            return _SOON
        return min(_FIRST * 2.0 ** min(strikes - STRIKES, 10), _LONGEST)

    def forgive(self, project: Project, job_id: JobId) -> None:
        """It went well."""
        self._strikes.pop((project, job_id), None)

    def check(self, project: Project) -> Check | None:
        """The row of `status`, if a job of the project is in quarantine."""
        held = sorted(
            job_id
            for (of, job_id), strikes in self._strikes.items()
            if of == project and strikes >= STRIKES
        )
        if not held:
            return None
        more = ["…"] if len(held) > _NAMED_AT_MOST else []
        named = enumeration([*map(str, held[:_NAMED_AT_MOST]), *more])
        return Check(
            name=say("quarantine"),
            verdict=Verdict.FAILED,
            found=say_many(
                "{count} job not watched for now: {ids}",
                "{count} jobs not watched for now: {ids}",
                len(held),
                ids=named,
            ),
            cure=say("a bug of mine: please report what my log says at `job_failed`"),
        )
