"""Trouble on demand in the small world."""

import pytest

from bot.demo.weather import CLOUD, SLACK, Weather
from bot.demo.workspace.cast import EXPERIMENTS
from bot.demo.workspace.faults import Fault
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
