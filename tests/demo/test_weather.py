"""Trouble on demand in the small world."""

from datetime import UTC, datetime

import pytest

from bot.demo.weather import CHARTS, CLOUD, SLACK, ChartMemory, Weather
from bot.demo.workspace.cast import EXPERIMENTS, ME
from bot.demo.workspace.faults import Fault
from bot.demo.world import World as SmallWorld
from bot.demo.world import small_world
from bot.serve.clock import utc_now
from tests.fakes import ManualClock
from tests.world import World


@pytest.fixture
def weather(world: World) -> Weather:
    return Weather(world.workspace, world.cloud)


def test_slack_loses_every_answer_and_does_every_other_thing(
    world: World, weather: Weather
) -> None:
    weather.set(SLACK, is_on=True)

    met = [world.workspace.faults.take("chat.postMessage", "C1") for _ in range(4)]

    assert [fault and fault.applied for fault in met] == ["yes", "no", "yes", "no"]
    assert world.workspace.faults.take("conversations.history", "C1") == Fault(kind="http_error")
    assert world.workspace.faults.take("conversations.open", "") is None


def test_a_trouble_that_is_over_harms_no_more(world: World, weather: Weather) -> None:
    weather.set(SLACK, is_on=True)
    weather.set(SLACK, is_on=False)

    assert world.workspace.faults.take("chat.postMessage", "C1") is None
    assert not any(trouble["is_on"] for trouble in weather.troubles())


async def test_the_cloud_is_down_until_it_is_up(world: World, weather: Weather) -> None:
    weather.set(CLOUD, is_on=True)
    [down] = await world.workspace.type(EXPERIMENTS, "/visjob 205")
    weather.set(CLOUD, is_on=False)
    [up] = await world.workspace.type(EXPERIMENTS, "/visjob 231")

    assert "isn't answering properly" in down["text"]
    assert "resnet-sweep has been running" in up["text"]


def test_beginning_twice_is_beginning_once(world: World, weather: Weather) -> None:
    weather.set(SLACK, is_on=True)
    weather.set(SLACK, is_on=True)

    told = [entry["text"] for entry in world.workspace.page.story]
    assert told == ["Slack loses answers."]


def test_there_is_no_trouble_of_another_name(weather: Weather) -> None:
    with pytest.raises(LookupError):
        weather.set("earthquake", is_on=True)


async def test_charts_and_tables_are_back_once_slack_draws_them_again() -> None:
    # A month with a day before this one, in which two jobs were running.
    ahead = datetime(2026, 3, 18, 12, tzinfo=UTC) - utc_now()
    async with small_world(clock=lambda: utc_now() + ahead) as world:
        for job_id in (205, 231):
            await world.workspace.type(EXPERIMENTS, f"/visjob subscribe {job_id}")
        drawn = []
        for is_on in (False, True, False):
            world.weather.set(CHARTS, is_on=is_on)
            drawn += [await _kinds(world, "/visjob cost month") for _ in range(2)]

    # Two days of it make a chart.
    newer = [sorted(kinds & {"data_table", "data_visualization"}) for kinds in drawn]
    both = ["data_table", "data_visualization"]
    assert newer == [both, both, [], [], both, both]


async def _kinds(world: SmallWorld, text: str) -> set[str]:
    with world.workspace.feed.recording(ME, EXPERIMENTS) as seen:
        await world.workspace.type(EXPERIMENTS, text)
        [shown, *_] = await world.workspace.until(
            lambda: [one for one in seen if one.get("blocks") and one.get("ephemeral")]
        )
    return {block["type"] for block in shown["blocks"]}


async def test_a_refusal_is_remembered_for_a_day() -> None:
    clock = ManualClock()
    memory = ChartMemory(clock)
    await memory.refuse_charts("T1")

    told = []
    for hours in (0, 23, 1):
        clock.advance(hours=hours)
        told.append(await memory.are_charts_refused("T1"))

    assert told == [True, True, False]
    assert not await memory.are_charts_refused("T2")
