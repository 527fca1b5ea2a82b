"""One walk through the pages of a list that may shift while it is read: knows pages, no HTTP."""

from datetime import UTC, datetime
from operator import attrgetter

from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing, OddRow
from bot.core.text import Words, say
from bot.modelarts.payload import Page


class Walk:
    """The pages so far, of `page_size` rows at most."""

    def __init__(self, *, begun_at: datetime, page_size: int) -> None:
        self.jobs: dict[JobId, VisualizationJob] = {}
        #: What is wrong with the pages; empty while they may come to their total.
        self.fault: Words = ""
        #: True if another walk that meets the same rows may be believed: the total is wrong then.
        self.may_be_whole = True
        self._begun_at = begun_at
        self._page_size = page_size
        self._odd: list[OddRow] = []
        self._rows = 0
        self._totals: list[int] = []
        self._last: tuple[list[JobId], tuple[OddRow, ...]] = ([], ())

    def add(self, page: Page) -> bool:
        """Take one page; True if there is nothing more to read."""
        ids = [job.id for job in page.jobs]
        rows, known = len(ids) + len(page.odd), len(self.jobs)
        if rows and (ids, page.odd) == self._last:
            self.fault = say("the same page of the list twice")
            # What repeats a full page does not look at the page's number.
            self.may_be_whole = rows < self._page_size
            return True
        self._last = ids, page.odd
        self._rows += rows
        self._odd += page.odd
        self.jobs.update(zip(ids, page.jobs, strict=True))
        if page.total is not None:
            self._totals.append(page.total)
            # Behind a full page there may be more than a total that is too small counts.
            is_last = rows < self._page_size
            if self._count == page.total or (self._count > page.total and is_last):
                return True
        is_over = len(self.jobs) == known and not page.odd
        # A job that is created meanwhile pushes another onto the next page: rows, not jobs, count.
        if is_over and self._rows < (total := min(self._totals, default=0)):
            self.fault = say(
                "a list of {count} jobs that should have {total}", count=self._rows, total=total
            )
        return is_over

    @property
    def is_whole(self) -> bool:
        """True if it met as many rows as every page counts: it lacks none."""
        return not self.fault and all(total == self._count for total in self._totals)

    @property
    def _count(self) -> int:
        return len(self.jobs) + len(self._odd)

    def agrees_with(self, other: "Walk") -> bool:
        """True if both met the same rows."""
        return self.jobs.keys() == other.jobs.keys() and self._odd == other._odd

    def finish(self) -> Listing:
        """Every job once, newest first, and the rows that are none."""
        # Twice by one value is quicker than once by two; the second sort keeps the first's order.
        jobs = sorted(self.jobs.values(), key=attrgetter("id"), reverse=True)
        jobs.sort(key=_creation_of, reverse=True)
        odd = [row for row in self._odd if row.job_id is None or row.job_id not in self.jobs]
        return Listing(
            jobs=tuple(jobs), odd=tuple(odd), read_at=self._begun_at, is_whole=self.is_whole
        )


_NEVER = datetime.min.replace(tzinfo=UTC)


def _creation_of(job: VisualizationJob) -> datetime:
    return job.created_at or _NEVER
