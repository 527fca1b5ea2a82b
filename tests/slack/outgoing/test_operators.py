"""Who may act: by id, by group, and whatever a list says not as a guest or a stranger."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import aiohttp
import pytest

from bot.core.acting import Authorization
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import BEN, DEFAULT_SCOPES, ME, ML_ADMINS
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.operators import SlackOperators
from tests.fakes import ManualClock
from tests.make import TEAM
from tests.world import BOT_TOKEN, SIGNING_SECRET

OTHERS = "S0OTHERS01"
DEV = "U0DEV00001"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """A workspace, and a way to it."""

    workspace: StandInWorkspace
    messenger: SlackMessenger
    clock: ManualClock

    def operators(self, *named: str) -> SlackOperators:
        """As the settings name them."""
        return SlackOperators(
            self.messenger.calls,
            identity=lambda: self.messenger.identity,
            named=named,
            monotonic=self.clock.monotonic,
        )

    def asked(self, method: str) -> int:
        """How often Slack was asked."""
        return len([one for one in self.workspace.journal if one.method == method])

    def lack(self, scope: str) -> None:
        """An optional scope was not granted."""
        self.workspace.state.installation.scopes = frozenset(DEFAULT_SCOPES) - {scope}


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
        yield Slack(workspace=workspace, messenger=messenger, clock=clock)
    await workspace.close()


def person(**facts: object) -> Callable[[Slack], None]:
    """Slack says something of Ben."""

    def become(slack: Slack) -> None:
        for name, value in facts.items():
            setattr(slack.workspace.state.people[BEN], name, value)

    return become


def nothing(slack: Slack) -> None:
    del slack


def forget(slack: Slack) -> None:
    del slack.workspace.state.people[BEN]


#: Whom the settings name, what Slack says, and what Ben is.
AUTHORIZATIONS: dict[str, tuple[tuple[str, ...], Callable[[Slack], None], Authorization]] = {
    "nobody is named": ((), nothing, Authorization.NOT_LISTED),
    "somebody else is named": ((ME,), nothing, Authorization.NOT_LISTED),
    "named by id": ((BEN,), nothing, Authorization.OPERATOR),
    "in the group": ((ML_ADMINS,), nothing, Authorization.OPERATOR),
    "a guest by id": ((BEN,), person(is_guest=True), Authorization.GUEST),
    "a guest in the group": ((ML_ADMINS,), person(is_guest=True), Authorization.GUEST),
    "deactivated": ((BEN,), person(deleted=True), Authorization.DEACTIVATED),
    "a program": ((BEN,), person(is_bot=True), Authorization.STRANGER),
    "of another company": ((BEN,), person(team_id="T0ELSE0001"), Authorization.STRANGER),
    "unknown to Slack": ((BEN,), forget, Authorization.STRANGER),
    "a group that is not there": ((OTHERS,), nothing, Authorization.UNREADABLE),
    "in one group, beside one that is not there": (
        (OTHERS, ML_ADMINS),
        nothing,
        Authorization.OPERATOR,
    ),
    "groups may not be read": (
        (ML_ADMINS,),
        lambda slack: slack.lack("usergroups:read"),
        Authorization.UNREADABLE,
    ),
    "people may not be read, and the list decides": (
        (BEN,),
        lambda slack: slack.lack("users:read"),
        Authorization.OPERATOR,
    ),
}


@pytest.mark.parametrize("case", AUTHORIZATIONS)
async def test_the_list_and_slack_say_together_who_may(slack: Slack, case: str) -> None:
    named, prepare, authorization = AUTHORIZATIONS[case]
    prepare(slack)

    assert await slack.operators(*named).authorize(TEAM, BEN) is authorization


@pytest.mark.parametrize("method", ["users.info", "usergroups.users.list"])
async def test_while_slack_is_in_trouble_nobody_may(slack: Slack, method: str) -> None:
    slack.workspace.faults.add("http_error", method=method)

    assert await slack.operators(ML_ADMINS).authorize(TEAM, BEN) is Authorization.UNREADABLE


async def test_a_group_is_kept_for_a_minute_and_no_longer(slack: Slack) -> None:
    operators = slack.operators(ML_ADMINS)
    assert await operators.authorize(TEAM, BEN) is Authorization.OPERATOR
    slack.workspace.state.usergroups[ML_ADMINS].remove(BEN)

    slack.clock.advance(seconds=59)
    assert await operators.authorize(TEAM, DEV) is Authorization.NOT_LISTED
    assert slack.asked("usergroups.users.list") == 1
    slack.clock.advance(seconds=1)

    assert await operators.authorize(TEAM, BEN) is Authorization.NOT_LISTED


async def test_a_group_that_could_not_be_read_is_asked_again_at_once(slack: Slack) -> None:
    members = slack.workspace.state.usergroups.pop(ML_ADMINS)
    operators = slack.operators(ML_ADMINS)
    assert await operators.authorize(TEAM, BEN) is Authorization.UNREADABLE
    slack.workspace.state.usergroups[ML_ADMINS] = members

    assert await operators.authorize(TEAM, BEN) is Authorization.OPERATOR


async def test_a_person_is_looked_at_anew_each_time(slack: Slack) -> None:
    operators = slack.operators(BEN)
    assert await operators.authorize(TEAM, BEN) is Authorization.OPERATOR
    slack.workspace.state.people[BEN].deleted = True

    assert await operators.authorize(TEAM, BEN) is Authorization.DEACTIVATED
