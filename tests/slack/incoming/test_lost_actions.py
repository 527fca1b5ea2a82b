"""Whoever pressed hears what was found, once, though the process that acted is gone."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.acting import TERMINAL, Attempt, JobAction
from bot.core.errors import SourceUnavailable, StoreUnavailable
from bot.core.job import JobId, JobStatus
from bot.core.project import Project
from bot.slack.contact import Identity
from bot.slack.incoming.lost_actions import LostActions
from tests.acting_fakes import FakeLog, a_performer
from tests.fakes import FakeSource, ManualClock
from tests.make import ANA, PROJECT, TEAM, a_job
from tests.typing_fakes import in_english

P = Project(team_id=TEAM, project_id=PROJECT)
LONG = timedelta(minutes=2)


class Told:
    """A Contact that keeps what it is to tell."""

    identity: Identity | None = None

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []

    async def tell(self, team_id: str, user_id: str, message: dict[str, Any]) -> None:
        assert team_id == TEAM
        self.messages.append((user_id, message["text"]))


class World:
    """A press whose process died, by `who`."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.cloud = FakeSource([a_job(205, 9)], clock=self.clock)
        self.log = FakeLog(self.clock)
        self.told = Told()
        self.lost = LostActions(
            a_performer(self.cloud, self.log, self.clock),
            self.told,  # type: ignore[arg-type]  # no more of it is used
            in_english(),
        )

    async def die(self, who: str) -> None:
        attempt = Attempt(
            project=P, job_id=JobId(205), action=JobAction.STOP, action_id="a", who=who
        )
        await self.log.begin(attempt, found=JobStatus.RUNNING, after=0, abandoned_after=LONG)


@pytest.fixture
def world() -> World:
    return World()


async def test_whoever_pressed_is_told_once_how_the_job_is(world: World) -> None:
    await world.die(ANA)
    await world.lost.tell_due(P)
    assert world.told.messages == []
    world.clock.now += LONG

    for _ in range(2):
        await world.lost.tell_due(P)

    [(user_id, text)] = world.told.messages
    assert user_id == ANA
    assert text.startswith("I was interrupted when you had me stop flowers-tb (205)")
    assert "JOBSTAT_KILLING" in text
    assert world.cloud.acts == []


async def test_nobody_is_told_in_slack_of_a_terminal(world: World) -> None:
    await world.die(f"{TERMINAL}root")
    world.clock.now += LONG

    await world.lost.tell_due(P)

    assert world.told.messages == []
    assert world.log.used["a"].outcome is not None


@pytest.mark.parametrize("trouble", ["cloud", "database"])
async def test_in_trouble_it_is_told_another_time(world: World, trouble: str) -> None:
    await world.die(ANA)
    world.clock.now += LONG
    if trouble == "cloud":
        world.cloud.error = SourceUnavailable("silence")
    else:
        world.log.error = StoreUnavailable("away")
    assert await world.lost.tell_due(P) > 0
    assert world.told.messages == []

    world.cloud.error = world.log.error = None
    await world.lost.tell_due(P)

    assert len(world.told.messages) == 1
