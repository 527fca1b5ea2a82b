"""Where people's clocks stand and which language they read, as Slack says; what it is not asked."""

import asyncio
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.core.time_zone import zone_named
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import DEFAULT_SCOPES, ME
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.people import SlackPeople, language_read
from tests.fakes import ManualClock
from tests.make import TEAM
from tests.waiting import until
from tests.world import BOT_TOKEN, SIGNING_SECRET

BEN = "U0BEN00001"
BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


class Slack:
    """A workspace, and what we know of its people."""

    def __init__(
        self, workspace: StandInWorkspace, messenger: SlackMessenger, clock: ManualClock
    ) -> None:
        self.workspace = workspace
        self.messenger = messenger
        self.clock = clock
        self.people = SlackPeople(
            messenger.calls, identity=lambda: messenger.identity, monotonic=clock.monotonic
        )

    @property
    def asked(self) -> int:
        return len([one for one in self.workspace.journal if one.method == "users.info"])


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    clock = ManualClock()
    workspace = StandInWorkspace(clock=clock, signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN)
    await workspace.start()
    async with aiohttp.ClientSession() as session:
        messenger = SlackMessenger(
            token=BOT_TOKEN,
            api_url=workspace.api_url,
            session=session,
            timeout=60,
        )
        yield Slack(workspace, messenger, clock)
    await workspace.close()


async def test_a_zone_is_kept_for_a_day_for_each_person(slack: Slack) -> None:
    slack.workspace.state.people[BEN].tz = "Asia/Shanghai"

    for _ in range(3):
        assert await slack.people.zone(TEAM, ME) == BERLIN
        assert await slack.people.zone(TEAM, BEN) == SHANGHAI
        slack.clock.advance(hours=11, minutes=59)
    assert slack.asked == 2

    slack.workspace.state.people[ME].tz = "Asia/Shanghai"
    slack.clock.advance(minutes=4)
    assert await slack.people.zone(TEAM, ME) == SHANGHAI


async def test_without_the_scope_slack_is_not_asked(slack: Slack) -> None:
    slack.workspace.state.installation.scopes = frozenset(DEFAULT_SCOPES) - {"users:read"}
    await slack.messenger.identify()

    assert await slack.people.zone(TEAM, ME) is None
    assert slack.asked == 0


async def test_a_failure_is_forgotten_after_a_minute(slack: Slack) -> None:
    slack.workspace.faults.add("error", error="internal_error", method="users.info")

    assert await slack.people.zone(TEAM, ME) is None
    assert await slack.people.zone(TEAM, ME) is None
    slack.clock.advance(seconds=61)
    assert await slack.people.zone(TEAM, ME) == BERLIN
    assert slack.asked == 2


async def test_a_person_whom_slack_does_not_know_has_no_zone(slack: Slack) -> None:
    assert await slack.people.zone(TEAM, "U0NOBODY01") is None


@pytest.mark.parametrize(
    "name",
    [
        None,
        7,
        "",
        "Mars/Olympus",
        "America",
        "../../etc/passwd",
        "/etc/passwd",
        "a\x00b",
        "x" * 9999,
    ],
)
def test_what_names_no_zone_is_none(name: object) -> None:
    assert zone_named(name) is None


LANGUAGES = {
    "en-US": "en",
    "de-DE": "en",
    "ko-KR": "en",
    "zh-CN": "zh-CN",
    "zh-TW": "zh-CN",
    "zh_HK": "zh-CN",
    "ZH": "zh-CN",
    " zh-Hans ": "zh-CN",
    "zhx": "en",
    "": "",
    "  ": "",
}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_locale_names_one_of_two_languages(locale: str) -> None:
    assert language_read(locale) == LANGUAGES[locale]


@pytest.mark.parametrize("locale", [None, 7, ["zh-CN"], {"zh": "CN"}, True])
def test_what_is_no_locale_names_no_language(locale: object) -> None:
    assert language_read(locale) == ""


async def test_zone_and_language_are_one_question(slack: Slack) -> None:
    slack.workspace.state.people[BEN].locale = "zh-TW"

    asked = slack.people.language(TEAM, BEN), slack.people.language(TEAM, BEN)
    assert [*await asyncio.gather(*asked)] == ["zh-CN", "zh-CN"]
    assert await slack.people.zone(TEAM, BEN) == BERLIN
    assert slack.people.known_language(TEAM, BEN) == "zh-CN"
    assert slack.people.known_language(TEAM, ME) == ""
    assert slack.asked == 1


async def test_what_was_known_holds_while_slack_does_not_tell(slack: Slack) -> None:
    slack.workspace.state.people[ME].locale = "zh-CN"
    assert await slack.people.language(TEAM, ME) == "zh-CN"

    slack.clock.advance(hours=25)
    slack.workspace.faults.add("error", error="internal_error", method="users.info", count=9)

    assert await slack.people.language(TEAM, ME) == "zh-CN"
    assert await slack.people.zone(TEAM, ME) == BERLIN
    assert slack.asked == 2


async def test_a_deactivated_person_has_no_language(slack: Slack) -> None:
    slack.workspace.state.people[BEN].deleted = True

    assert await slack.people.language(TEAM, BEN) == ""


async def test_a_slow_slack_is_waited_for_once(slack: Slack) -> None:
    slack.workspace.state.people[ME].locale = "zh-CN"
    slack.workspace.faults.add("slow", method="users.info", seconds=1)

    assert await slack.people.language(TEAM, ME) == ""
    assert await slack.people.zone(TEAM, ME) is None  # at once

    async def is_known() -> bool:
        return slack.people.known_language(TEAM, ME) == "zh-CN"

    await until(is_known)
    assert slack.asked == 1
