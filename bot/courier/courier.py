"""Empties the outbox: the one place that posts. Knows the protocol, neither Slack nor SQL."""

import asyncio
from collections import Counter
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
from bot.courier.duplicates import delete_copies, oldest
from bot.courier.shown import delivering, note_shown
from bot.courier.timing import Timing

_log = structlog.get_logger(__name__)

_CLAIMED_AT_ONCE = 50
# The ticker asks once a second; this makes it one post for each tick and channel, which is what
# Slack allows for long (docs.slack.dev/apis/web-api/rate-limits).
_CHANNEL_PAUSE = timedelta(seconds=0.9)
_PAUSE_UNASKED = timedelta(seconds=30)
_WORKSPACE_PAUSE = timedelta(minutes=5)
_LONGEST_WORKSPACE_PAUSE = timedelta(hours=1)
_LONGEST_BACKOFF = timedelta(minutes=5)
# Nobody misses it in a channel where nobody but some may post.
_LONGEST_GREETING_BACKOFF = timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(hours=24)
# At one try in five minutes after the first few, 24 hours of trying.
_MOST_ATTEMPTS = 300
_SOON = timedelta()

# Shorter than a tick, so that none is missed.
_TICK_SECONDS = 0.5
_STORE_PAUSE_SECONDS = 5.0


class Courier:
    """Brings each delivery to its place once. `jitter` gives 0 to 1."""

    def __init__(
        self,
        outbox: Outbox,
        messenger: Messenger,
        *,
        timing: Timing,
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
        #: In a row, of each workspace.
        self._workspace_refusals: Counter[str] = Counter()
        self._rounds_under_way = 0
        self._is_stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def deliver_due(self, project: Project) -> float:
        """Post what is due of a project; the seconds until it is worth asking again.

        1. Claim: lease what is due, and note when we asked.
        2. Look: what an earlier attempt may have sent is searched for first. Found: recorded,
           and further copies deleted. Surely not there: open again, and so perhaps grouped with
           what waited beside it. Not sure: left for later.
        3. Intend: from here on a crash means that it may have been sent.
        4. Guard: too late to end before the lease does: nothing is sent.
        5. Post, once.
        6. Record what Slack said: sent; refused, and so surely not shown; or unsure.

        Of one place at most one is posted; the rest goes back until the channel's gate opens.
        """
        if self._is_stopping:
            return _TICK_SECONDS
        self._rounds_under_way += 1
        self._idle.clear()
        try:
            return await self._deliver_round(project)
        except StoreUnavailable as error:
            _log.warning("outbox_unreachable", error=str(error))
            return _STORE_PAUSE_SECONDS
        finally:
            self._rounds_under_way -= 1
            if not self._rounds_under_way:
                self._idle.set()

    async def finish(self) -> None:
        """Begin nothing more; wait for the posts under way, and give back what is unbegun."""
        self._is_stopping = True
        await self._idle.wait()

    async def _deliver_round(self, project: Project) -> float:
        asked_at = self._monotonic()
        claimed = await self._outbox.claim(project, limit=_CLAIMED_AT_ONCE)
        # Sorting is stable: within a place the order of the claim stays.
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
        return _TICK_SECONDS

    async def _serve_place(self, deliveries: list[Delivery], asked_at: float) -> None:
        is_served = False
        for delivery in deliveries:
            if is_served or self._is_stopping:
                await self._put_back(delivery, _SOON)
            else:
                is_served = await self._deliver(delivery, asked_at)

    async def _deliver(self, delivery: Delivery, asked_at: float) -> bool:
        """True if Slack was asked to post."""
        if delivery.intent_at is not None:
            with delivering(delivery) as traced:
                await self._look_for(delivery, traced)
            return False
        if delivery.attempts >= _MOST_ATTEMPTS:
            await self._bury(delivery, "tried for 24 h, and Slack never took it")
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
            _log.warning("delivery_unsure", delivery=delivery.id, error=str(error), code=error.code)
            pause = max(self._timing.settle, self._backoff(delivery))
            failures = delivery.failures + 1
            self._meter.count_delivery(DeliveryOutcome.UNSURE)
            await self._outbox.record_unsure(delivery, due_in=pause, failures=failures)
        else:
            del self._workspace_refusals[delivery.place.team_id]
            if not await self._outbox.record_sent(delivery, message):
                _log.warning("delivery_taken_over", delivery=delivery.id, ts=message.ts)
            note_shown(delivery, DeliveryOutcome.SENT, self._clock(), self._meter, traced)

    async def _accept_refusal(self, delivery: Delivery, error: MessageRejected) -> None:
        log = _log.info if isinstance(delivery, Greeting) else _log.warning
        log("delivery_refused", delivery=delivery.id, error=str(error), code=error.code)
        self._meter.count_delivery(DeliveryOutcome.REFUSED)
        pause, failures = _SOON, 0
        match error.refusal:
            case Refusal.CONTENT:
                await self._bury(delivery, code_of(error))
                return
            case Refusal.TOO_FAST:
                await self._close_gate(
                    delivery.place.team_id, delivery.place.channel_id, _asked_pause(error)
                )
            case Refusal.PLACE if isinstance(delivery, Greeting):
                # Nobody follows anything there yet who could let us in, and Slack may only be late.
                pause = self._backoff(delivery, longest=_LONGEST_GREETING_BACKOFF)
                failures = delivery.failures + 1
            case Refusal.PLACE:
                await self._outbox.pause_place(delivery.place, reason=code_of(error))
            case Refusal.WORKSPACE | Refusal.SCOPE:
                await self._close_workspace(delivery.place.team_id)
            case Refusal.NOT_SENT | Refusal.MESSAGE_GONE:
                pause, failures = self._backoff(delivery), delivery.failures + 1
        await self._outbox.give_back(delivery, due_in=pause, failures=failures)

    async def _look_for(self, delivery: Delivery, traced: Span) -> None:
        """Search for copies of what may have been sent, and record what was found out."""
        try:
            found = await self._messenger.find(delivery)
        except MessengerError as error:
            await self._accept_blindness(delivery, error)
            return
        if not found:
            await self._outbox.record_absent(delivery)
            return
        kept = oldest(found)
        if await self._outbox.record_sent(delivery, kept):
            note_shown(delivery, DeliveryOutcome.FOUND, self._clock(), self._meter, traced)
            others = (copy for copy in found if copy != kept)
            await delete_copies(self._messenger, delivery.place, others)

    async def _accept_blindness(self, delivery: Delivery, error: MessengerError) -> None:
        """A search that was not complete proves nothing: the delivery stays unsure."""
        tried = self._clock() - (delivery.intent_at or self._clock())
        pause = max(self._timing.settle, min(tried, _LONGEST_BACKOFF))
        refusal = error.refusal if isinstance(error, MessageRejected) else None
        match refusal:
            case Refusal.TOO_FAST:
                pause = max(pause, _asked_pause(error))
            case Refusal.PLACE:
                await self._outbox.pause_place(delivery.place, reason=code_of(error))
            case Refusal.WORKSPACE:
                await self._close_workspace(delivery.place.team_id)
            case Refusal.NOT_SENT:
                pass
            case _:
                if refusal is Refusal.SCOPE or tried > _GIVE_UP_AFTER:
                    await self._bury(delivery, unconfirmed(error))
                    return
        await self._outbox.record_unsure(delivery, due_in=pause)

    async def _put_back(self, delivery: Delivery, due_in: timedelta) -> None:
        """Untouched: what may have been sent before still may have been."""
        if delivery.intent_at is None:
            await self._outbox.give_back(delivery, due_in=due_in)
        else:
            await self._outbox.record_unsure(delivery, due_in=due_in)

    async def _bury(self, delivery: Delivery, reason: str) -> None:
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

    async def _close_workspace(self, team_id: str) -> None:
        """For longer each time, until Slack takes a delivery again."""
        grown = _WORKSPACE_PAUSE * 2.0 ** min(self._workspace_refusals[team_id], 4)
        self._workspace_refusals[team_id] += 1
        await self._close_gate(team_id, "", min(grown, _LONGEST_WORKSPACE_PAUSE))

    def _backoff(self, delivery: Delivery, longest: timedelta = _LONGEST_BACKOFF) -> timedelta:
        # Not by attempts: a process that died meanwhile says nothing about Slack.
        grown = min(timedelta(seconds=2.0 ** min(delivery.failures, 12)), longest)
        return grown * (1 + self._jitter()) / 2


def _place_id(delivery: Delivery) -> str:
    return delivery.place.channel_id


def _asked_pause(error: MessengerError) -> timedelta:
    asked = error.retry_after if isinstance(error, MessageRejected) else None
    return timedelta(seconds=asked) if asked else _PAUSE_UNASKED


def _step_of(delivery: Delivery) -> str:
    """The statuses that it tells, as a log shows them; what it is where it tells none."""
    steps = [f"{change.step.before} → {change.step.after}" for change in delivery.changes]
    return ", ".join(steps) or type(delivery).__name__
