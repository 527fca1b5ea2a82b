"""Whose zone the rules of a place are in, who is named, and what everybody there reads."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import pytest

from bot.core.cards.reply import Reply
from bot.core.commands.grammar import parse
from bot.core.commands.settings import SetRules, SettingsForm
from bot.core.errors import BadCommand
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place
from bot.core.text import ENGLISH
from bot.responder.places import Places
from bot.responder.settler import Settler
from tests.calm_fakes import FakeRules
from tests.fakes import ManualClock
from tests.make import TEAM, a_request
from tests.typing_fakes import FakePeople, some_zones
from tests.watch_fakes import CHANNEL, FakeConversations, FakePauses

ANA, BEN = "U0ANA00001", "U0BEN00001"
ZONES = {ANA: ZoneInfo("Asia/Shanghai"), BEN: ZoneInfo("Europe/Berlin")}


@dataclass(slots=True)
class Office:
    """A settler whose rules can be looked at."""

    rules: FakeRules = field(default_factory=FakeRules)
    conversations: FakeConversations = field(default_factory=FakeConversations)

    async def say(self, text: str, *, by: str = ANA) -> Reply:
        places = Places(self.conversations, FakePauses(), monotonic=ManualClock().monotonic)
        settler = Settler(self.rules, places=places, zones=some_zones(FakePeople(dict(ZONES))))
        command = parse(text)
        assert isinstance(command, SettingsForm | SetRules)
        request = replace(a_request(text, user_id=by), channel_id=CHANNEL)
        return await settler.answer(command, request)

    @property
    def kept(self) -> PlaceRules:
        (rules,) = self.rules.rules.values()
        return rules


async def test_times_are_in_the_zone_of_whoever_changed_one_last() -> None:
    office = Office()
    await office.say("settings quiet 22:00-08:00")
    assert (office.kept.time_zone, office.kept.set_by) == ("Asia/Shanghai", ANA)

    await office.say("settings language en", by=BEN)
    assert (office.kept.time_zone, office.kept.set_by) == ("Asia/Shanghai", BEN)

    await office.say("settings digest at 09:00", by=BEN)
    assert office.kept.time_zone == "Europe/Berlin"
    assert office.kept.quiet_hours


@pytest.mark.parametrize(
    ("typed", "moves"),
    [
        ("settings digest at 09:00", True),
        ("settings quiet 22:00-08:00", True),
        ("settings quiet 23:00-07:00", True),
        ("settings quiet off digest at 09:00", True),
        ("settings language en", False),
        ("settings digest off", False),
        ("settings in here unchanged", False),
    ],
)
async def test_whoever_moves_the_times_of_others_reads_so_and_so_does_the_channel(
    typed: str, moves: bool
) -> None:
    office = Office()
    await office.say("settings quiet 22:00-08:00")

    reply = await office.say(typed.replace("in here ", ""), by=BEN)

    said = ENGLISH.words(reply.card.summary)
    moved = "All times here are meant in Europe/Berlin now, no longer in Asia/Shanghai."
    assert (moved in said) is moves
    assert office.kept.time_zone == ("Europe/Berlin" if moves else "Asia/Shanghai")
    heard = ENGLISH.words(reply.announcement.card.summary) if reply.announcement else ""
    assert ("Europe/Berlin" in heard) is moves
    if moves and office.kept.quiet_hours:
        assert "Quiet 2" in heard, "the rule that moved along"


async def test_to_end_a_rule_leaves_the_other_one_in_its_zone() -> None:
    office = Office()
    await office.say("settings quiet 22:00-08:00 digest at 09:00")

    await office.say("settings quiet off", by=BEN)

    assert office.kept.time_zone == "Asia/Shanghai"
    assert office.kept.digest


async def test_the_form_says_in_which_zone_its_times_are() -> None:
    office = Office()
    await office.say("settings quiet 22:00-08:00")
    form = (await office.say("settings", by=BEN)).form

    assert form
    words = " ".join(ENGLISH.words(line[0]) for line in form.intro)  # type: ignore[arg-type]
    assert "Asia/Shanghai" in words
    assert "Europe/Berlin" in words


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("settings language zh-CN", "简体中文"),
        ("settings quiet 22:00-08:00 except failures", "except for failures"),
        ("settings digest 9:00 weekdays", "Digest at 09:00 Asia/Shanghai, Monday to Friday."),
    ],
)
async def test_a_channel_reads_what_was_changed_and_in_the_end_by_whom(
    text: str, names: str
) -> None:
    announcement = (await Office().say(text)).announcement

    assert announcement
    assert names in ENGLISH.words(announcement.card.summary)
    assert "somebody" not in ENGLISH.words(announcement.card.summary).lower()
    assert "Somebody changed" in ENGLISH.words(announcement.signed.summary)


async def test_nobody_reads_of_what_stands_already_or_is_ones_own() -> None:
    office = Office()
    await office.say("settings language en")

    again = await office.say("settings language en", by=BEN)
    own = await office.say("settings me language en")

    assert again.announcement is None
    assert own.announcement is None
    here = await office.rules.rules_of(Place(team_id=TEAM, channel_id=CHANNEL))
    assert here.set_by == ANA


async def test_a_place_of_others_is_not_settled() -> None:
    office = Office(conversations=FakeConversations(private={"C0SECRET01": {BEN}}))

    with pytest.raises(BadCommand, match="both see"):
        await office.say("settings in #C0SECRET01 language en")
    assert office.rules.rules == {}
