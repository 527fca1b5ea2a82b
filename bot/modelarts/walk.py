"""One pass through the pages of a list that may shift while it is read. Knows no HTTP."""

from datetime import UTC, datetime
from operator import attrgetter

from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing, OddRow
from bot.core.text import Words, say
from bot.modelarts.payload import Page


class Walk:
    """The pages read so far, each of `page_size` rows at most."""

    def __init__(self, *, begun_at: datetime, page_size: int) -> None:
        self.jobs: dict[JobId, VisualizationJob] = {}
        #: What is wrong with the pages; empty while they may still add up to their total.
        self.fault: Words = ""
        #: True if a second pass with the same rows may be believed: then the total is wrong.
        self.may_be_whole = True
        self._begun_at = begun_at
        self._page_size = page_size
        self._odd: list[OddRow] = []
        self._rows = 0
        self._totals: list[int] = []
        self._last: tuple[list[JobId], tuple[OddRow, ...]] = ([], ())

    def add(self, page: Page) -> bool:
        """Add one page; True if there is nothing more to read."""
        ids = [job.id for job in page.jobs]
        rows, known = len(ids) + len(page.odd), len(self.jobs)
        if rows and (ids, page.odd) == self._last:
            self.fault = say("the same page of the list twice")
            # A server that repeats a full page ignores the number of the page.
            self.may_be_whole = rows < self._page_size
            return True
        self._last = ids, page.odd
        self._rows += rows
        self._odd += page.odd
        self.jobs.update(zip(ids, page.jobs, strict=True))
        if page.total is not None:
            self._totals.append(page.total)
            # After a full page more rows may follow, even if the total is smaller than the count.
            is_last = rows < self._page_size
            if self._count == page.total or (self._count > page.total and is_last):
                return True
        is_over = len(self.jobs) == known and not page.odd
        # A job created meanwhile pushes another onto the next page, so count rows, not jobs.
        if is_over and self._rows < (total := min(self._totals, default=0)):
            self.fault = say(
                "a list of {count} jobs that should have {total}", count=self._rows, total=total
            )
        return is_over

    @property
    def is_whole(self) -> bool:
        """True if the pass met as many rows as every page's total, so that no row is missing."""
        return not self.fault and all(total == self._count for total in self._totals)

    @property
    def _count(self) -> int:
        return len(self.jobs) + len(self._odd)

    def agrees_with(self, other: "Walk") -> bool:
        """True if both passes met the same rows."""
        return self.jobs.keys() == other.jobs.keys() and self._odd == other._odd

    def finish(self) -> Listing:
        """Return every job once, newest first, and the rows that are no readable job."""
        # Two sorts by one key are faster than one sort by two; the second sort is stable.
        jobs = sorted(self.jobs.values(), key=attrgetter("id"), reverse=True)
        jobs.sort(key=_creation_of, reverse=True)
        odd = [row for row in self._odd if row.job_id is None or row.job_id not in self.jobs]
        return Listing(
            jobs=tuple(jobs), odd=tuple(odd), read_at=self._begun_at, is_whole=self.is_whole
        )


_NEVER = datetime.min.replace(tzinfo=UTC)


def _creation_of(job: VisualizationJob) -> datetime:
    return job.created_at or _NEVER
