"""Jobs that break our own code: tried a few times, then left alone ever longer. Pure."""

from datetime import timedelta

from bot.core.cards.wording import count_words
from bot.core.health import Check, Verdict
from bot.core.job import JobId

#: So many failures in a row, and a job is in quarantine.
STRIKES = 5

_SOON = timedelta(minutes=1)
_FIRST = timedelta(hours=1)
_LONGEST = timedelta(hours=24)
_NAMED_AT_MOST = 5


class Quarantine:
    """Counts, in this process, how often each job broke it; other jobs go on meanwhile."""

    def __init__(self) -> None:
        self._strikes: dict[JobId, int] = {}

    def strike(self, job_id: JobId) -> timedelta:
        """Count one more; how long to leave the job alone."""
        strikes = self._strikes[job_id] = self._strikes.get(job_id, 0) + 1
        if strikes < STRIKES:
            return _SOON
        return min(_FIRST * 2.0 ** min(strikes - STRIKES, 10), _LONGEST)

    def forgive(self, job_id: JobId) -> None:
        """It went well."""
        self._strikes.pop(job_id, None)

    def check(self) -> Check | None:
        """The row of `status`, if a job is in quarantine."""
        held = sorted(job_id for job_id, strikes in self._strikes.items() if strikes >= STRIKES)
        if not held:
            return None
        more = ", …" if len(held) > _NAMED_AT_MOST else ""
        named = ", ".join(map(str, held[:_NAMED_AT_MOST])) + more
        return Check(
            name="quarantine",
            verdict=Verdict.FAILED,
            found=f"{count_words(len(held), 'job')} not watched for now: {named}",
            cure="a bug of mine: please report what my log says at `job_failed`",
        )
