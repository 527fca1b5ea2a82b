"""Checks what the bot depends on: the cloud, the database, Slack."""

from collections.abc import Awaitable, Callable

from bot.catalog import Catalog
from bot.core.cards.card import Channel, Moment, TimeStyle
from bot.core.cards.wording import duration_words
from bot.core.delivery_report import OutboxCounts
from bot.core.errors import StoreUnavailable
from bot.core.health import Check, Verdict
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.core.text import Words, all_of, enumeration, say, say_many


class HealthChecks:
    """A HealthReport of the running bot."""

    def __init__(
        self,
        catalog: Catalog,
        *,
        store: Callable[[], Awaitable[tuple[Check, ...]]],
        slack: Callable[[], Check],
        outbox: Callable[[Project], Awaitable[OutboxCounts]],
        quarantine: Callable[[Project], Check | None] = lambda _: None,
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
        held = self._quarantine(project)
        return (
            self._cloud(project),
            *((held,) if held else ()),
            await self._deliveries(project),
            *(await self.essentials()),
        )

    async def essentials(self) -> tuple[Check, ...]:
        """The checks without which the bot is not ready. The cloud is none of them: people need
        answers most while the cloud is down."""
        return (*(await self._store()), *self._ways_in(), self._slack())

    def last_good_poll_age(self, project: Project) -> float | None:
        """Seconds since the cloud was last read well; None if it never was."""
        last_good_at = self._catalog.health(project).last_good_at
        return (self._clock() - last_good_at).total_seconds() if last_good_at else None

    async def _deliveries(self, project: Project) -> Check:
        try:
            counts = await self._outbox(project)
        except StoreUnavailable as error:
            return Check(
                name=_OUTBOX, verdict=Verdict.FAILED, found=error.sentence, cure=error.hint
            )
        found = _waiting(counts)
        if not counts.dead and counts.shut:
            channels = all_of([Channel(one) for one in counts.shut])
            return Check(
                name=_OUTBOX,
                verdict=Verdict.WARNING,
                found=say(
                    "{found}; Slack does not let me post in {channels}",
                    found=found,
                    channels=channels,
                ),
                cure=say("invite me there, or unsubscribe there"),
            )
        if not counts.dead:
            return Check(name=_OUTBOX, verdict=Verdict.OK, found=found)
        return Check(
            name=_OUTBOX,
            verdict=Verdict.WARNING,
            found=found,
            cure=say("see why, then try them again"),
            more=(say("Undelivered messages"), "status letters"),
        )

    def _cloud(self, project: Project) -> Check:
        health, index = self._catalog.health(project), self._catalog.index(project)
        if health.failing_since:
            since = Moment(health.failing_since, TimeStyle.DAY_AND_CLOCK)
            return Check(
                name=CLOUD,
                verdict=Verdict.FAILED,
                found=say(
                    "no good answer since {when} ({error})", when=since, error=health.last_error
                ),
                cure=say("answers show what was last seen; run `visjob doctor` for the cause"),
            )
        if health.last_good_at is None:
            return Check(name=CLOUD, verdict=Verdict.WARNING, found=say("not read yet"))
        age = duration_words(self._clock() - health.last_good_at)
        jobs, odd = (index.jobs, index.odd) if index else ((), ())
        found = say_many(
            "last good read {span} ago, {count} job known",
            "last good read {span} ago, {count} jobs known",
            len(jobs),
            span=age,
        )
        if odd:
            return odd_rows_check(found, len(odd))
        return Check(name=CLOUD, verdict=Verdict.OK, found=found)


def odd_rows_check(found: Words, count: int) -> Check:
    """The cloud is well, but for so many rows of its list that are no jobs."""
    return Check(
        name=CLOUD,
        verdict=Verdict.WARNING,
        found=say_many(
            "{found}; {count} row of the list could not be read",
            "{found}; {count} rows of the list could not be read",
            count,
            found=found,
        ),
        cure=say("all other jobs are watched; the log of `visjob serve` says what is wrong"),
    )


CLOUD = say("cloud")
_OUTBOX = say("outbox")


def _waiting(counts: OutboxCounts) -> Words:
    if not counts.open and not counts.dead:
        return say("no message is waiting")
    parts = [say_many("{count} message waiting", "{count} messages waiting", counts.open)]
    if counts.oldest_open is not None:
        parts.append(say("the oldest for {span}", span=duration_words(counts.oldest_open)))
    if counts.held:
        parts.append(say_many("{count} held back", "{count} held back", counts.held))
    if counts.dead:
        parts.append(
            say_many("{count} undelivered message", "{count} undelivered messages", counts.dead)
        )
    return enumeration(parts)
