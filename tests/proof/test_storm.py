"""The real courier and sender over real HTTP, in virtual time, while Slack fails.

Each seed is a storm of 160 deliveries; `VISJOB_PROOF=full` tries 125.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import aiohttp
import pytest

from bot.core.card_content import CardContent
from bot.core.delivery import CardDelivery, Delivery
from bot.core.delivery_ids import card_id
from bot.core.errors import MessengerError
from bot.core.subscription import Place
from bot.courier.card_keeper import CardKeeper
from bot.courier.courier import Courier
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, GENERAL
from bot.slack.outgoing.deliveries import DeliverySender
from bot.slack.outgoing.messenger import SlackMessenger
from tests.fakes import ManualClock
from tests.make import OURS, PROJECT, TEAM, a_change, a_job
from tests.outbox_fakes import TIMING, FakeOutbox, a_delivery
from tests.proof.extent import IS_FULL, Results, seeds
from tests.proof.storm import Storm

SEEDS = seeds(short=2, full=125)
JOBS = 40
STEPS = ((1, 7), (7, 8), (8, 9), (9, 12))
PLACES = [Place(team_id=TEAM, channel_id=id) for id in (EXPERIMENTS, GENERAL, APP_DM)]

# The real time that a call may take; a slower call on a slow machine counts as unsure, too.
CALL_SECONDS = 0.25
# The real time for calls before the storm, which must succeed.
PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Sea:
    """The scene of a storm: a clock, a workspace, and two senders."""

    clock: ManualClock
    workspace: StandInWorkspace
    sender: DeliverySender
    #: A sender with a long timeout, for posts before the storm.
    patient: DeliverySender


@asynccontextmanager
async def sea() -> AsyncIterator[Sea]:
    """Make a new scene for one storm."""
    clock = ManualClock()
    workspace = StandInWorkspace(clock=clock, signing_secret="s", bot_token="xoxb-stand-in")
    await workspace.start()
    try:
        async with aiohttp.ClientSession() as session:
            carriers = [_sender(workspace, session, s) for s in (CALL_SECONDS, PATIENCE_SECONDS)]
            for messenger, _ in carriers:
                messenger.identity = await carriers[1][0].identify()
            yield Sea(
                clock=clock,
                workspace=workspace,
                sender=carriers[0][1],
                patient=carriers[1][1],
            )
    finally:
        await workspace.close()


def _sender(
    workspace: StandInWorkspace, session: aiohttp.ClientSession, timeout: float
) -> tuple[SlackMessenger, DeliverySender]:
    slack = SlackMessenger(
        token="xoxb-stand-in",
        api_url=workspace.api_url,
        session=session,
        timeout=timeout,
    )
    return slack, DeliverySender(slack.calls, identity=lambda: slack.identity, link_hosts=())


async def orders(sender: DeliverySender, clock: ManualClock) -> list[Delivery]:
    """Return a delivery for every change of every job; those of every second job are in the thread
    of a posted card."""
    ordered: list[Delivery] = []
    for number in range(JOBS):
        place = PLACES[number % len(PLACES)]
        job = a_job(number + 1)
        id = card_id(place, PROJECT, job.id)
        posted = CardDelivery(
            id=id, place=place, project_id=PROJECT, epoch=0, attempts=0, shown=CardContent(job=job)
        )
        card = await sender.post(posted) if number % 2 else None
        for sequence, (before, after) in enumerate(STEPS, 1):
            change = a_change(before, after, sequence=sequence, id=job.id)
            ordered.append(a_delivery(change, place=place, card=card))
    clock.advance(seconds=1)
    return ordered


def workers(
    outbox: FakeOutbox, sender: DeliverySender, clock: ManualClock
) -> tuple[Courier, CardKeeper]:
    """Make the real courier and card keeper."""
    courier = Courier(
        outbox,
        sender,
        timing=TIMING,
        clock=clock,
        monotonic=clock.monotonic,
        jitter=lambda: 0.5,
    )
    card_keeper = CardKeeper(outbox, sender, timing=TIMING, monotonic=clock.monotonic)
    return courier, card_keeper


def told(workspace: StandInWorkspace) -> list[tuple[str, int, int]]:
    """Return delivery id, job and sequence of every shown change, oldest first in each place."""
    found = []
    for place in PLACES:
        for message in workspace.messages(place.channel_id):
            payload = message.get("metadata", {}).get("event_payload", {})
            if "delivery_id" in payload:
                found.append((payload["delivery_id"], payload["job_id"], payload["sequence"]))
    return found


@pytest.mark.timeout(4 * 3600 if IS_FULL else 120)
async def test_every_change_is_shown_exactly_once_and_in_order(results: Results) -> None:
    deliveries = faults = 0
    for seed in SEEDS:
        storm = Storm(seed)
        async with sea() as here:
            try:
                deliveries += await live_through(here, storm)
            except BaseException as error:
                error.add_note(f"VISJOB_PROOF_SEEDS={seed}")
                raise
        faults += storm.faults
    results.add(
        f"storm, seeds {SEEDS[0]} to {SEEDS[-1]}", f"{deliveries} deliveries", faults=faults
    )


async def live_through(here: Sea, storm: Storm) -> int:
    """Post all deliveries in this storm, and check what Slack shows; return their number."""
    clock, workspace = here.clock, here.workspace
    ordered = await orders(here.patient, clock)
    outbox = FakeOutbox(clock)
    outbox.add(*ordered)
    courier, card_keeper = workers(outbox, here.sender, clock)
    workspace.faults.choose_with(storm.choose)

    while any(row.is_open for row in outbox.rows):
        await courier.deliver_due(OURS)
        workspace.faults.land()
        clock.advance(seconds=1)
    workspace.faults.clear()
    while not all(row.is_rescanned for row in outbox.rows):
        await card_keeper.rescan_due(OURS)

    shown = told(workspace)
    assert Counter(id for id, *_ in shown) == Counter(each.id for each in ordered)
    assert not any(row.dead for row in outbox.rows)
    assert not any(entry.method == "chat.delete" for entry in workspace.journal)
    for number in range(JOBS):
        sequences = [sequence for _, job_id, sequence in shown if job_id == number + 1]
        assert sequences == [1, 2, 3, 4]
    return len(ordered)


async def test_the_same_storm_doubles_what_is_simply_tried_again(results: Results) -> None:
    async with sea() as here:
        ordered = await orders(here.patient, here.clock)
        storm = Storm(1)
        here.workspace.faults.choose_with(storm.choose)
        for delivery in ordered:
            await _insist(here.sender, delivery)
        copies = Counter(id for id, *_ in told(here.workspace))

    doubled = sum(count > 1 for count in copies.values())
    results.add(
        "control: simply tried again in the storm",
        f"{len(ordered)} deliveries",
        faults=storm.faults,
        doubled=doubled,
    )
    assert doubled > len(ordered) / 10


async def _insist(sender: DeliverySender, delivery: Delivery) -> None:
    while True:
        try:
            await sender.post(replace(delivery, intent_at=None))
        except MessengerError:
            continue
        return
