"""Where people's clocks stand, as Slack says; and what Slack is not asked."""

import time
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import DEFAULT_SCOPES, ME
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.people import SlackPeople, zone_named
from tests.fakes import ManualClock
from tests.make import TEAM
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
            monotonic=time.monotonic,
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
