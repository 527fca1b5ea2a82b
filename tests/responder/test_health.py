"""The health checks of the bot."""

from collections.abc import Collection
from datetime import timedelta

import pytest

from bot.catalog import Catalog
from bot.core.delivery_report import OutboxCounts
from bot.core.errors import SourceUnavailable
from bot.core.health import Check, Verdict
from bot.core.project import Project
from bot.core.subscription import Place
from bot.core.text import ENGLISH, say
from bot.responder.health import HealthChecks
from tests.fakes import FakeSource, ManualClock
from tests.make import OURS, a_job

DATABASE = Check(name="database", verdict=Verdict.OK, found="a file")
QUIET = OutboxCounts(open=0, held=0, dead=0, oldest_open=None)
NOTHING_WAITS = Check(name=say("outbox"), verdict=Verdict.OK, found=say("no message is waiting"))
SLACK = Check(name="Slack token", verdict=Verdict.OK, found="accepted")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def source(clock: ManualClock) -> FakeSource:
    return FakeSource([a_job(), a_job(197)], clock=clock)


@pytest.fixture
def catalog(source: FakeSource, clock: ManualClock) -> Catalog:
    return Catalog(source, clock=clock)


@pytest.fixture
def checks(catalog: Catalog, clock: ManualClock) -> HealthChecks:
    async def store() -> tuple[Check, ...]:
        return (DATABASE,)

    async def outbox(_: Project) -> OutboxCounts:
        return QUIET

    return HealthChecks(catalog, store=store, slack=lambda: SLACK, outbox=outbox, clock=clock)


async def test_before_the_first_read_the_cloud_is_neither_well_nor_bad(
    checks: HealthChecks,
) -> None:
    cloud, *rest = await checks(OURS, everywhere)

    assert (cloud.verdict, str(cloud.found)) == (Verdict.WARNING, "not read yet")
    assert rest == [NOTHING_WAITS, DATABASE, SLACK]
    assert checks.last_good_poll_age(OURS) is None


async def test_dead_letters_are_told_with_the_sentence_that_lists_them(
    catalog: Catalog, clock: ManualClock
) -> None:
    async def nothing() -> tuple[Check, ...]:
        return ()

    async def dead(_: Project) -> OutboxCounts:
        return OutboxCounts(open=0, held=0, dead=2, oldest_open=None)

    checks = HealthChecks(catalog, store=nothing, slack=lambda: SLACK, outbox=dead, clock=clock)

    [outbox] = [check for check in await checks(OURS, everywhere) if check.key == "outbox"]

    assert outbox.verdict is Verdict.WARNING
    assert outbox.more == (say("Undelivered messages"), "status letters")
    assert "2 undelivered messages" in str(outbox.found)


async def test_a_channel_that_the_bot_is_kept_out_of_is_a_warning(
    catalog: Catalog, clock: ManualClock
) -> None:
    async def nothing() -> tuple[Check, ...]:
        return ()

    async def shut(_: Project) -> OutboxCounts:
        return OutboxCounts(
            open=4, held=4, dead=0, oldest_open=timedelta(minutes=2), shut=("C0SECRET01",)
        )

    checks = HealthChecks(catalog, store=nothing, slack=lambda: SLACK, outbox=shut, clock=clock)

    [outbox] = [check for check in await checks(OURS, everywhere) if check.key == "outbox"]

    assert outbox.verdict is Verdict.WARNING
    assert "4 messages waiting, all of them held back; Slack does not let me post in " in str(
        outbox.found
    )
    assert str(outbox.cure) == "invite me there, or unsubscribe there"


async def everywhere(places: Collection[Place]) -> Collection[Place]:
    """Return all places, as for a person who sees each of them."""
    return places


# The shut channels, those that the person sees, and the words about them.
SHUT = {
    "all are seen": (
        ("C1", "C2"),
        ("C1", "C2"),
        "in the channel and the channel",
        "invite me there",
    ),
    "one is seen": (
        ("C1", "C2"),
        ("C2",),
        "in the channel and 1 channel that you",
        "invite me there",
    ),
    "none is seen": (("C1", "C2"), (), "in 2 channels that you can't see", "somebody there can"),
}


@pytest.mark.parametrize(("shut", "seen", "found", "cure"), SHUT.values(), ids=SHUT)
async def test_only_channels_that_the_asker_sees_are_named(
    catalog: Catalog,
    clock: ManualClock,
    shut: tuple[str, ...],
    seen: tuple[str, ...],
    found: str,
    cure: str,
) -> None:
    async def nothing() -> tuple[Check, ...]:
        return ()

    async def counts(_: Project) -> OutboxCounts:
        return OutboxCounts(open=2, held=2, dead=0, oldest_open=None, shut=shut)

    async def some(places: Collection[Place]) -> Collection[Place]:
        return [one for one in places if one.channel_id in seen]

    checks = HealthChecks(catalog, store=nothing, slack=lambda: SLACK, outbox=counts, clock=clock)

    [outbox] = [check for check in await checks(OURS, some) if check.key == "outbox"]

    assert found in ENGLISH.plain(outbox.found)
    assert cure in str(outbox.cure)


async def test_a_good_read_is_told_with_its_age(
    checks: HealthChecks, catalog: Catalog, clock: ManualClock
) -> None:
    await catalog.sweep(OURS)
    clock.advance(seconds=33)
    cloud = (await checks(OURS, everywhere))[0]

    assert (cloud.verdict, str(cloud.found)) == (
        Verdict.OK,
        "last good read 33 s ago, 2 jobs known",
    )
    assert checks.last_good_poll_age(OURS) == 33


async def test_trouble_with_the_cloud_says_since_when_and_why(
    checks: HealthChecks, catalog: Catalog, source: FakeSource, clock: ManualClock
) -> None:
    source.error = SourceUnavailable("ModelArts did not answer.")
    with pytest.raises(SourceUnavailable):
        await catalog.sweep(OURS)
    clock.advance(hours=1)
    cloud = (await checks(OURS, everywhere))[0]

    assert cloud.verdict is Verdict.FAILED
    assert str(cloud.found) == "no good answer since 2026-03-24 14:17 UTC"
    assert str(cloud.cure) == "ModelArts did not answer. Answers show what was last seen."


async def test_the_cloud_is_no_essential(
    checks: HealthChecks, source: FakeSource, catalog: Catalog
) -> None:
    source.error = SourceUnavailable("ModelArts did not answer.")
    with pytest.raises(SourceUnavailable):
        await catalog.sweep(OURS)

    assert await checks.essentials() == (DATABASE, SLACK)


async def test_the_age_of_the_last_good_read_survives_trouble(
    checks: HealthChecks, catalog: Catalog, source: FakeSource, clock: ManualClock
) -> None:
    await catalog.sweep(OURS)
    clock.advance(minutes=5)
    source.error = SourceUnavailable("ModelArts did not answer.")
    with pytest.raises(SourceUnavailable):
        await catalog.sweep(OURS)

    assert checks.last_good_poll_age(OURS) == timedelta(minutes=5).total_seconds()


async def test_what_waits_is_counted_and_a_dead_letter_is_a_warning(
    catalog: Catalog, clock: ManualClock
) -> None:
    async def store() -> tuple[Check, ...]:
        return ()

    async def outbox(_: Project) -> OutboxCounts:
        return OutboxCounts(open=3, held=1, dead=1, oldest_open=timedelta(minutes=2))

    waiting = HealthChecks(catalog, store=store, slack=lambda: SLACK, outbox=outbox, clock=clock)
    row = (await waiting(OURS, everywhere))[1]

    assert row.verdict is Verdict.WARNING
    assert str(row.found) == (
        "3 messages waiting, the oldest for 2 min, 1 held back, 1 undelivered message"
    )
