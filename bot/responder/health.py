"""The checks of what the bot depends on: the cloud, the database and Slack."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bot.catalog import Catalog
from bot.core.cards.card import Moment, TimeStyle
from bot.core.cards.wording import duration_words
from bot.core.delivery_report import OutboxCounts
from bot.core.errors import StoreUnavailable
from bot.core.health import Check, SeenPlaces, Verdict
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.core.subscription import Place
from bot.core.text import Words, say, say_many, sentences
from bot.responder.outbox_health import OUTBOX, outbox_check


async def _none(_: Collection[Place]) -> Collection[Place]:
    return ()


@dataclass(frozen=True, slots=True)
class HealthChecks:
    """The HealthReport of the running bot."""

    catalog: Catalog
    store: Callable[[], Awaitable[tuple[Check, ...]]]
    slack: Callable[[], Check]
    outbox: Callable[[Project], Awaitable[OutboxCounts]]
    clock: Clock
    quarantine: Callable[[Project], Check | None] = lambda _: None
    ways_in: Callable[[], tuple[Check, ...]] = tuple
    slack_failing_since: Callable[[], datetime | None] = lambda: None

    async def __call__(self, project: Project, seen: SeenPlaces = _none) -> tuple[Check, ...]:
        """Return every check that `status` shows, without names of places that are not `seen`."""
        held = self.quarantine(project)
        return (
            self._cloud(project),
            *((held,) if held else ()),
            await self._deliveries(project, seen),
            *(check.for_people for check in await self.essentials()),
        )

    async def essentials(self) -> tuple[Check, ...]:
        """Return the checks that decide readiness. The cloud's is not among them: people need
        answers most while the cloud is down."""
        return (*(await self.store()), *self.ways_in(), self.slack())

    def last_good_poll_age(self, project: Project) -> float | None:
        """Return the seconds since the last good read of the cloud; None if there was none."""
        last_good_at = self.catalog.health(project).last_good_at
        return (self.clock() - last_good_at).total_seconds() if last_good_at else None

    async def _deliveries(self, project: Project, seen: SeenPlaces) -> Check:
        try:
            counts = await self.outbox(project)
        except StoreUnavailable:
            return Check(name=OUTBOX, verdict=Verdict.FAILED, found=_UNKNOWN, cure=_NOTHING_LOST)
        places = [Place(team_id=project.team_id, channel_id=one) for one in counts.shut]
        shown = await seen(places) if places else ()
        named = tuple(one.channel_id for one in places if one in shown)
        return outbox_check(counts, self.slack_failing_since(), named=named)

    def _cloud(self, project: Project) -> Check:
        health, index = self.catalog.health(project), self.catalog.index(project)
        if health.failing_since:
            since = Moment(health.failing_since, TimeStyle.DAY_AND_CLOCK)
            return Check(
                name=CLOUD,
                verdict=Verdict.FAILED,
                found=say("no good answer since {when}", when=since),
                cure=sentences(health.last_error, say("Answers show what was last seen.")),
            )
        if health.last_good_at is None:
            return Check(name=CLOUD, verdict=Verdict.WARNING, found=say("not read yet"))
        age = duration_words(self.clock() - health.last_good_at)
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
    """Return the check of a cloud that answers, but whose list has rows that cannot be parsed."""
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
_UNKNOWN = say("not known while my database does not answer")
_NOTHING_LOST = say("nothing is lost: what waits is posted when it answers again")
