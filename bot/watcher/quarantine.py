"""The quarantine: longer and longer pauses of jobs that break our own code. Pure."""

from datetime import timedelta

from bot.core.health import Check, Verdict
from bot.core.job import JobId
from bot.core.listed import first_of
from bot.core.project import Project
from bot.core.text import enumeration, say, say_many

#: A job with this many failures in a row is in quarantine.
STRIKES = 5

_SOON = timedelta(minutes=1)
_FIRST = timedelta(hours=1)
_LONGEST = timedelta(hours=24)
_NAMED_AT_MOST = 5


class Quarantine:
    """How often in a row each job broke our code in this process."""

    def __init__(self) -> None:
        self._strikes: dict[tuple[Project, JobId], int] = {}

    def strike(self, project: Project, job_id: JobId) -> timedelta:
        """Count one more failure of our code with a job; return how long to pause the job."""
        job = (project, job_id)
        strikes = self._strikes[job] = self._strikes.get(job, 0) + 1
        if strikes < STRIKES:
            return _SOON
        return min(_FIRST * 2.0 ** min(strikes - STRIKES, 10), _LONGEST)

    def forgive(self, project: Project, job_id: JobId) -> None:
        """Reset the count of a job, because its read was recorded."""
        self._strikes.pop((project, job_id), None)

    def check(self, project: Project) -> Check | None:
        """Return the row of `status` on the project's quarantined jobs; None if it has none."""
        held = sorted(
            job_id
            for (of, job_id), strikes in self._strikes.items()
            if of == project and strikes >= STRIKES
        )
        if not held:
            return None
        shown = first_of(held, _NAMED_AT_MOST)
        more = ["…"] if len(held) > len(shown) else []
        named = enumeration([*map(str, shown), *more])
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
