"""The store, two couriers, the card keeper and a failing Slack; workers may die at any call."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.core.change import StatusChange
from bot.core.delivery_ids import delivery_id
from bot.core.subscription import DeliveryMode, Place
from bot.courier.card_keeper import CardKeeper
from bot.courier.courier import Courier
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, GENERAL
from bot.slack.outgoing.deliveries import DeliverySender
from bot.slack.outgoing.messenger import SlackMessenger
from bot.store import migrate, open_store
from bot.store.database.tables import card
from tests.fakes import ManualClock
from tests.outbox_fakes import TIMING
from tests.proof.extent import Results
from tests.proof.storm import Storm
from tests.store.world import NOON, P1, World, a_subscription, connected, job

TEAM = "T1"
PLACES = [Place(team_id=TEAM, channel_id=id) for id in (EXPERIMENTS, GENERAL)]
QUIET = Place(team_id=TEAM, channel_id=APP_DM)
JOBS = range(1, 7)
STATUSES = (1, 7, 8, 9, 12)
CALL_SECONDS = 0.5
PATIENCE_SECONDS = 30
MOST_SECONDS = 1500


class Death(Exception):
    """The simulated death of a worker."""


class Mortal:
    """An outbox or a Slack at which a worker dies in one of six calls, before or after the call."""

    def __init__(self, door: Any, dice: random.Random) -> None:
        self._door = door
        self._dice = dice
        self.is_deadly = False
        self.deaths = 0

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        call = getattr(self._door, name)

        async def risky(*args: Any, **kwargs: Any) -> Any:
            throw = self._dice.randrange(12) if self.is_deadly and name != "claim" else 2
            if throw == 0:
                self._die(name)
            answer = await call(*args, **kwargs)
            if throw == 1:
                self._die(name)
            return answer

        return risky

    def _die(self, name: str) -> None:
        self.deaths += 1
        raise Death(name)


class Whole:
    """Two couriers and a card keeper over one database and one Slack."""

    def __init__(self, world: World, slack: StandInWorkspace, sender: DeliverySender) -> None:
        self.world = world
        self.slack = slack
        self.expected: list[StatusChange] = []
        self._clock = world._clock
        self._dice = random.Random(7)  # noqa: S311 - weather, not a secret
        self.doors = [Mortal(world.store.outbox, self._dice), Mortal(sender, self._dice)]
        self._couriers = [self._courier() for _ in range(2)]
        self.card_keeper = CardKeeper(
            world.store.outbox,
            sender,
            timing=TIMING,
            monotonic=self._monotonic,
        )

    async def second(self, *, is_deadly: bool) -> None:
        """Let every worker work once and the time pass by a second; workers may die if
        `is_deadly`."""
        for door in self.doors:
            door.is_deadly = is_deadly
        await asyncio.gather(*(courier.deliver_due(P1) for courier in self._couriers))
        await self.card_keeper.edit_due(P1)
        await self.card_keeper.rescan_due(P1)
        self.slack.faults.land()
        self._clock.now += TIMING.timeout / 10

    async def is_told(self) -> bool:
        """Return whether no delivery is open or held."""
        counts = await self.world.store.history.counts(P1)
        return not counts.open + counts.held

    async def is_shown(self) -> bool:
        """Return whether every card shows the latest state."""
        with connected(self.world.store) as connection:
            behind = select(func.count()).where(card.c.wanted > card.c.shown)
            return not connection.scalar(behind)

    def _courier(self) -> Courier:
        outbox: Any
        sender: Any
        outbox, sender = self.doors
        return Courier(
            outbox,
            sender,
            timing=TIMING,
            clock=self._clock,
            monotonic=self._monotonic,
            jitter=lambda: 0.5,
        )

    def _monotonic(self) -> float:
        return self._clock.now.timestamp()


@pytest.fixture
async def whole(tmp_path: Path) -> AsyncIterator[Whole]:
    clock = ManualClock(NOON)
    url = f"sqlite:///{tmp_path / 'visjob.db'}"
    await migrate(url)
    store = open_store(url, clock=clock)
    slack = StandInWorkspace(clock=clock, signing_secret="s", bot_token="xoxb-stand-in")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        await slack.start()
        stack.push_async_callback(slack.close)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        patient, messenger = (
            SlackMessenger(
                token="xoxb-stand-in",
                api_url=slack.api_url,
                session=session,
                timeout=timeout,
            )
            for timeout in (PATIENCE_SECONDS, CALL_SECONDS)
        )
        identity = await patient.identify()
        sender = DeliverySender(messenger.calls, identity=lambda: identity, link_hosts=())
        yield Whole(World(store, clock), slack, sender)


def told(slack: StandInWorkspace, place: Place) -> list[str]:
    """Return the delivery id of every change that a place shows, also in groups, oldest first."""
    ids = []
    for message in slack.messages(place.channel_id):
        payload = message.get("metadata", {}).get("event_payload", {})
        changes = payload.get("changes", [payload])
        ids += [change["delivery_id"] for change in changes if "delivery_id" in change]
    return ids


@pytest.mark.timeout(240)
async def test_every_change_is_told_once_in_order_though_workers_die_in_a_storm(
    whole: Whole, results: Results
) -> None:
    world, slack = whole.world, whole.slack
    for number in JOBS:
        for place in PLACES:
            await world.subscribe(a_subscription(number, place), job(number, 1))
        await world.subscribe(
            a_subscription(number, QUIET, delivery_mode=DeliveryMode.CARD), job(number, 1)
        )
    storm = Storm(3)
    slack.faults.choose_with(storm.choose)

    for number, status in enumerate(STATUSES[1:], 1):
        for _ in range(15):
            await whole.second(is_deadly=True)
        whole.expected += await world.observe(*(job(n, status, at=number) for n in JOBS))
    await go_on_until(whole, whole.is_told)
    slack.faults.clear()
    # An edit with an unclear answer is repeated only after a pause, so let the time pass.
    await go_on_until(whole, whole.is_shown)

    for place in PLACES:
        shown = told(slack, place)
        expected = {delivery_id(place, change): change for change in whole.expected}
        assert Counter(shown) == Counter(expected.keys())
        sequences = defaultdict(list)
        for id in shown:
            sequences[expected[id].job.id].append(expected[id].sequence)
        assert all(seen == sorted(seen) for seen in sequences.values())
        assert len(cards(slack, place)) == len(JOBS)
    assert told(slack, QUIET) == []
    assert all("was stopped" in text for text in cards(slack, QUIET))
    deaths = sum(door.deaths for door in whole.doors)
    results.add(
        "store, courier, card keeper and Slack in a storm",
        f"{len(whole.expected) * len(PLACES)} deliveries",
        faults=f"{deaths} deaths, {storm.faults} of Slack",
    )
    assert deaths > 5
    assert storm.faults > 10


async def go_on_until(whole: Whole, is_done: Callable[[], Awaitable[bool]]) -> None:
    """Let the workers work without deaths until `is_done` is true."""
    for _ in range(MOST_SECONDS):
        if await is_done():
            return
        await whole.second(is_deadly=False)
    raise AssertionError("it does not end")


def cards(slack: StandInWorkspace, place: Place) -> list[str]:
    """Return the texts of a place's cards."""
    return [
        message["text"]
        for message in slack.messages(place.channel_id)
        if message.get("metadata", {}).get("event_type") == "visjob_card"
    ]
