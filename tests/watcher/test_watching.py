"""From a sentence to what waits for Slack: Subscriber and Watcher over a real database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.catalog import Catalog
from bot.core.commands.request import Request
from bot.core.delivery import ChangeDelivery, ChangesDelivery, Delivery, MessageRef, SourceNote
from bot.core.errors import SourceUnavailable
from bot.core.guard import GuardRules
from bot.core.project import Project
from bot.store.store import SqlStore
from bot.watcher.guard_rounds import GuardRounds
from bot.watcher.pace import Pace
from bot.watcher.watcher import Watcher
from tests.fakes import FakeSource, ManualClock
from tests.make import ANA, OURS, PROJECT, TEAM, a_job
from tests.proof.virtual_time import open_on_this_thread
from tests.responder_fakes import a_responder, ports_in_memory
from tests.watch_fakes import CHANNEL

INTERVAL = timedelta(seconds=30)
RULES = GuardRules(hours=(8, 24), stuck_after=timedelta(minutes=15))


class World:
    """A cloud, a database, and the two workers between them."""

    def __init__(self, store: SqlStore, clock: ManualClock, rules: GuardRules = RULES) -> None:
        self.clock = clock
        self.store = store
        self.source = FakeSource([a_job(205, 7), a_job(231, 8, name="other")], clock=clock)
        catalog = Catalog(self.source, clock=clock)
        ports = replace(
            ports_in_memory(clock),
            subscriptions=store.subscriptions,
            history=store.history,
            recordings=store.history,
            dead_letters=store.history,
            care=store.care,
            pauses=store.outbox,
        )
        self.responder = a_responder(catalog, self.source, clock, ports, store=store)
        self.watcher = Watcher(
            catalog,
            store.watchlist,
            store.budget,
            pace=Pace(interval=30, calls_per_minute=0),
            guard=GuardRounds(store.care, rules, interval=INTERVAL, clock=clock),
            clock=clock,
        )

    async def say(self, text: str, *, team_id: str = TEAM) -> str:
        """Say a sentence in the channel; what is answered."""
        request = Request(text=text, team_id=team_id, user_id=ANA, channel_id=CHANNEL)
        return str((await self.responder.respond(request)).card.summary)

    async def poll_for(self, seconds: int) -> None:
        """Poll every second, as the ticker does."""
        for _ in range(seconds):
            await self.watcher.poll(OURS)
            self.clock.advance(seconds=1)

    async def told(self) -> list[tuple[int, int, int]]:
        """Deliver all that is due, and say which steps of which jobs it told."""
        steps: list[tuple[int, int, int]] = []
        for delivery in await self.delivered(OURS):
            if isinstance(delivery, ChangeDelivery | ChangesDelivery):
                steps += [(c.job.id, c.step.before, c.step.after) for c in delivery.changes]
        return steps

    async def delivered(self, project: Project) -> list[Delivery]:
        """Deliver all that is due of a project."""
        done: list[Delivery] = []
        while due := await self.store.outbox.claim(project, limit=20):
            for delivery in due:
                assert await self.store.outbox.intend(delivery)
                ref = MessageRef(channel_id=CHANNEL, ts=f"{len(done)}.0")
                assert await self.store.outbox.record_sent(delivery, ref)
                done.append(delivery)
        return done

    async def edited(self) -> list[datetime | None]:
        """Edit the cards that show less than is known; when they say that they were confirmed."""
        edits = await self.store.outbox.claim_edits(OURS, limit=20)
        assert [await self.store.outbox.record_edited(edit) for edit in edits] == [True] * len(
            edits
        )
        return [edit.shown.confirmed_at for edit in edits]


@pytest.fixture
async def world(sqlite_file: Path) -> AsyncIterator[World]:
    clock = ManualClock()
    store = open_on_this_thread(sqlite_file, clock=clock, interval=INTERVAL)
    yield World(store, clock)
    await store.close()


@pytest.mark.slow
async def test_what_stands_at_the_sentence_is_no_news_and_each_step_after_it_is(
    world: World,
) -> None:
    assert (await world.say("subscribe 205")).startswith("Subscribed to flowers-tb")
    await world.poll_for(3)
    assert await world.told() == []

    for status in (8, 9, 12):
        world.source.jobs[0] = a_job(205, status)
        await world.poll_for(31)

    assert await world.told() == [(205, 7, 8), (205, 8, 9), (205, 9, 12)]
    assert "Queued → Running, posted" in await world.say("why 205")
    assert "would have sent 3 messages" in await world.say("subscribe 205 preview")


@pytest.mark.slow
async def test_a_subscription_made_while_the_cloud_is_down_begins_with_the_first_good_read(
    world: World,
) -> None:
    world.source.error = SourceUnavailable("No answer.")
    assert "couldn't read the job just now" in await world.say("subscribe 205")
    await world.poll_for(20)

    world.source.error = None
    world.source.jobs[0] = a_job(205, 8)
    await world.poll_for(400)
    assert await world.told() == []

    world.source.jobs[0] = a_job(205, 11)
    await world.poll_for(31)
    assert await world.told() == [(205, 8, 11)]


@pytest.mark.slow
async def test_a_project_tells_of_jobs_that_come_after_its_first_sweep(world: World) -> None:
    await world.say("subscribe project for all")
    await world.poll_for(31)
    assert await world.told() == []

    world.source.jobs.insert(0, a_job(300, 1, name="new"))
    await world.poll_for(62)
    world.source.jobs[0] = a_job(300, 8, name="new")
    await world.poll_for(62)

    assert await world.told() == [(300, -1, 1), (300, 1, 8)]


async def test_a_deleted_job_is_told_once_and_its_subscription_ends(world: World) -> None:
    await world.say("subscribe 205")
    await world.poll_for(2)
    world.source.jobs.pop(0)

    await world.poll_for(120)

    assert await world.told() == [(205, 7, -1)]


async def test_what_is_unsubscribed_is_told_no_more(world: World) -> None:
    await world.say("subscribe 205")
    assert (await world.say("unsubscribe 205")).endswith("follows Job 205.")

    world.source.jobs[0] = a_job(205, 8)
    await world.poll_for(62)

    assert await world.told() == []
    assert await world.say("subscriptions") == "Nothing is followed here."


async def test_a_subscription_until_a_time_ends_then(world: World) -> None:
    await world.say("subscribe 205 until 30m")
    world.clock.now += timedelta(minutes=31)
    world.source.jobs[0] = a_job(205, 8)

    await world.poll_for(62)

    assert await world.told() == []


@pytest.mark.slow
async def test_cards_say_when_they_were_last_confirmed_and_say_it_once(world: World) -> None:
    await world.say("subscribe 205")
    await world.poll_for(3)
    await world.told()
    read_at = world.clock() - timedelta(seconds=3)
    assert await world.edited() == []
    world.source.error = SourceUnavailable("No answer.")

    await world.poll_for(86)
    assert await world.edited() == []
    await world.poll_for(2)
    assert await world.edited() == [read_at]
    await world.poll_for(400)
    assert await world.edited() == []

    world.source.error = None
    await world.poll_for(300)
    assert await world.edited() == [None]
    await world.poll_for(120)
    assert await world.edited() == []


OUTAGES = (100, 300, 550)


@pytest.mark.parametrize("seconds", OUTAGES)
@pytest.mark.slow
async def test_the_first_good_read_after_an_outage_wakes_all_that_waits(
    world: World, seconds: int
) -> None:
    for sentence in ("subscribe 205", "subscribe 231", "subscribe 300"):
        world.source.jobs = [a_job(205, 7), a_job(231, 8, name="other"), a_job(300, 10, name="old")]
        await world.say(sentence)
    await world.poll_for(3)
    await world.told()
    world.source.error = SourceUnavailable("No answer.")
    await world.poll_for(seconds)
    assert await world.edited() != [], "the cards say when they were last confirmed"

    world.source.error = None
    world.source.jobs = [a_job(205, 8), a_job(231, 9, name="other"), a_job(300, 7, name="old")]
    await world.say("231")
    await world.poll_for(3)

    assert sorted(await world.told()) == [(205, 7, 8), (231, 8, 9), (300, 10, 7)]
    assert set(await world.edited()) == {None}


@pytest.mark.slow
async def test_a_replica_that_was_started_in_an_outage_wakes_all_that_waits(world: World) -> None:
    await world.say("subscribe 205")
    await world.poll_for(3)
    await world.told()
    world.source.error = SourceUnavailable("No answer.")
    await world.poll_for(500)
    started = World(world.store, world.clock)
    started.source.jobs = [a_job(205, 8), a_job(231, 8, name="other")]

    await started.say("231")
    await started.poll_for(3)

    assert await started.told() == [(205, 7, 8)]


@pytest.mark.slow
async def test_every_workspace_is_told_when_the_source_is_lost(world: World) -> None:
    theirs = Project(team_id="T0OTHER001", project_id=PROJECT)
    for project in (OURS, theirs):
        await world.say("subscribe 205", team_id=project.team_id)
    for second in range(700):
        for project in (OURS, theirs):
            await world.watcher.poll(project)
        if second == 5:
            world.source.error = SourceUnavailable("No answer.")
        world.clock.advance(seconds=1)

    for project in (OURS, theirs):
        notes = [one for one in await world.delivered(project) if isinstance(one, SourceNote)]
        assert [note.place.team_id for note in notes] == [project.team_id]
