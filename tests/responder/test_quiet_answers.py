"""Sentences about snoozes, quiet hours and digests: the answers, and what is recorded."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.cards.card import Action, Card, Menu, Picker
from bot.core.commands.grammar import parse
from bot.core.commands.request import Request
from bot.core.commands.times.day_times import digest_of, quiet_hours_of
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
    """A Responder's world in which job 205 is followed here, and Ben is in Shanghai."""
    world = World()
    await world.catalog.sweep(OURS)
    await world.say("subscribe 205")
    world.people.zones[BEN] = ZoneInfo("Asia/Shanghai")
    return world


def snoozed(world: World) -> list[tuple[str, int, timedelta | None, str]]:
    """Return the snoozes: channel, job, duration, and the person."""
    return [
        (
            one.scope.channel_id,
            one.scope.job_id,
            one.until - NOW if one.until else None,
            one.words,
        )
        for one in world.snoozes.holds
    ]


def presses(card: Card) -> dict[str, str]:
    """Return the sentence of each button of a card, by its label."""
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

    assert "needs a job, `here` or `me`. Which one?" in str(card.summary)
    assert presses(card) == {
        "snooze here 4h": "snooze here 4h",
        "snooze me 4h": "snooze me 4h",
        "Help": "help",
    }
    assert snoozed(world) == []


#: A sentence that names neither a job nor a place, and the sentences that the question offers.
UNNAMED = {
    "wake": ("wake here", "wake me"),
    "snooze": ("snooze here 4h", "snooze me 4h"),
    "snooze until 18:00": ("snooze here until 18:00", "snooze me until 18:00"),
    "quiet": ("quiet here 22:00-08:00", "quiet me 22:00-08:00"),
    "quiet off": ("quiet here off", "quiet me off"),
    "digest": ("digest here at 09:00", "digest me at 09:00"),
    "digest weekdays at 7": ("digest here weekdays at 7", "digest me weekdays at 7"),
}


@pytest.mark.parametrize("typed", UNNAMED)
async def test_what_names_nothing_is_asked_for_and_both_places_are_offered(
    world: World, typed: str
) -> None:
    card = await world.say(typed)

    assert "`here` or `me`" in str(card.summary)
    offered = [said for said in presses(card).values() if said != "help"]
    assert offered == [parse(one).text for one in UNNAMED[typed]]


async def test_wake_alone_says_what_is_held_in_each_place(world: World) -> None:
    await world.say("snooze 205 4h")
    await world.say("snooze me 4h")

    card = await world.say("wake")

    said = str(card.summary)
    assert "flowers-tb (205) is snoozed until" in said
    assert "Your direct messages are held: snoozed until" in said
    [picker] = [one for one in card.controls if isinstance(one, Picker)]
    assert [choice.command.text for choice in picker.choices] == ["wake id:205"]
    assert len(snoozed(world)) == 2, "nothing was woken"


async def test_wake_alone_says_where_nothing_is_held(world: World) -> None:
    card = await world.say("wake")

    assert "Nothing is held in the channel." in str(card.summary)
    assert "Nothing holds your direct messages." in str(card.summary)


async def test_in_a_direct_message_here_and_me_are_one(world: World) -> None:
    card = await world.say("wake", is_direct=True)

    assert presses(card) == {"wake me": "wake me", "Help": "help"}


#: A sentence while both places are snoozed; the words on what it ended, and on what still holds.
WOKEN = {
    "wake here": ("The channel is no longer snoozed.", "Your direct messages are held: snoozed"),
    "wake me": (
        "Your direct messages are no longer snoozed.",
        "Messages to the channel are held: snoozed",
    ),
    "wake 205": ("isn't snoozed in the channel.", "Still held: snoozed until"),
}


@pytest.mark.parametrize("typed", WOKEN)
async def test_whoever_wakes_hears_which_place_and_what_is_still_held(
    world: World, typed: str
) -> None:
    await world.say("snooze here 4h")
    await world.say("snooze me 4h")

    card = await world.say(typed)

    for said in WOKEN[typed]:
        assert said in str(card.summary)


async def test_whoever_wakes_what_is_not_snoozed_hears_what_else_is_held(world: World) -> None:
    await world.say("snooze here 4h")
    quiet = Hold(
        scope=HoldScope(team_id=TEAM, channel_id=CHANNEL),
        reason=HoldReason.QUIET,
        words=BEN,
        since=NOW,
        until=NOW + HOUR,
    )
    world.snoozes.holds.append(quiet)

    card = await world.say("wake 205")

    assert "isn't snoozed in" in str(card.summary)
    assert "Still held: snoozed until" in str(card.summary)
    assert "quiet hours" not in str(card.summary), "they end before"
    assert presses(card) == {"Wake all here": "wake here", "No quiet hours": "quiet here off"}
    assert len(world.snoozes.holds) == 2


@pytest.mark.parametrize("named", ["here", "205"])
async def test_home_wakes_another_place_without_buttons_about_its_own(
    world: World, named: str
) -> None:
    await world.say(f"snooze {named} 4h")

    card = await world.say(f"wake {named} in #{CHANNEL}", channel_id="")

    assert "no longer snoozed" in str(card.summary)
    assert presses(card) == {}
    assert world.snoozes.holds == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("wake here", "Nothing is snoozed in the channel."),
        ("wake me", "Your direct messages aren't snoozed."),
        ("wake 205", "isn't snoozed in the channel."),
        ("quiet here off", "There are no quiet hours here."),
        ("digest here off", "There is no digest here."),
        ("digest here never", "I won't offer a digest here again."),
        ("digest me off", "Your direct messages have no such rule."),
    ],
)
async def test_there_is_nothing_to_end(world: World, typed: str, says: str) -> None:
    assert says in str((await world.say(typed)).summary)


async def test_a_digest_that_is_set_outlives_the_refusal_of_offers(world: World) -> None:
    await world.say("digest here at 9")
    said = str((await world.say("digest here never")).summary)

    assert "The present one goes on. Digest at 09:00" in said


async def test_quiet_hours_are_kept_with_the_zone_of_whoever_set_them(world: World) -> None:
    card = await world.say("quiet here 22:00-08:00 weekdays except failures", user_id=BEN)

    assert world.rules.rules[HERE] == PlaceRules(
        place=HERE,
        quiet_hours=quiet_hours_of("22-8 weekdays except failures"),
        time_zone="Asia/Shanghai",
        set_by=BEN,
    )
    said = str(card.summary)
    assert "The quiet hours have begun, and end 2026-03-25 00:00 UTC (08:00 Asia/Shanghai)." in said
    assert presses(card) == {"Undo": "quiet here off"}


@pytest.mark.parametrize(
    ("typed", "rule", "where"),
    [
        ("quiet here 22:00-08:00 weekdays", "Quiet 22:00-08:00 ", f"#{CHANNEL}"),
        ("quiet me 20:00-06:00", "Quiet 20:00-06:00 ", "dm"),
    ],
)
async def test_quiet_without_hours_shows_those_that_stand(
    world: World, typed: str, rule: str, where: str
) -> None:
    asked = " ".join(typed.split()[:2])
    none = await world.say(asked)
    assert "No quiet hours." in str(none.summary)
    assert presses(none) == {"Change…": f"settings in {where}"}
    await world.say(typed)

    card = await world.say(asked)

    assert str(card.summary).startswith(rule)
    assert "quiet hours " in str(card.summary).removeprefix(rule)
    assert "Set by somebody." in str(card.summary)
    assert presses(card) == {
        "Change…": f"settings in {where}",
        "No quiet hours": f"{asked} off",
    }
    assert world.rules.rules[HERE if where != "dm" else MINE].quiet_hours


@pytest.mark.parametrize(
    ("typed", "rule", "where", "inside"),
    [
        (
            "digest here at 9 weekdays",
            "Digest at 09:00 Asia/Shanghai, Monday to Friday. Set by somebody.",
            f"#{CHANNEL}",
            "everything I would have posted here",
        ),
        (
            "digest me at 21:30",
            "Digest at 21:30 Asia/Shanghai, every day. Set by somebody.",
            "dm",
            "everything I would have sent you",
        ),
    ],
)
async def test_digest_without_a_time_shows_the_one_that_stands(
    world: World, typed: str, rule: str, where: str, inside: str
) -> None:
    asked = " ".join(typed.split()[:2])
    none = await world.say(asked, user_id=BEN)
    assert "No digest." in str(none.summary)
    assert f"`{asked} at 09:00`" in str(none.summary)
    assert presses(none) == {"Change…": f"settings in {where}"}
    await world.say(typed, user_id=BEN)
    before = dict(world.rules.rules)

    card = await world.say(asked, user_id=BEN)

    assert str(card.summary).startswith(rule)
    assert inside in str(card.summary)
    assert "The next digest comes 2026-03-" in str(card.summary)
    assert presses(card) == {"Change…": f"settings in {where}", "No digest": f"{asked} off"}
    assert world.rules.rules == before, "who asks changes nothing"


@pytest.mark.parametrize(
    ("before", "typed", "holds_failures"),
    [
        ("quiet here off", "quiet here 22-8 except failures", False),
        ("quiet me off", "quiet me 20:00-06:00 weekdays except failures", False),
        ("quiet here off", "quiet here 22-8 weekdays", True),
        ("quiet me off", "quiet me 22-8", True),
        # A digest holds everything until its moment.
        ("digest here at 9", "quiet here 22-8 except failures", True),
        ("digest me at 9 weekdays", "quiet me 22-8 except failures", True),
    ],
)
async def test_quiet_hours_say_what_they_let_through(
    world: World, before: str, typed: str, holds_failures: bool
) -> None:
    await world.say(before)

    for sentence in (typed, " ".join(typed.split()[:2])):
        said = str((await world.say(sentence)).summary)

        assert ("except failures and reminders. Cards stay up to date." in said) is (
            not holds_failures
        ), sentence
        assert "Cards stay up to date." in said


async def test_undo_of_changed_quiet_hours_brings_the_old_ones_back(world: World) -> None:
    await world.say("quiet me 22-8")

    card = await world.say("quiet me 20-6")

    assert presses(card) == {"Undo": "quiet me 22:00-08:00"}
    card = await world.say("quiet me off")
    assert presses(card) == {"Undo": "quiet me 20:00-06:00"}
    assert world.rules.rules[MINE].quiet_hours is None


async def test_quiet_hours_say_when_they_begin_or_end(world: World) -> None:
    world.clock.now = NOW.replace(hour=21, minute=0)
    assert "The next quiet hours begin" in str((await world.say("quiet here 22-8")).summary)

    world.clock.now = NOW.replace(hour=23, minute=0)
    assert "The quiet hours have begun, and end" in str(
        (await world.say("quiet here 22-8")).summary
    )


async def test_a_digest_is_kept_and_says_when_it_comes(world: World) -> None:
    card = await world.say("digest here at 9 weekdays", user_id=BEN)

    assert world.rules.rules[HERE].digest == digest_of("09:00 weekdays")
    said = str(card.summary)
    assert "The next digest comes 2026-03-25 01:00 UTC (09:00 Asia/Shanghai)." in said
    assert presses(card) == {"Undo": "digest here off"}


@pytest.mark.parametrize(
    ("first", "second", "quiet", "digest", "stays"),
    [
        ("digest here at 9", "quiet here 22-8", ("UTC", ANA), ("Asia/Shanghai", BEN),
         "Digest at 09:00 Asia/Shanghai, every day. Set by somebody."),
        ("quiet here 22-8", "digest here at 9", ("Asia/Shanghai", BEN), ("UTC", ANA),
         "Quiet 22:00-08:00 Asia/Shanghai. Set by somebody."),
    ],
)  # fmt: skip
async def test_each_rule_stays_in_the_zone_of_whoever_set_it(
    world: World,
    first: str,
    second: str,
    quiet: tuple[str, str],
    digest: tuple[str, str],
    stays: str,
) -> None:
    await world.say(first, user_id=BEN)

    card = await world.say(second)

    rules = world.rules.rules[HERE]
    assert (rules.time_zone, rules.set_by) == quiet
    assert (rules.zone_of_digest, rules.digest_by) == digest
    said = str(card.summary)
    assert stays in said
    assert "UTC)" in said, "the zone of the one that was set"
    # After the first rule was removed, the other one remains, in its own zone.
    await world.say(f"{second.split()[0]} here off", user_id="U0LI000003")
    left = world.rules.rules[HERE]
    assert (left.time_zone, left.set_by, left.digest_zone) == ("Asia/Shanghai", BEN, "")


async def test_one_zone_of_two_people_is_said_once(world: World) -> None:
    await world.say("digest here at 9")

    card = await world.say("quiet here 22-8", user_id="U0LI000003")

    rules = world.rules.rules[HERE]
    assert (rules.digest_zone, rules.digest_by, rules.set_by) == ("", ANA, "U0LI000003")
    assert "Digest at" not in str(card.summary)


#: The rule that Ben in Shanghai set, the one that Ana in UTC sets then, and her Undo's sentence.
UNDONE = {
    "quiet hours that moved": (
        ["quiet here 22-8"], "quiet here 20-6", "quiet here 22:00-08:00 in Asia/Shanghai",
    ),
    "a digest that moved": (
        ["digest here at 7 weekdays"],
        "digest here at 9",
        "digest here at 07:00 weekdays in Asia/Shanghai",
    ),
    "quiet hours beside a digest": (
        ["digest here at 9"], "quiet here 22-8", "quiet here off",
    ),
    "a digest beside quiet hours": (
        ["quiet here 22-8 except failures"], "digest here at 9", "digest here off",
    ),
    "both": (
        ["quiet here 22-8", "digest here at 9"],
        "quiet here 23-7",
        "quiet here 22:00-08:00 in Asia/Shanghai",
    ),
    "quiet hours that she ends": (
        ["quiet here 22-8"], "quiet here off", "quiet here 22:00-08:00 in Asia/Shanghai",
    ),
    "a digest that she ends": (
        ["digest here at 9", "quiet here 22-8"],
        "digest here off",
        "digest here at 09:00 in Asia/Shanghai",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("first", "then", "back"), UNDONE.values(), ids=UNDONE.keys())
async def test_undo_brings_the_zone_back_as_well(
    world: World, first: list[str], then: str, back: str
) -> None:
    for sentence in first:
        await world.say(sentence, user_id=BEN)
    before = world.rules.rules[HERE]

    undo = presses(await world.say(then))["Undo"]
    card = await world.say(undo)

    assert undo == back
    now = world.rules.rules[HERE]
    assert replace(now, set_by=BEN, digest_set_by="") == before
    assert "UTC" not in str(card.summary).replace(":00 UTC", "")


async def test_the_zone_of_the_installation_comes_back_by_its_name(world: World) -> None:
    quiet = quiet_hours_of("22-8")
    world.rules.rules[HERE] = PlaceRules(place=HERE, quiet_hours=quiet, set_by=ANA)

    card = await world.say("digest here at 9", user_id=BEN)

    assert "Quiet 22:00-08:00 UTC." in str(card.summary)
    assert presses(card) == {"Undo": "digest here off"}
    card = await world.say("quiet here off", user_id=BEN)
    assert presses(card) == {"Undo": "quiet here 22:00-08:00 in UTC"}
    await world.say("quiet here 22:00-08:00 in UTC", user_id=BEN)
    assert world.rules.rules[HERE].quiet_hours == quiet
    assert world.rules.rules[HERE].time_zone == "UTC"


async def test_a_zone_that_is_named_is_that_of_the_rule(world: World) -> None:
    card = await world.say("quiet here 22-8 in America/New_York", user_id=BEN)

    assert "(22:00 America/New_York)" in str(card.summary)
    assert world.rules.rules[HERE].time_zone == "America/New_York"


@pytest.mark.parametrize(
    ("first", "second", "heard"),
    [
        ("digest here at 9", "quiet here 22-8", ["Quiet 22:00-08:00 UTC"]),
        ("quiet here 22-8", "digest here at 9", ["Digest at 09:00 UTC"]),
        ("quiet here 22-8", "quiet here 22-8", ["Quiet 22:00-08:00 UTC"]),
        ("digest here at 9", "digest here at 9", ["Digest at 09:00 UTC"]),
    ],
)
async def test_the_channel_reads_which_rules_moved_to_another_zone(
    world: World, first: str, second: str, heard: list[str]
) -> None:
    await world.say(first, user_id=BEN)

    request = Request(text=second, team_id=TEAM, user_id=ANA, channel_id=CHANNEL)
    announcement = (await world.responder.respond(request)).announcement

    assert announcement
    for rule in heard:
        assert rule in str(announcement.card.summary)
    assert "Asia/Shanghai" not in str(announcement.card.summary), "what stays is no news"


async def test_who_ends_a_rule_reads_in_which_zone_the_other_goes_on(world: World) -> None:
    await world.say("quiet here 22-8", user_id=BEN)
    await world.say("digest here at 9")

    card = await world.say("digest here off")

    assert "Quiet 22:00-08:00 Asia/Shanghai." in str(card.summary)


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
    assert "(205) is snoozed until" in said.replace("\u00a0", " ")
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
    # The digest that one person accepted stays, although another person declined it later.
    assert "Digest at 09:00" in str(card.summary)
    assert presses(card) == {"No digest": "digest me off"}
    assert world.rules.rules[MINE].digest == digest_of("09:00")


#: The other reason that holds the channel, the sentence, and words that the answer has and lacks.
CONTRADICTIONS = {
    "wake here": (HoldReason.DIGEST, "Still held: the next digest comes", "comes now"),
    "digest here off": (HoldReason.SNOOZED, "Still held: snoozed until", "comes now"),
    "quiet here off": (HoldReason.SNOOZED, "Still held: snoozed until", "comes now"),
    "digest here 9:00": (HoldReason.SNOOZED, "Still held: snoozed until", "The next one comes"),
    "quiet here 20:00-8:00": (HoldReason.SNOOZED, "Still held: snoozed until", "comes"),
}


@pytest.mark.parametrize("typed", CONTRADICTIONS)
async def test_an_answer_says_only_what_is_true_with_all_that_holds(
    world: World, typed: str
) -> None:
    reason, said, unsaid = CONTRADICTIONS[typed]
    await world.say("digest here 10:00")
    await world.say("quiet here 19:00-7:00")
    if typed == "wake here":
        await world.say("snooze here 2d")
    other = Hold(
        scope=HoldScope(team_id=TEAM, channel_id=CHANNEL),
        reason=reason,
        words=BEN,
        since=NOW,
        until=NOW + 48 * HOUR,
    )
    world.snoozes.holds.append(other)

    card = await world.say(typed)

    assert said in str(card.summary)
    assert unsaid not in str(card.summary)
