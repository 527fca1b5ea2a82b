"""The guard, leases and owners, over both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.care import Keep, KeepVerdict
from bot.core.delivery import CardDelivery, ChangeDelivery, Delivery, GuardDelivery
from bot.core.errors import RequestRepeated
from bot.core.guard import GuardRules
from bot.core.job import JobId, VisualizationJob
from bot.core.subscription import DeliveryMode, PatternTarget, ProjectTarget
from bot.store.care import SqlCare
from bot.store.database import tables
from tests.store.delivering.test_rule_holds import by_the_clock, rule
from tests.store.world import HERE, NOON, P1, THERE, World, a_subscription, connected, job

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RULES = GuardRules(hours=(8, 24), stuck_after=15 * MINUTE)
ANA, BEN = "U0ANA00001", "U0BEN00002"


class Care:
    """A world in which job 205 runs while time passes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.store = world.store
        self.passed = timedelta(0)
        self.ran_before = timedelta(0)

    def read(
        self, status: int = 8, number: int = 205, *, description: str = ""
    ) -> VisualizationJob:
        """Return the job as the cloud describes it now."""
        read = job(number, status, at=self.passed.total_seconds())
        return read._replace(duration=self.ran_before + self.passed, description=description)

    async def pass_time(self, span: timedelta) -> None:
        self.passed += span
        await self.world.pass_time(span)

    async def look(self, *jobs: VisualizationJob) -> list[tuple[str, str, int]]:
        """Poll, look after the jobs and post; return channel, kind and hours of each notice."""
        await self.world.observe(*jobs or (self.read(),))
        await self.store.care.look_after(P1, RULES)
        return told(await self.world.send_all())

    async def keep(self, span: timedelta) -> KeepVerdict:
        until = await self.world.now() + span
        return await self.store.care.keep(P1, JobId(205), Keep(until=until, by=ANA))


def told(deliveries: list[Delivery]) -> list[tuple[str, str, int]]:
    return [
        (one.place.channel_id, one.facts.kind.value, one.facts.hours)
        for one in deliveries
        if isinstance(one, GuardDelivery)
    ]


@pytest.fixture
async def care(world: World) -> Care:
    """A world in which job 205 has just begun to run, and C1 follows it."""
    care = Care(world)
    now = await world.now()
    here = replace(a_subscription(), created_at=now)
    await world.subscribe(here, baseline=care.read())
    assert await care.look() == []
    return care


@pytest.mark.slow
async def test_each_mark_is_told_once_to_each_place_that_wants_it(care: Care) -> None:
    now = await care.world.now()
    for other in (
        a_subscription(ProjectTarget(), wanted="failures"),
        a_subscription(
            PatternTarget("job-*"), THERE, wanted="changes", delivery_mode=DeliveryMode.CARD
        ),
        a_subscription(205, replace(HERE, channel_id="C3"), wanted="running,failed"),
    ):
        await care.world.subscribe(replace(other, created_at=now), baseline=None)
    await care.pass_time(8 * HOUR - MINUTE)
    assert await care.look() == []
    await care.pass_time(MINUTE)
    assert sorted(await care.look()) == [("C1", "cost", 8), ("C2", "cost", 8)]
    await care.pass_time(MINUTE)
    assert await care.look() == []
    await care.pass_time(50 * HOUR)
    assert sorted(await care.look()) == [("C1", "cost", 48), ("C2", "cost", 48)]


async def test_a_place_without_the_jobs_card_gets_the_card_first(care: Care) -> None:
    wide = replace(a_subscription(ProjectTarget(), THERE), created_at=NOON)
    await care.world.subscribe(wide, baseline=None)
    await care.pass_time(9 * HOUR)
    await care.world.observe(care.read())
    await care.store.care.look_after(P1, RULES)

    there = [one for one in await care.world.send_all() if one.place == THERE]

    assert [type(one) for one in there] == [CardDelivery, GuardDelivery]
    assert isinstance(there[1], GuardDelivery)
    assert there[1].card is not None


@by_the_clock
async def test_reminders_wait_for_a_digest_and_each_is_a_message_of_its_own(care: Care) -> None:
    other = replace(a_subscription(206), created_at=await care.world.now())
    await care.world.subscribe(other, baseline=care.read(number=206))
    assert await care.look(care.read(), care.read(number=206)) == []
    await rule(care.world, digest="08:00")

    await care.pass_time(9 * HOUR)
    assert await care.look(care.read(), care.read(number=206)) == []
    await care.pass_time(12 * HOUR)
    assert told(await care.world.send_all()) == [], "it is read first"
    await care.world.observe(care.read(), care.read(number=206))

    sent = await care.world.send_all()
    assert told(sent) == [("C1", "cost", 8), ("C1", "cost", 8)]
    assert {one.job_id for one in sent} == {205, 206}
    assert all(one.card is not None for one in sent if isinstance(one, GuardDelivery))


@by_the_clock
@pytest.mark.parametrize(("quiet", "passes"), [("", False), (" except failures", True)])
async def test_quiet_hours_let_a_reminder_pass_only_where_failures_pass(
    care: Care, quiet: str, passes: bool
) -> None:
    await rule(care.world, quiet=f"18:00-23:00{quiet}")
    await care.pass_time(9 * HOUR)

    assert await care.look() == ([("C1", "cost", 8)] if passes else [])
    await care.pass_time(3 * HOUR)
    assert len(await care.look()) == int(not passes)


async def test_who_follows_a_job_later_hears_of_its_next_mark(care: Care) -> None:
    await care.pass_time(9 * HOUR)
    now = await care.world.now()
    there = replace(a_subscription(205, THERE), created_at=now)
    await care.world.subscribe(there, baseline=care.read())

    assert await care.look() == [("C1", "cost", 8)]
    await care.pass_time(15 * HOUR)
    assert sorted(await care.look()) == [("C1", "cost", 24), ("C2", "cost", 24)]


@pytest.mark.parametrize("looks_before", [True, False], ids=["after a look", "before any"])
async def test_whoever_is_there_hears_of_a_mark_however_fast_the_cloud_counts(
    world: World, looks_before: bool
) -> None:
    care = Care(world)
    care.ran_before = 8 * HOUR - 5 * MINUTE
    for place in (HERE, THERE):
        begun = replace(a_subscription(205, place), created_at=await world.now())
        await world.subscribe(begun, baseline=care.read())
        if place == HERE and looks_before:
            assert await care.look() == []
        await care.pass_time(timedelta(seconds=4))
    care.ran_before += HOUR

    assert sorted(await care.look()) == [("C1", "cost", 8), ("C2", "cost", 8)]


async def test_in_no_place_a_notice_comes_before_the_card_that_it_hangs_under(care: Care) -> None:
    places = [replace(HERE, channel_id=f"C{number}") for number in range(10, 22)]
    for place in places:
        wide = replace(a_subscription(ProjectTarget(), place), created_at=NOON)
        await care.world.subscribe(wide, baseline=None)
    await care.pass_time(9 * HOUR)
    await care.world.observe(care.read())
    await care.store.care.look_after(P1, RULES)

    notices = [one for one in await care.world.send_all() if isinstance(one, GuardDelivery)]

    assert len(notices) == 1 + len(places)
    assert all(one.card is not None for one in notices)


async def test_a_job_that_ran_before_anybody_followed_it_is_no_news(world: World) -> None:
    care = Care(world)
    care.ran_before = 26 * HOUR
    here = replace(a_subscription(), created_at=await world.now())
    await world.subscribe(here, baseline=care.read())

    assert await care.look() == []
    await care.pass_time(22 * HOUR)
    assert await care.look() == [("C1", "cost", 48)]


async def test_who_subscribes_again_begins_again(care: Care) -> None:
    await care.world.observe(care.read(12))
    await care.pass_time(30 * HOUR)
    care.ran_before = -20 * HOUR
    again = replace(a_subscription(), created_at=await care.world.now())
    await care.world.subscribe(again, baseline=care.read())

    assert await care.look() == []


async def test_what_the_cloud_counts_is_believed_before_our_clock(care: Care) -> None:
    care.ran_before = 25 * HOUR
    await care.pass_time(MINUTE)

    assert await care.look() == [("C1", "cost", 24)]


async def test_nothing_is_told_before_a_good_read_says_that_it_still_runs(care: Care) -> None:
    await care.pass_time(9 * HOUR)
    await care.store.care.look_after(P1, RULES)
    assert told(await care.world.send_all()) == []
    await care.world.observe(denied=[205])
    await care.store.care.look_after(P1, RULES)
    assert told(await care.world.send_all()) == []
    assert await care.look() == [("C1", "cost", 8)]


async def test_a_job_that_ended_meanwhile_is_not_told_of(care: Care) -> None:
    await care.pass_time(9 * HOUR)

    assert await care.look(care.read(12)) == []


async def test_a_restart_that_no_poll_saw_begins_the_marks_anew(care: Care) -> None:
    await care.pass_time(9 * HOUR)
    assert await care.look() == [("C1", "cost", 8)]
    care.ran_before = -9 * HOUR
    assert await care.look() == []
    await care.pass_time(8 * HOUR)
    assert await care.look() == [("C1", "cost", 8)]


async def test_a_kept_job_is_told_of_when_its_lease_is_over_and_not_before(care: Care) -> None:
    assert await care.keep(10 * HOUR) is KeepVerdict.KEPT
    await care.pass_time(9 * HOUR)
    assert await care.look() == []
    await care.pass_time(HOUR)
    assert await care.look() == [("C1", "lease_over", 10)]
    assert await care.look() == []
    await care.pass_time(14 * HOUR)
    assert await care.look() == [("C1", "cost", 24)]


async def test_a_lease_that_ended_in_an_outage_is_told_at_the_next_good_read(care: Care) -> None:
    await care.keep(HOUR)
    await care.pass_time(30 * HOUR)
    await care.store.care.look_after(P1, RULES)
    assert told(await care.world.send_all()) == []
    assert await care.look() == [("C1", "lease_over", 30)]
    await care.pass_time(HOUR)
    assert await care.look() == []


async def test_a_lease_given_up_tells_the_highest_mark_passed_at_the_next_good_read(
    care: Care,
) -> None:
    await care.keep(100 * HOUR)
    await care.pass_time(26 * HOUR)
    assert await care.look() == []
    ended = await care.store.care.stop_keeping(P1, JobId(205))
    assert ended is not None
    assert ended.by == ANA
    await care.store.care.look_after(P1, RULES)
    assert told(await care.world.send_all()) == []
    await care.pass_time(MINUTE)
    assert await care.look() == [("C1", "cost", 24)]
    assert await care.store.care.stop_keeping(P1, JobId(205)) is None


async def test_what_waits_to_be_told_when_somebody_keeps_the_job_is_withdrawn(care: Care) -> None:
    await care.pass_time(9 * HOUR)
    await care.world.observe(care.read())
    await care.store.care.look_after(P1, RULES)
    await care.keep(2 * HOUR)
    assert told(await care.world.send_all()) == []
    await care.store.care.stop_keeping(P1, JobId(205))
    await care.pass_time(MINUTE)
    assert await care.look() == [("C1", "cost", 8)]
    assert await care.look() == []


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (8, KeepVerdict.KEPT),
        (15, KeepVerdict.KEPT),
        (7, KeepVerdict.NOT_RUNNING),
        (12, KeepVerdict.NOT_RUNNING),
    ],
)
async def test_only_a_running_job_is_kept(care: Care, status: int, verdict: KeepVerdict) -> None:
    await care.world.observe(care.read(status))

    assert await care.keep(HOUR) is verdict


async def test_a_job_that_nobody_follows_is_not_kept(care: Care) -> None:
    await care.store.subscriptions.unsubscribe(P1, HERE, None, by=ANA)

    assert await care.keep(HOUR) is KeepVerdict.NOT_FOLLOWED
    keep = Keep(until=NOON + HOUR, by=ANA)
    assert await care.store.care.keep(P1, JobId(999), keep) is KeepVerdict.NOT_FOLLOWED


async def test_the_card_says_who_keeps_the_job_and_whose_it_is(care: Care) -> None:
    await care.world.send_all()
    for edit in await care.store.outbox.claim_edits(P1, limit=9):
        await care.store.outbox.record_edited(edit)
    await care.keep(HOUR)
    await care.store.care.claim(P1, care.read(), BEN, is_taken_over=False)

    [edit] = await care.store.outbox.claim_edits(P1, limit=9)

    assert edit.shown.care.owner == BEN
    assert edit.shown.care.keep is not None
    assert edit.shown.care.keep.by == ANA
    await care.store.outbox.record_edited(edit)
    await care.pass_time(2 * HOUR)
    await care.look()
    [edit] = await care.store.outbox.claim_edits(P1, limit=9)
    assert edit.shown.care.keep is None


async def test_what_waits_too_long_is_told_once_per_wait(world: World) -> None:
    care = Care(world)
    here = replace(a_subscription(), created_at=await world.now())
    await world.subscribe(here, baseline=care.read(7))
    assert await care.look(care.read(7)) == []
    await care.pass_time(16 * MINUTE)
    assert await care.look(care.read(4)) == [("C1", "stuck", 0)]
    await care.pass_time(16 * MINUTE)
    assert await care.look(care.read(4)) == []
    assert await care.look(care.read(9)) == []
    await care.pass_time(2 * HOUR)
    assert await care.look(care.read(9)) == [("C1", "stuck", 2)]


@pytest.mark.slow
async def test_the_projects_own_times_are_learned_from_its_history(world: World) -> None:
    care = Care(world)
    here = replace(a_subscription(), created_at=await world.now())
    await world.subscribe(here, baseline=care.read(12))
    for minutes in [2] * 19 + [9]:
        for status, span in ((7, minutes), (8, 1), (12, 1)):
            assert await care.look(care.read(status)) == []
            await care.pass_time(span * MINUTE)
    await care.look(care.read(7))
    await care.pass_time(2 * MINUTE + timedelta(seconds=30))
    # As another replica, because this one caches for a while that too few waits were known.
    care.store.care = SqlCare(care.store._database)

    assert await care.look(care.read(7)) == [("C1", "stuck", 0)]


async def test_a_claim_of_somebody_else_stands_until_it_is_taken_over(care: Care) -> None:
    claim, read = care.store.care.claim, care.read(description=f"owner: {ANA}")

    first = await claim(P1, read, BEN, is_taken_over=False)
    assert (first.before, first.after) == (ANA, BEN)
    second = await claim(P1, read, "U3", is_taken_over=False)
    assert (second.before, second.after) == (BEN, BEN)
    third = await claim(P1, read, "U3", is_taken_over=True)
    assert (third.before, third.after) == (BEN, "U3")


async def test_a_disclaimed_claim_gives_the_job_to_whom_its_description_names(care: Care) -> None:
    claim, disclaim = care.store.care.claim, care.store.care.disclaim
    read = care.read(description=f"owner: {ANA}")
    await claim(P1, read, BEN, is_taken_over=False)

    assert (await disclaim(P1, read, ANA)).after == BEN
    assert (await disclaim(P1, read, BEN)).after == ANA
    assert (await disclaim(P1, read, ANA)).after == ""
    nobody = await disclaim(P1, read, ANA)
    assert (nobody.before, nobody.after) == ("", "")
    assert (await claim(P1, read, ANA, is_taken_over=False)).after == ANA


async def test_a_request_that_comes_again_says_nothing_twice(care: Care) -> None:
    await care.store.care.claim(P1, care.read(), ANA, is_taken_over=False, request_key="k")

    with pytest.raises(RequestRepeated):
        await care.store.care.disclaim(P1, care.read(), ANA, request_key="k")


async def test_a_failure_names_the_owner_and_other_changes_do_not(care: Care) -> None:
    await care.world.send_all()
    await care.world.observe(care.read(9, description=f"owner: {ANA}"))
    await care.world.observe(care.read(11, description=f"owner: {ANA}"))

    changes = [one for one in await care.world.send_all() if isinstance(one, ChangeDelivery)]

    assert [(one.change.step.after, one.owner) for one in changes] == [(9, ""), (11, ANA)]


async def test_a_workspace_that_comes_back_begins_anew(care: Care) -> None:
    await care.store.workspaces.freeze("T1")
    await care.pass_time(30 * HOUR)
    await care.store.workspaces.thaw("T1", was_accepted=False)

    assert await care.look() == []
    await care.pass_time(20 * HOUR)
    assert await care.look() == [("C1", "cost", 48)]


async def test_looking_when_nothing_is_due_writes_nothing(care: Care) -> None:
    with connected(care.store) as connection:
        before = connection.execute(select(tables.care)).mappings().all()
    await care.pass_time(MINUTE)

    assert await care.look() == []
    with connected(care.store) as connection:
        after = connection.execute(select(tables.care)).mappings().all()
    assert [row["look_past"] for row in after] == [row["look_past"] for row in before]
    assert not await care.store.care.look_after(P1, RULES)


async def test_one_job_that_breaks_us_does_not_stop_the_others(care: Care) -> None:
    other = replace(a_subscription(206), created_at=NOON)
    await care.world.subscribe(other, baseline=care.read(number=206))
    await care.look(care.read(), care.read(number=206))
    await care.pass_time(25 * HOUR)
    await care.world.observe(care.read(), care.read(number=206))
    with connected(care.store) as connection:
        broken = tables.care.update().where(tables.care.c.job_id == 205)
        connection.execute(broken.values(counted=timedelta.min))
    with pytest.raises(OverflowError):
        await care.store.care.look_after(P1, RULES)
    await care.store.care.look_after(P1, RULES, is_careful=True)

    assert told(await care.world.send_all()) == [("C1", "cost", 24)]
