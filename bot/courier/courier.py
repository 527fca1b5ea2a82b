"""The courier, the only module that posts deliveries. It has the protocol, but no Slack or SQL."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from itertools import groupby

import structlog

from bot.core.delivery import Delivery, Greeting
from bot.core.errors import (
    MessageRejected,
    MessengerError,
    MessengerUnavailable,
    Refusal,
    StoreUnavailable,
)
from bot.core.ports.meter import UNMETERED, DeliveryOutcome, Meter
from bot.core.ports.outbox import Outbox
from bot.core.ports.slack import Messenger
from bot.core.ports.time import Clock, Monotonic
from bot.core.ports.tracing import Span
from bot.core.project import Project
from bot.core.reasons import code_of, unconfirmed
from bot.courier.delivery_log import delivering, note_shown
from bot.courier.duplicates import delete_copies, oldest
from bot.courier.lease_timing import LeaseTiming
from bot.courier.refusal_log import RefusalLog
from bot.courier.workspace_pauses import WorkspacePauses

_log = structlog.get_logger(__name__)

_CLAIMED_AT_ONCE = 50
# With one tick a second, this pause allows one post a second in a channel, which is the rate that
# Slack allows for long (docs.slack.dev/apis/web-api/rate-limits).
_CHANNEL_PAUSE = timedelta(seconds=0.9)
_PAUSE_UNASKED = timedelta(seconds=30)
_LONGEST_BACKOFF = timedelta(minutes=5)
# A greeting may wait longer: in a channel where only some may post, nobody misses it.
_LONGEST_GREETING_BACKOFF = timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(hours=24)
# With one try in five minutes, after the first few, this is about 24 hours.
_MOST_ATTEMPTS = 300
_SOON = timedelta()

# Shorter than a tick of the ticker, so that no tick is skipped.
_TICK_SECONDS = 0.5
_STORE_PAUSE_SECONDS = 5.0


class Courier:
    """The worker that posts each delivery to its place once. `jitter` returns 0 to 1."""

    def __init__(
        self,
        outbox: Outbox,
        messenger: Messenger,
        *,
        timing: LeaseTiming,
        clock: Clock,
        monotonic: Monotonic,
        jitter: Callable[[], float],
        meter: Meter = UNMETERED,
    ) -> None:
        self._outbox = outbox
        self._messenger = messenger
        self._timing = timing
        self._clock = clock
        self._monotonic = monotonic
        self._jitter = jitter
        self._meter = meter
        self._workspace_pauses = WorkspacePauses(monotonic)
        self._refusals = RefusalLog()
        self._is_unreachable = False
        self._rounds_under_way = 0
        self._is_stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def deliver_due(self, project: Project) -> float:
        """Post the due deliveries of a project; return the seconds until the next call is useful.

        1. Claim: lease the due deliveries, and note the time before the claim.
        2. Search: if an earlier attempt may have sent the delivery, search Slack for it. Found:
           record it, and delete further copies. Surely absent: open the delivery again, so that
           it may be grouped with others that waited. Not sure: leave it for later.
        3. Intend: from here on, after a crash, the delivery may have been sent.
        4. Guard: give the delivery back if the call might outlast the lease.
        5. Post, once.
        6. Record Slack's answer: sent; refused, and so surely not shown; or unsure.

        At most one delivery is posted per place; the others are given back until the channel's
        gate opens.
        """
        if self._is_stopping:
            return _TICK_SECONDS
        self._rounds_under_way += 1
        self._idle.clear()
        try:
            await self._deliver_round(project)
        except StoreUnavailable as error:
            if not self._is_unreachable:
                _log.warning("outbox_unreachable", error=str(error))
            self._is_unreachable = True
            return _STORE_PAUSE_SECONDS
        else:
            self._is_unreachable = False
            return _TICK_SECONDS
        finally:
            self._rounds_under_way -= 1
            if not self._rounds_under_way:
                self._idle.set()

    async def finish(self) -> None:
        """Start no more posts, wait for those under way, and give back all other deliveries."""
        self._is_stopping = True
        await self._idle.wait()

    async def _deliver_round(self, project: Project) -> None:
        asked_at = self._monotonic()
        claimed = await self._outbox.claim(project, limit=_CLAIMED_AT_ONCE)
        # The sort is stable, so the deliveries of a place keep the order of the claim.
        ordered = sorted(claimed, key=_place_id)
        places = [list(group) for _, group in groupby(ordered, key=_place_id)]
        ends = await asyncio.gather(
            *(self._serve_place(group, asked_at) for group in places), return_exceptions=True
        )
        for end in ends:
            if isinstance(end, StoreUnavailable):
                raise end
            if isinstance(end, Exception):
                _log.error("delivery_failed", exc_info=end)

    async def _serve_place(self, deliveries: list[Delivery], asked_at: float) -> None:
        is_served = False
        for delivery in deliveries:
            if is_served or self._is_stopping:
                await self._put_back(delivery, _SOON)
            else:
                is_served = await self._deliver(delivery, asked_at)

    async def _deliver(self, delivery: Delivery, asked_at: float) -> bool:
        """Search for one delivery or post it; True if Slack was asked to post."""
        if delivery.intent_at is not None:
            with delivering(delivery) as traced:
                await self._look_for(delivery, traced)
            return False
        if delivery.attempts >= _MOST_ATTEMPTS:
            await self._give_up(delivery, "tried for 24 h, and Slack never took it")
            return False
        await self._close_gate(delivery.place.team_id, delivery.place.channel_id, _CHANNEL_PAUSE)
        if not await self._outbox.intend(delivery):
            return False
        if not self._timing.has_time_to_call(self._monotonic() - asked_at):
            await self._outbox.give_back(delivery, due_in=_SOON)
            return False
        with delivering(delivery) as traced:
            await self._post(delivery, traced)
        return True

    async def _post(self, delivery: Delivery, traced: Span) -> None:
        try:
            message = await self._messenger.post(delivery)
        except MessageRejected as error:
            traced.fail(DeliveryOutcome.REFUSED.value)
            await self._accept_refusal(delivery, error)
        except MessengerUnavailable as error:
            traced.fail(DeliveryOutcome.UNSURE.value)
            self._refusals.unsure(delivery, error)
            pause = max(self._timing.settle, self._backoff(delivery))
            failures = delivery.failures + 1
            self._meter.count_delivery(DeliveryOutcome.UNSURE)
            await self._outbox.record_unsure(delivery, due_in=pause, failures=failures)
        else:
            self._workspace_pauses.end(delivery.place.team_id)
            self._refusals.taken(delivery)
            if not await self._outbox.record_sent(delivery, message):
                _log.warning("delivery_taken_over", delivery=delivery.id, ts=message.ts)
            note_shown(delivery, DeliveryOutcome.SENT, self._clock(), self._meter, traced)

    async def _accept_refusal(self, delivery: Delivery, error: MessageRejected) -> None:
        self._refusals.refused(delivery, error)
        self._meter.count_delivery(DeliveryOutcome.REFUSED)
        pause, failures = _SOON, 0
        match error.refusal:
            case Refusal.CONTENT:
                await self._give_up(delivery, code_of(error))
                return
            case Refusal.TOO_FAST:
                await self._close_gate(
                    delivery.place.team_id, delivery.place.channel_id, _asked_pause(error)
                )
            case Refusal.PLACE if isinstance(delivery, Greeting):
                # Slack may only be late in letting us post to a new channel, and nobody there has
                # a subscription yet who could end a pause of the place.
                pause = self._backoff(delivery, longest=_LONGEST_GREETING_BACKOFF)
                failures = delivery.failures + 1
            case Refusal.PLACE:
                await self._outbox.pause_place(delivery.place, reason=code_of(error))
            case Refusal.WORKSPACE | Refusal.SCOPE:
                await self._pause_workspace(delivery.place.team_id, error)
            case Refusal.NOT_SENT | Refusal.MESSAGE_GONE:
                pause, failures = self._backoff(delivery), delivery.failures + 1
        await self._outbox.give_back(delivery, due_in=pause, failures=failures)

    async def _look_for(self, delivery: Delivery, traced: Span) -> None:
        """Search for copies of a delivery that may have been sent, and record the result."""
        try:
            found = await self._messenger.find(delivery)
        except MessengerError as error:
            await self._accept_failed_search(delivery, error)
            return
        if not found:
            await self._outbox.record_absent(delivery)
            return
        kept = oldest(found)
        if await self._outbox.record_sent(delivery, kept):
            note_shown(delivery, DeliveryOutcome.FOUND, self._clock(), self._meter, traced)
            others = (copy for copy in found if copy != kept)
            await delete_copies(self._messenger, delivery.place, others)

    async def _accept_failed_search(self, delivery: Delivery, error: MessengerError) -> None:
        """Record an incomplete search, which proves nothing: the delivery stays unsure, until it is
        given up."""
        tried = self._clock() - (delivery.intent_at or self._clock())
        pause = max(self._timing.settle, min(tried, _LONGEST_BACKOFF))
        refusal = error.refusal if isinstance(error, MessageRejected) else None
        match refusal:
            case Refusal.TOO_FAST:
                pause = max(pause, _asked_pause(error))
            case Refusal.PLACE:
                await self._outbox.pause_place(delivery.place, reason=code_of(error))
            case Refusal.WORKSPACE:
                await self._pause_workspace(delivery.place.team_id, error)
            case Refusal.NOT_SENT:
                pass
            case _:
                if refusal is Refusal.SCOPE or tried > _GIVE_UP_AFTER:
                    await self._give_up(delivery, unconfirmed(error))
                    return
        await self._outbox.record_unsure(delivery, due_in=pause)

    async def _put_back(self, delivery: Delivery, due_in: timedelta) -> None:
        """End the lease without a post; a delivery with an intent stays unsure."""
        if delivery.intent_at is None:
            await self._outbox.give_back(delivery, due_in=due_in)
        else:
            await self._outbox.record_unsure(delivery, due_in=due_in)

    async def _give_up(self, delivery: Delivery, reason: str) -> None:
        _log.error(
            "dead_letter",
            delivery=delivery.id,
            team=delivery.place.team_id,
            place=delivery.place.channel_id,
            job=delivery.job_id or None,
            step=_step_of(delivery),
            reason=reason,
        )
        await self._outbox.record_dead(delivery, reason=reason)
        self._meter.count_delivery(DeliveryOutcome.DEAD)

    async def _close_gate(self, team_id: str, channel_id: str, opens_in: timedelta) -> None:
        await self._outbox.close_gate(team_id, channel_id, opens_in=opens_in)

    async def _pause_workspace(self, team_id: str, error: MessengerError) -> None:
        """Hold a workspace, longer each time, until Slack takes a delivery again."""
        pause = self._workspace_pauses.begin(team_id)
        await self._outbox.pause_workspace(team_id, reason=error.code, opens_in=pause)

    def _backoff(self, delivery: Delivery, longest: timedelta = _LONGEST_BACKOFF) -> timedelta:
        # This counts failures and not attempts, because an attempt that ended with its process
        # says nothing about Slack.
        grown = min(timedelta(seconds=2.0 ** min(delivery.failures, 12)), longest)
        return grown * (1 + self._jitter()) / 2


def _place_id(delivery: Delivery) -> str:
    return delivery.place.channel_id


def _asked_pause(error: MessengerError) -> timedelta:
    asked = error.retry_after if isinstance(error, MessageRejected) else None
    return timedelta(seconds=asked) if asked else _PAUSE_UNASKED


def _step_of(delivery: Delivery) -> str:
    """Return the changes of a delivery for the log; its class name if it reports none."""
    steps = [f"{change.step.before} → {change.step.after}" for change in delivery.changes]
    return ", ".join(steps) or type(delivery).__name__
