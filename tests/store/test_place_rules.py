"""The rules of places are stored, and a place is greeted once."""

import asyncio
from dataclasses import replace

import pytest

from bot.core.errors import RequestRepeated
from bot.core.place_rules import Digest, PlaceRules, QuietHours
from bot.core.subscription import Place
from tests.make import ANA
from tests.store.conftest import OpenStore
from tests.store.world import HERE

NIGHT = QuietHours(
    begins_at=22 * 60, ends_at=8 * 60, is_weekdays_only=True, lets_failures_pass=True
)
SETTLED = PlaceRules(
    place=HERE,
    quiet_hours=NIGHT,
    digest=Digest(at=9 * 60),
    language="zh-CN",
    time_zone="Asia/Shanghai",
    set_by=ANA,
    digest_zone="Europe/Berlin",
    digest_set_by="U0LI000003",
)


async def test_a_place_of_which_nobody_settled_anything_has_no_rules(
    url: str, open_one: OpenStore
) -> None:
    store = open_one(url)

    assert await store.place_rules.rules_of(HERE) == PlaceRules(place=HERE)
    assert await store.place_rules.all_rules(HERE.team_id) == ()


async def test_rules_are_kept_as_they_were_set(url: str, open_one: OpenStore) -> None:
    store = open_one(url)

    await store.place_rules.set_rules(SETTLED)
    assert await store.place_rules.rules_of(HERE) == SETTLED

    without = replace(SETTLED, quiet_hours=None, digest=None)
    await store.place_rules.set_rules(without)
    assert await store.place_rules.all_rules(HERE.team_id) == (without,)


async def test_rules_are_set_once_for_a_request(url: str, open_one: OpenStore) -> None:
    store = open_one(url)
    await store.place_rules.set_rules(SETTLED, request_key="trigger-1")

    with pytest.raises(RequestRepeated):
        await store.place_rules.set_rules(PlaceRules(place=HERE), request_key="trigger-1")

    assert await store.place_rules.rules_of(HERE) == SETTLED


async def test_of_many_who_greet_a_place_one_is_the_first(url: str, open_one: OpenStore) -> None:
    store = open_one(url)
    await store.place_rules.set_rules(SETTLED)
    elsewhere = Place(team_id=HERE.team_id, channel_id="C0ELSEWHERE")

    greeted = await asyncio.gather(*(store.place_rules.greet(HERE) for _ in range(5)))

    assert sorted(greeted) == [False, False, False, False, True]
    assert await store.place_rules.greet(elsewhere)
    assert await store.place_rules.rules_of(HERE) == SETTLED
    assert await store.place_rules.all_rules(HERE.team_id) == (SETTLED,)
