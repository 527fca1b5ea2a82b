"""Presses on messages: one an hour and place reaches the database."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.core.errors import StoreUnavailable
from bot.core.subscription import Place
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.click_log import ClickLogger

HERE, THERE = (Place(team_id="T1", channel_id=id) for id in ("C0EXP00001", "D0ANA00001"))


@dataclass(slots=True)
class Kept:
    """A store that keeps presses, unless it is out of reach."""

    places: list[Place] = field(default_factory=list)
    is_away: bool = False

    async def note_click(self, place: Place) -> None:
        if self.is_away:
            raise StoreUnavailable("away")
        self.places.append(place)


def pressed(place: Place) -> dict[str, Any]:
    return {"type": "block_actions", "channel": {"id": place.channel_id}}


async def test_a_place_is_kept_once_an_hour() -> None:
    kept, background = Kept(), BackgroundTasks()
    clicks = ClickLogger(kept, background)

    for place in (HERE, HERE, THERE, HERE):
        clicks.note("T1", pressed(place))
    await background.settle(5)

    assert kept.places == [HERE, THERE]


async def test_what_could_not_be_kept_is_kept_with_the_next_press() -> None:
    kept, background = Kept(is_away=True), BackgroundTasks()
    clicks = ClickLogger(kept, background)
    clicks.note("T1", pressed(HERE))
    await background.settle(5)

    kept.is_away = False
    clicks.note("T1", pressed(HERE))
    await background.settle(5)

    assert kept.places == [HERE]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"channel": None},
        {"channel": {}},
        {"channel": {"id": ""}},
        {"channel": {"id": 7}},
        {"channel": {"id": "C1\x00"}},
    ],
    ids=str,
)
async def test_a_press_in_no_place_is_none(body: dict[str, Any]) -> None:
    """On Home and in dialogs there is no place; nor is an odd id one."""
    kept, background = Kept(), BackgroundTasks()

    ClickLogger(kept, background).note("T1", body)
    await background.settle(5)

    assert kept.places == []
