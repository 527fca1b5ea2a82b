"""Log failing reads: the first failure, a tally each minute, and the end of the trouble."""

from datetime import datetime, timedelta

import structlog

from bot.core.errors import JobSourceError
from bot.core.ports.time import Clock

_log = structlog.get_logger(__name__)

_TALLY_EVERY = timedelta(minutes=1)


class TroubleLog:
    """The log of one kind of reads; `reads` is its name in the log lines."""

    def __init__(self, reads: str, *, clock: Clock) -> None:
        self._reads = reads
        self._clock = clock
        self._since: datetime | None = None
        self._told_at: datetime | None = None
        #: The number of failures, in all and since the last log line.
        self._count = self._untold = 0

    def failed(self, error: JobSourceError, *, job: int | None = None, again_in: float) -> None:
        """Count a failed read; log it if it is the first, or if the last line is a minute old."""
        now = self._clock()
        self._count += 1
        self._untold += 1
        if self._since is None or self._told_at is None:
            self._since = now
            event = "read_failed"
        elif now - self._told_at >= _TALLY_EVERY:
            event = "reads_still_failing"
        else:
            return
        _log.warning(
            event,
            reads=self._reads,
            job=job,
            error=str(error),
            code=error.code,
            cure=str(error.hint),
            again_in=again_in,
            failed=self._untold,
        )
        self._told_at, self._untold = now, 0

    def is_over(self, at: datetime | None = None) -> None:
        """Log that reads are good again since `at` (None: now), if any had failed."""
        if self._since is None:
            return
        lasted = ((at or self._clock()) - self._since).total_seconds()
        _log.info("reads_good_again", reads=self._reads, failed=self._count, lasted=lasted)
        self._since = self._told_at = None
        self._count = self._untold = 0
