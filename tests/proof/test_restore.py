"""A database is restored from a backup, while Slack still has the messages sent since the backup.

Random trials on both kinds of database: fifty with `VISJOB_PROOF=full`, otherwise a dozen.
"""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.core.subscription import Place
from bot.courier.card_keeper import CardKeeper
from bot.courier.courier import Courier
from bot.courier.lease_timing import LeaseTiming
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import EXPERIMENTS, GENERAL
from bot.serve.clock import utc_now
from bot.slack.outgoing.deliveries import DeliverySender
from bot.slack.outgoing.messenger import SlackMessenger
from bot.store import migrate, open_store, reconcile
from bot.store.database.tables import delivery
from tests.fakes import ManualClock
from tests.proof import snapshots
from tests.store.world import LEASE, NOON, P1, SETTLE, World, a_subscription, connected, job

TRIALS = 50 if os.environ.get("VISJOB_PROOF") == "full" else 2
PLACES = [Place(team_id="T1", channel_id=id) for id in (EXPERIMENTS, GENERAL)]
JOBS = (1, 2, 3)
#: The statuses of each job in order; no two changes of a job are alike.
WAY = (1, 7, 8, 15, 9, 12)
TIMING = LeaseTiming(lease=LEASE, settle=SETTLE, timeout=timedelta(seconds=10))
A_WHILE = timedelta(minutes=10)


class Restorable:
    """The bot's delivering workers, over a database that can be restored and a Slack that
    cannot."""

    def __init__(self, url: str, slack: StandInWorkspace, messenger: SlackMessenger) -> None:
        self.url = url
        self.slack = slack
        self.is_sqlite = url.startswith("sqlite")
        self.clock = ManualClock(NOON)
        self.sender = DeliverySender(
            messenger.calls, identity=lambda: messenger.identity, link_hosts=()
        )
        self.at = dict.fromkeys(JOBS, 0)
        self.open()

    def open(self) -> None:
        """Open the store again, with new workers."""
        store = open_store(self.url, clock=self.clock)
        self.world = World(store, self.clock)
        self.courier = Courier(
            store.outbox,
            self.sender,
            timing=TIMING,
            clock=self.clock if self.is_sqlite else utc_now,
            monotonic=lambda: 0.0,
            jitter=lambda: 1.0,
        )
        self.card_keeper = CardKeeper(
            store.outbox, self.sender, timing=TIMING, monotonic=lambda: 0.0
        )

    async def take_backup(self) -> str:
        """Back up the database; return the name of the copy."""
        await self.world.store.close()
        copy = snapshots.take(self.url)
        self.open()
        return copy

    async def put_back(self, copy: str) -> None:
        """Restore the database from the copy, and reconcile it twice."""
        await self.world.store.close()
        snapshots.put_back(self.url, copy)
        for _ in range(2):
            await reconcile(self.url, clock=self.clock)
        self.open()

    async def subscribe(self, number: int, place: Place) -> None:
        """Subscribe a place to a job, with its present status as the baseline."""
        await self.world.subscribe(a_subscription(number, place), await self._read(number))

    async def see(self, *numbers: int) -> None:
        """Read these jobs, and record the reads."""
        await self.world.observe(*[await self._read(number) for number in numbers])

    async def deliver(self, rounds: int = 1) -> None:
        """Post the due deliveries and edit the due cards, once in each round."""
        for _ in range(rounds):
            await self.courier.deliver_due(P1)
            await self.card_keeper.edit_due(P1)
            await self.world.pass_time(timedelta(seconds=1))

    async def die_over_a_post(self) -> None:
        """Post one delivery, and do not record it, like a worker that dies."""
        for claimed in await self.world.claim(limit=1):
            if claimed.intent_at is None and await self.world.store.outbox.intend(claimed):
                await self.sender.post(claimed)

    async def settle(self) -> None:
        """Deliver and rescan until no delivery is open."""
        for _ in range(60):
            await self.deliver(4)
            await self.world.pass_time(A_WHILE)
            await self.card_keeper.rescan_due(P1)
            if not (await self.world.store.history.counts(P1)).open:
                break
        await self.card_keeper.rescan_due(P1)

    async def _read(self, number: int) -> Any:
        since_noon = (await self.world.now() - NOON).total_seconds()
        return job(number, WAY[self.at[number]], at=since_noon)


@pytest.fixture(params=["sqlite", "postgresql"])
async def restorable(request: pytest.FixtureRequest) -> AsyncIterator[Restorable]:
    url: str = request.getfixturevalue(f"{request.param}_url")
    await migrate(url)
    clock = ManualClock(NOON)
    is_sqlite = url.startswith("sqlite")
    slack = StandInWorkspace(
        clock=clock if is_sqlite else utc_now, signing_secret="s", bot_token="xoxb-stand-in"
    )
    await slack.start()
    async with aiohttp.ClientSession() as session:
        messenger = SlackMessenger(
            token="xoxb-stand-in",
            api_url=slack.api_url,
            session=session,
            timeout=60,
        )
        await messenger.identify()
        made = Restorable(url, slack, messenger)
        # SQLite has no clock of its own, so the store uses the same clock as Slack.
        made.clock = clock
        await made.world.store.close()
        made.open()
        yield made
        await made.world.store.close()
    await slack.close()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(TRIALS))
async def test_after_a_restore_nothing_is_lost_and_nothing_told_twice(
    restorable: Restorable, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for number in JOBS:
        await restorable.subscribe(number, PLACES[0])
    await restorable.subscribe(1, PLACES[1])
    for _ in range(dice.randrange(1, 6)):
        await go_on(restorable, dice)
    copy = await restorable.take_backup()
    for _ in range(dice.randrange(2, 8)):
        await go_on(restorable, dice)

    await restorable.put_back(copy)
    await restorable.see(*JOBS)
    await restorable.settle()
    for number in JOBS:
        restorable.at[number] = min(restorable.at[number] + 1, len(WAY) - 1)
    await restorable.see(*JOBS)
    await restorable.settle()

    await check(restorable)


async def go_on(restorable: Restorable, dice: random.Random) -> None:
    """Play one random event: a change, some deliveries, or a death after a post."""
    match dice.randrange(5):
        case 0 | 1:
            number = dice.choice(JOBS)
            restorable.at[number] = min(restorable.at[number] + 1, len(WAY) - 1)
            await restorable.see(number)
        case 2 | 3:
            await restorable.deliver(dice.randrange(1, 6))
        case _:
            await restorable.die_over_a_post()


async def check(restorable: Restorable) -> None:
    """Check that every recorded delivery is shown once, and the last status of each job."""
    for place in PLACES:
        told, cards, latest = read_back(restorable.slack, place)
        assert not [id for id, count in (told + cards).items() if count > 1]
        for row in await deliveries(restorable.world, place):
            assert row.state == "sent", row
            assert row.kind == "card" or told[row.id] == 1
        for number in JOBS if place == PLACES[0] else JOBS[:1]:
            assert latest.get(number, WAY[0]) == WAY[restorable.at[number]]


def read_back(
    slack: StandInWorkspace, place: Place
) -> tuple[Counter[str], Counter[str], dict[int, int]]:
    """Return how often each change and each card is shown, and the last shown status of each
    job."""
    told: Counter[str] = Counter()
    cards: Counter[str] = Counter()
    latest: dict[int, int] = {}
    for message in slack.messages(place.channel_id):
        payload = message["metadata"]["event_payload"]
        cards.update([payload["card_id"]] if "card_id" in payload else [])
        for change in payload.get("changes", [payload] if "delivery_id" in payload else []):
            told[change["delivery_id"]] += 1
            latest[change["job_id"]] = change["to_status"]
    return told, cards, latest


async def deliveries(world: World, place: Place) -> Any:
    """Return every card and change delivery of a place; a group is represented by its members."""
    query = select(delivery).where(
        delivery.c.channel_id == place.channel_id, delivery.c.kind.in_(("card", "change"))
    )
    with connected(world.store) as connection:
        return connection.execute(query).all()
