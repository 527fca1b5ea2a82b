"""Checks what the bot depends on: the cloud, the database, Slack."""

from collections.abc import Awaitable, Callable

from bot.catalog import Catalog
from bot.core.cards.wording import clock_words, count_words, duration_words
from bot.core.delivery import OutboxCounts
from bot.core.errors import StoreUnavailable
from bot.core.health import Check, Verdict
from bot.core.ports.time import Clock
from bot.core.project import Project


class HealthChecks:
    """A HealthReport of the running bot."""

    def __init__(
        self,
        catalog: Catalog,
        *,
        store: Callable[[], Awaitable[tuple[Check, ...]]],
        slack: Callable[[], Check],
        outbox: Callable[[Project], Awaitable[OutboxCounts]],
        quarantine: Callable[[], Check | None] = lambda: None,
        ways_in: Callable[[], tuple[Check, ...]] = tuple,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._store = store
        self._slack = slack
        self._outbox = outbox
        self._quarantine = quarantine
        self._ways_in = ways_in
        self._clock = clock

    async def __call__(self, project: Project) -> tuple[Check, ...]:
        """Every check that `status` shows."""
        held = self._quarantine()
        return (
            self._cloud(),
            *((held,) if held else ()),
            await self._deliveries(project),
            *(await self.essentials()),
        )

    async def essentials(self) -> tuple[Check, ...]:
        """The checks without which the bot is not ready. The cloud is none of them: people need
        answers most while the cloud is down."""
        return (*(await self._store()), *self._ways_in(), self._slack())

    def last_good_poll_age(self) -> float | None:
        """Seconds since the cloud was last read well; None if it never was."""
        last_good_at = self._catalog.health.last_good_at
        return (self._clock() - last_good_at).total_seconds() if last_good_at else None

    async def _deliveries(self, project: Project) -> Check:
        try:
            counts = await self._outbox(project)
        except StoreUnavailable as error:
            return Check(name="outbox", verdict=Verdict.FAILED, found=str(error), cure=error.hint)
        found = _waiting(counts)
        if not counts.dead:
            return Check(name="outbox", verdict=Verdict.OK, found=found)
        return Check(
            name="outbox",
            verdict=Verdict.WARNING,
            found=found,
            cure="look at why, then send them again",
            more=("Dead letters", "status letters"),
        )

    def _cloud(self) -> Check:
        health = self._catalog.health
        if health.failing_since:
            return Check(
                name="cloud",
                verdict=Verdict.FAILED,
                found=f"no good answer since {clock_words(health.failing_since)}: "
                f"{health.last_error}",
                cure="answers show what was last confirmed; run `visjob doctor` for the cause",
            )
        if health.last_good_at is None:
            return Check(name="cloud", verdict=Verdict.WARNING, found="not read yet")
        age = duration_words(self._clock() - health.last_good_at)
        jobs, odd = self._catalog.known, self._catalog.index.odd if self._catalog.index else ()
        found = f"last good read {age} ago, {count_words(len(jobs), 'job')} known"
        if odd:
            return odd_rows_check(found, len(odd))
        return Check(name="cloud", verdict=Verdict.OK, found=found)


def odd_rows_check(found: str, count: int) -> Check:
    """The cloud is well, but for so many rows of its list that are no jobs."""
    return Check(
        name="cloud",
        verdict=Verdict.WARNING,
        found=f"{found}; {count_words(count, 'row')} of the list could not be read",
        cure="all other jobs are watched; the log of `visjob serve` says what is wrong with it",
    )


def _waiting(counts: OutboxCounts) -> str:
    if not counts.open and not counts.dead:
        return "nothing waits to be told"
    parts = [f"{count_words(counts.open, 'message')} to be told"]
    if counts.oldest_open is not None:
        parts.append(f"the oldest for {duration_words(counts.oldest_open)}")
    if counts.held:
        parts.append(f"{counts.held} of them held")
    if counts.dead:
        parts.append(f"{count_words(counts.dead, 'dead letter')}")
    return ", ".join(parts)
