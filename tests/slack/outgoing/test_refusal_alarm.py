"""Slack refuses a delivery because it does not accept us any more: who hears of it, and when."""

from collections.abc import Awaitable, Callable

import pytest

from bot.core.delivery import MessageRef
from bot.core.errors import MessageRejected, MessengerUnavailable, Refusal, StoreUnavailable
from bot.core.subscription import Place
from bot.slack.outgoing.refusal_alarm import RefusalAlarm
from bot.slack.outgoing.refusals import REFUSALS
from tests.fakes import ManualClock
from tests.make import TEAM, a_change
from tests.outbox_fakes import FakeMessenger, Trouble, a_delivery, an_edit
from tests.watch_fakes import CHANNEL, HERE, FakeWorkspaces


class World:
    """The messenger that listens, and all that it may move."""

    def __init__(self) -> None:
        self.slack = FakeMessenger(ManualClock())
        self.workspaces = FakeWorkspaces()
        self.rechecks = 0
        self.alert = RefusalAlarm(self.slack, self.workspaces, recheck=self._recheck)

    def _recheck(self) -> None:
        self.rechecks += 1

    async def post(self, code: str = "") -> MessageRef:
        """Post, and meet this refusal."""
        self.slack.troubles = [Trouble(refused(code))] if code else []
        return await self.alert.post(a_delivery())

    async def refuse(self, code: str) -> None:
        """Post, and be refused."""
        with pytest.raises(MessageRejected) as caught:
            await self.post(code)
        assert caught.value.code == code


def refused(code: str) -> MessageRejected:
    """As the postman says it."""
    return MessageRejected("Slack refused it.", refusal=REFUSALS[code], code=code)


@pytest.fixture
def world() -> World:
    return World()


Call = Callable[[World], Awaitable[object]]
CALLS: dict[str, Call] = {
    "post": lambda world: world.alert.post(a_delivery()),
    "edit": lambda world: world.alert.edit(an_edit(a_change())),
    "find": lambda world: world.alert.find(a_delivery()),
    "delete": lambda world: world.alert.delete(HERE, MessageRef(channel_id=CHANNEL, ts="1.0")),
}


OF_THE_TOKEN = sorted(code for code, why in REFUSALS.items() if why is Refusal.WORKSPACE)


@pytest.mark.parametrize("what", CALLS)
async def test_the_first_refusal_holds_the_workspace_and_asks(world: World, what: str) -> None:
    error = refused("token_revoked")
    world.slack.troubles = [Trouble(error)]
    world.slack.edit_errors = [error]
    world.slack.find_errors = [error]
    world.slack.delete_errors = [error]

    with pytest.raises(MessageRejected) as caught:
        await CALLS[what](world)

    assert caught.value is error
    assert world.workspaces.paused == {TEAM: ("token_revoked", False)}, "only auth.test is sure"
    assert world.rechecks == 1


@pytest.mark.parametrize("code", OF_THE_TOKEN)
async def test_whatever_is_wrong_with_the_token_holds_the_workspace_and_freezes_nothing(
    world: World, code: str
) -> None:
    await world.refuse(code)

    assert world.workspaces.paused == {TEAM: (code, False)}
    assert (world.workspaces.frozen, world.rechecks) == (set(), 1)


@pytest.mark.parametrize("code", ["not_in_channel", "ratelimited", "missing_scope", "no_text"])
async def test_what_is_about_one_place_or_message_alarms_nobody(world: World, code: str) -> None:
    assert REFUSALS[code] is not Refusal.WORKSPACE
    await world.refuse(code)

    assert (world.workspaces.reasons, world.rechecks) == ([], 0)


async def test_an_unclear_answer_alarms_nobody(world: World) -> None:
    world.slack.troubles = [Trouble(MessengerUnavailable("Nobody knows.", code="token_revoked"))]

    with pytest.raises(MessengerUnavailable):
        await world.alert.post(a_delivery())
    assert (world.workspaces.reasons, world.rechecks) == ([], 0)


async def test_a_row_of_refusals_alarms_once_until_something_was_accepted(world: World) -> None:
    for _ in range(3):
        await world.refuse("token_revoked")
    assert (len(world.workspaces.reasons), world.rechecks) == (1, 1)

    await world.post()
    await world.refuse("token_revoked")
    assert (len(world.workspaces.reasons), world.rechecks) == (2, 2)


async def test_each_workspace_that_refuses_us_is_held(world: World) -> None:
    await world.refuse("token_revoked")
    theirs = Place(team_id="T0OTHER001", channel_id="C0THEIRS01")
    world.slack.troubles = [Trouble(refused("token_revoked"))]
    with pytest.raises(MessageRejected):
        await world.alert.post(a_delivery(place=theirs))

    assert set(world.workspaces.paused) == {TEAM, theirs.team_id}


async def test_what_could_not_be_held_is_tried_again_with_the_next_refusal(world: World) -> None:
    world.workspaces.error = StoreUnavailable("No database.")
    await world.refuse("token_revoked")
    world.workspaces.error = None
    await world.refuse("token_revoked")

    assert (set(world.workspaces.paused), world.rechecks) == ({TEAM}, 2)
