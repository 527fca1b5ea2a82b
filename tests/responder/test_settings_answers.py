"""The rules of a place: their time zone, who is named, and the announcement in the channel."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import pytest

from bot.core.cards.reply import Reply
from bot.core.commands.grammar import parse
from bot.core.commands.verbs.settings import SetRules, SettingsForm
from bot.core.errors import BadCommand
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place
from bot.core.text import ENGLISH
from bot.responder.places import Places
from bot.responder.settings_answers import SettingsAnswers
from tests.fakes import ManualClock
from tests.make import TEAM, a_request
from tests.snooze_fakes import FakeRules
from tests.typing_fakes import FakePeople, some_zones
from tests.watch_fakes import CHANNEL, FakeConversations, FakePauses

ANA, BEN = "U0ANA00001", "U0BEN00001"
ZONES = {ANA: ZoneInfo("Asia/Shanghai"), BEN: ZoneInfo("Europe/Berlin")}


@dataclass(slots=True)
class Office:
    """A SettingsAnswers whose stored rules can be inspected."""

    rules: FakeRules = field(default_factory=FakeRules)
    conversations: FakeConversations = field(default_factory=FakeConversations)

    async def say(self, text: str, *, by: str = ANA) -> Reply:
        places = Places(self.conversations, FakePauses(), monotonic=ManualClock().monotonic)
        settings_answers = SettingsAnswers(
            self.rules, places=places, zones=some_zones(FakePeople(dict(ZONES)))
        )
        command = parse(text)
        assert isinstance(command, SettingsForm | SetRules)
        request = replace(a_request(text, user_id=by), channel_id=CHANNEL)
        return await settings_answers.answer(command, request)

    @property
    def kept(self) -> PlaceRules:
        (rules,) = self.rules.rules.values()
        return rules


async def test_times_are_in_the_zone_of_whoever_changed_them() -> None:
    office = Office()
    await office.say("settings quiet 22:00-08:00")
    assert (office.kept.time_zone, office.kept.set_by) == ("Asia/Shanghai", ANA)

    await office.say("settings language en", by=BEN)
    assert (office.kept.time_zone, office.kept.set_by) == ("Asia/Shanghai", BEN)

    await office.say("settings digest at 09:00", by=BEN)
    assert (office.kept.time_zone, office.kept.zone_of_digest) == ("Asia/Shanghai", "Europe/Berlin")
    assert office.kept.digest_by == BEN

    await office.say("settings quiet 23:00-07:00", by=BEN)
    assert (office.kept.time_zone, office.kept.digest_zone) == ("Europe/Berlin", "")


@pytest.mark.parametrize(
    ("typed", "quiet", "digest"),
    [
        ("settings digest at 09:00", "Asia/Shanghai", "Europe/Berlin"),
        ("settings quiet 22:00-08:00", "Europe/Berlin", ""),
        ("settings quiet 23:00-07:00", "Europe/Berlin", ""),
        ("settings quiet off digest at 09:00", "", "Europe/Berlin"),
        ("settings quiet 23:00-07:00 digest at 09:00", "Europe/Berlin", "Europe/Berlin"),
        ("settings language en", "Asia/Shanghai", ""),
        ("settings digest off", "Asia/Shanghai", ""),
        ("settings in here unchanged", "Asia/Shanghai", ""),
    ],
)
async def test_what_is_set_is_in_the_zone_of_whoever_sets_it_and_the_rest_stays(
    typed: str, quiet: str, digest: str
) -> None:
    office = Office()
    await office.say("settings quiet 22:00-08:00")

    reply = await office.say(typed.replace("in here ", ""), by=BEN)

    said, kept = ENGLISH.words(reply.card.summary), office.kept
    assert (kept.time_zone if kept.quiet_hours else "") == quiet
    assert (kept.zone_of_digest if kept.digest else "") == digest
    assert {zone for zone in (quiet, digest) if zone} == {
        zone for zone in ("Asia/Shanghai", "Europe/Berlin") if zone in said
    }
    heard = ENGLISH.words(reply.announcement.card.summary) if reply.announcement else ""
    assert ("Europe/Berlin" in heard) is ("Europe/Berlin" in (quiet, digest))
    assert "Asia/Shanghai" not in heard, "what stays is no news"


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
