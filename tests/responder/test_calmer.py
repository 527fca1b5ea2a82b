"""Sentences about snoozes, quiet hours and digests: what is answered, and what is recorded."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.cards.card import Action, Card, Menu
from bot.core.commands.day_times import digest_of, quiet_hours_of
from bot.core.commands.grammar import parse
from bot.core.hold import Hold, HoldReason, HoldScope
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place
from tests.make import ANA, NOW, OURS, TEAM
from tests.responder.test_subscriber import World
from tests.watch_fakes import CHANNEL

BEN = "U0BEN00002"
HERE = Place(team_id=TEAM, channel_id=CHANNEL)
MINE = Place(team_id=TEAM, channel_id=f"D{ANA[1:]}")
HOUR = timedelta(hours=1)


@pytest.fixture
async def world() -> World:
    """Job 205 is followed here; Ben is in Shanghai."""
    world = World()
    await world.catalog.sweep(OURS)
    await world.say("subscribe 205")
    world.people.zones[BEN] = ZoneInfo("Asia/Shanghai")
    return world


def snoozed(world: World) -> list[tuple[str, int, timedelta | None, str]]:
    """Where, of which job, for how long and by whom."""
    return [
        (
            one.scope.channel_id,
            one.scope.job_id,
            one.until - NOW if one.until else None,
            one.words,
        )
        for one in world.calm.holds
    ]


def presses(card: Card) -> dict[str, str]:
    """What each button says."""
    menus = [action for c in card.controls if isinstance(c, Menu) for action in c.actions]
    buttons = [*card.controls, *menus]
    return {str(one.label): one.command.text for one in buttons if isinstance(one, Action)}


@pytest.mark.parametrize(
    ("typed", "where", "job", "says"),
    [
        ("snooze 205 4h", CHANNEL, 205, "is snoozed here until"),
        ("snooze here 4h", CHANNEL, 0, "Everything here is snoozed until"),
        ("snooze me 4h", MINE.channel_id, 0, "Your direct messages are snoozed until"),
    ],
)
async def test_what_is_snoozed_is_recorded_and_can_be_undone(
    world: World, typed: str, where: str, job: int, says: str
) -> None:
    card = await world.say(typed)

    assert says in str(card.summary)
    assert snoozed(world) == [(where, job, 4 * HOUR, ANA)]
    undo = presses(card)["Undo"]
    woken = await world.say(undo)
    assert snoozed(world) == []
    assert "What I held comes now" in str(woken.summary)
    await world.say(presses(woken)["Undo"])
    assert snoozed(world) == [(where, job, 4 * HOUR, ANA)]


async def test_a_job_is_snoozed_where_it_is_said_to_a_person_alone(world: World) -> None:
    await world.say("subscribe 205 in dm")

    card = await world.say("snooze 205 4h", is_direct=True)

    assert "for you alone" in str(card.summary)
    assert snoozed(world) == [(MINE.channel_id, 205, 4 * HOUR, ANA)]


async def test_an_end_by_the_clock_is_meant_in_the_persons_zone_and_names_it(world: World) -> None:
    card = await world.say("snooze here until 18:00", user_id=BEN)

    [(_, _, span, by)] = snoozed(world)
    assert (NOW + (span or HOUR)).astimezone(ZoneInfo("Asia/Shanghai")).hour == 18
    assert by == BEN
    assert "(18:00 Asia/Shanghai)" in str(card.summary)


@pytest.mark.parametrize("is_direct", [False, True])
async def test_a_job_that_is_not_followed_is_not_snoozed_but_offered(
    world: World, *, is_direct: bool
) -> None:
    card = await world.say("snooze 231 4h", is_direct=is_direct)

    assert "nothing to snooze" in str(card.summary)
    assert presses(card) == {"Subscribe": "subscribe 231"}
    assert snoozed(world) == []


async def test_a_sentence_without_its_job_asks_for_it(world: World) -> None:
    card = await world.say("snooze 4h")

    assert "needs a job. Which one?" in str(card.summary)


async def test_whoever_wakes_what_is_not_snoozed_hears_what_else_is_held(world: World) -> None:
    await world.say("snooze here 4h")
    quiet = Hold(
        scope=HoldScope(team_id=TEAM, channel_id=CHANNEL),
        reason=HoldReason.QUIET,
        words=BEN,
        since=NOW,
        until=NOW + HOUR,
    )
    world.calm.holds.append(quiet)

    card = await world.say("wake 205")

    assert "isn't snoozed here" in str(card.summary)
    assert "quiet hours until" in str(card.summary)
    assert presses(card) == {"Wake all": "wake here", "No quiet hours": "quiet here off"}
    assert len(world.calm.holds) == 2


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("wake here", "Nothing is snoozed here."),
        ("wake me", "Your direct messages aren't snoozed."),
        ("wake 205", "isn't snoozed here."),
        ("quiet here off", "There are no quiet hours here."),
        ("digest here off", "There is no digest here."),
        ("digest here never", "I won't offer a digest here again."),
        ("digest me off", "Your direct messages have no such rule."),
    ],
)
async def test_there_is_nothing_to_end(world: World, typed: str, says: str) -> None:
    assert says in str((await world.say(typed)).summary)


async def test_quiet_hours_are_kept_with_the_zone_of_whoever_set_them(world: World) -> None:
    card = await world.say("quiet here 22:00-08:00 weekdays except failures", user_id=BEN)

    assert world.rules.rules[HERE] == PlaceRules(
        place=HERE,
        quiet_hours=quiet_hours_of("22-8 weekdays except failures"),
        time_zone="Asia/Shanghai",
        set_by=BEN,
    )
    said = str(card.summary)
    assert "Quiet 22:00-08:00 Asia/Shanghai, Monday to Friday, except for failures." in said
    assert presses(card) == {"Undo": "quiet here off"}


async def test_undo_of_changed_quiet_hours_brings_the_old_ones_back(world: World) -> None:
    await world.say("quiet me 22-8")

    card = await world.say("quiet me 20-6")

    assert presses(card) == {"Undo": "quiet me 22:00-08:00"}
    card = await world.say("quiet me off")
    assert presses(card) == {"Undo": "quiet me 20:00-06:00"}
    assert world.rules.rules[MINE].quiet_hours is None


async def test_quiet_hours_say_when_they_begin_or_end(world: World) -> None:
    world.clock.now = NOW.replace(hour=21, minute=0)
    assert "The next ones begin" in str((await world.say("quiet here 22-8")).summary)

    world.clock.now = NOW.replace(hour=23, minute=0)
    assert "They have begun, and end" in str((await world.say("quiet here 22-8")).summary)


async def test_a_digest_is_kept_and_says_when_it_comes(world: World) -> None:
    card = await world.say("digest here at 9 weekdays", user_id=BEN)

    assert world.rules.rules[HERE].digest == digest_of("09:00 weekdays")
    said = str(card.summary)
    assert "Digest at 09:00 Asia/Shanghai, Monday to Friday." in said
    assert "The next one comes" in said
    assert presses(card) == {"Undo": "digest here off"}


async def test_both_rules_move_to_the_zone_of_whoever_sets_one(world: World) -> None:
    await world.say("digest here at 9", user_id=BEN)

    card = await world.say("quiet here 22-8")

    assert "All times here are meant in UTC now." in str(card.summary)
    assert world.rules.rules[HERE].time_zone == "UTC"


async def test_who_switches_a_rule_off_moves_no_other(world: World) -> None:
    await world.say("digest here at 9", user_id=BEN)
    await world.say("quiet here off")

    assert world.rules.rules[HERE].time_zone == "Asia/Shanghai"
    assert world.rules.rules[HERE].set_by == BEN


async def test_subscriptions_say_the_rules_who_set_them_and_what_is_snoozed(world: World) -> None:
    await world.say("quiet here 22-8", user_id=BEN)
    await world.say("digest here at 9", user_id=BEN)
    await world.say("snooze 205 4h")
    await world.say("snooze me 2h")

    said = str((await world.say("subscriptions")).summary)

    assert "Quiet 22:00-08:00 Asia/Shanghai. Set by somebody." in said
    assert "Digest at 09:00 Asia/Shanghai, every day. Set by somebody." in said
    assert "(job 205) is snoozed until" in said.replace("\u00a0", " ")
    assert "Everything is snoozed" not in said
    mine = str((await world.say("subscriptions", is_direct=True)).summary)
    assert "Everything is snoozed until" in mine


async def test_every_button_says_a_sentence(world: World) -> None:
    for typed in ("snooze 205 4h", "wake 205", "quiet here 22-8", "digest here 9"):
        for said in presses(await world.say(typed)).values():
            assert parse(said).text == said


async def test_who_never_wants_a_digest_is_never_offered_one(world: World) -> None:
    await world.say("digest here off")
    assert world.rules.declined == []

    await world.say("digest here never")
    await world.say("digest me at 9")
    card = await world.say("digest me never")

    assert world.rules.declined == [HERE, MINE]
    # Somebody said yes before somebody else said no: the digest goes on.
    assert "Digest at 09:00" in str(card.summary)
    assert presses(card) == {"No digest": "digest me off"}
    assert world.rules.rules[MINE].digest == digest_of("09:00")
