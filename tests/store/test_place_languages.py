"""The languages of places: who sets them first, what is drawn in them, and which cards a change
edits."""

from dataclasses import replace

import pytest

from bot.core.delivery import CardDelivery, MessageRef
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place
from tests.store.world import HERE, THERE, World, a_subscription, job

DM = Place(team_id="T1", channel_id="D1")


async def language_of(world: World, place: Place = HERE) -> str:
    return (await world.store.place_rules.rules_of(place)).language


async def subscribed(world: World, language: str, number: int = 205, place: Place = HERE) -> None:
    """Subscribe as a person who reads this language."""
    await world.store.subscriptions.subscribe(
        a_subscription(number, place=place), baseline=job(number), language=language
    )


# The languages of those who subscribe to jobs 1, 2 … of a place, and the place's language then.
CHANNEL = {
    "whoever comes first": (["zh-CN"], "zh-CN"),
    "whoever comes later changes nothing": (["zh-CN", "en"], "zh-CN"),
    "English is set, too": (["en", "zh-CN"], "en"),
    "a first one who cannot be read leaves it to the settings": (["", "zh-CN"], ""),
}
DIRECT = {
    "its person's": (["zh-CN"], "zh-CN"),
    "its person's new one": (["zh-CN", "en"], "en"),
    "not forgotten while Slack does not tell": (["zh-CN", ""], "zh-CN"),
    "read late": (["", "zh-CN"], "zh-CN"),
}


@pytest.mark.parametrize("case", CHANNEL)
async def test_a_channel_has_the_language_of_its_first_subscriber(world: World, case: str) -> None:
    languages, kept = CHANNEL[case]
    for number, language in enumerate(languages, start=1):
        await subscribed(world, language, number)

    assert await language_of(world) == kept


@pytest.mark.parametrize("case", DIRECT)
async def test_a_direct_message_follows_its_person(world: World, case: str) -> None:
    languages, kept = DIRECT[case]
    for number, language in enumerate(languages, start=1):
        await subscribed(world, language, number, DM)

    assert await language_of(world, DM) == kept


async def test_what_was_settled_for_a_direct_message_holds(world: World) -> None:
    rules = PlaceRules(place=DM, language="en", set_by="U1")
    await world.store.place_rules.set_rules(rules)

    await subscribed(world, "zh-CN", 205, DM)
    await world.store.place_rules.adopt_language(DM, "zh-CN")

    assert await language_of(world, DM) == "en"


async def test_a_greeting_is_no_rule(world: World) -> None:
    await world.store.place_rules.greet(HERE)
    await subscribed(world, "zh-CN")

    assert await language_of(world) == "zh-CN"


async def test_copies_set_the_language_of_an_empty_place(world: World) -> None:
    copies = [a_subscription(number, place=THERE) for number in (1, 2)]
    await world.store.subscriptions.copy(copies, language="zh-CN")

    assert await language_of(world, THERE) == "zh-CN"


async def test_a_delivery_knows_the_language_of_its_place(world: World) -> None:
    await subscribed(world, "zh-CN")
    await subscribed(world, "", place=THERE)

    claimed = await world.claim()

    assert {one.place.channel_id: one.language for one in claimed} == {"C1": "zh-CN", "C2": ""}


async def test_another_language_edits_the_cards_of_its_place_alone(world: World) -> None:
    for place in (HERE, THERE):
        await subscribed(world, "en", place=place)
    for card in await world.claim():
        assert isinstance(card, CardDelivery)
        assert await world.store.outbox.intend(card)
        ts = MessageRef(channel_id=card.place.channel_id, ts="1.1")
        assert await world.store.outbox.record_sent(card, ts)
    rules = await world.store.place_rules.rules_of(HERE)

    await world.store.place_rules.set_rules(rules)
    assert await world.store.outbox.claim_edits(card.project, limit=9) == ()

    await world.store.place_rules.set_rules(replace(rules, language="zh-CN"))
    [edit] = await world.store.outbox.claim_edits(card.project, limit=9)
    assert (edit.place, edit.language) == (HERE, "zh-CN")


async def test_the_language_goes_with_a_place_that_gets_another_id(world: World) -> None:
    await subscribed(world, "zh-CN")

    await world.store.subscriptions.move_place(HERE, to_channel_id="C9")

    assert await language_of(world, Place(team_id="T1", channel_id="C9")) == "zh-CN"
