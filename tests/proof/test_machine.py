"""Compare the store with a reference model, for random orders of operations.

`VISJOB_PROOF=full` tries 500 orders of 60 steps.
"""

import tempfile
from collections import Counter
from collections.abc import Coroutine
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.core.absence import ListEvidence
from bot.core.delivery import CardDelivery, Delivery, MessageRef
from bot.core.delivery_ids import delivery_id
from bot.core.hold import HoldScope
from bot.core.job import JobId
from bot.core.place_rules import MINUTES_OF_A_DAY, Digest, PlaceRules, QuietHours
from bot.core.ports.store import Observation
from bot.core.subscription import DeliveryMode, Place
from bot.store import SqlStore
from tests.databases import MEMORY, sqlite_migrated
from tests.proof.extent import IS_FULL, size
from tests.proof.hold_model import HoldModel
from tests.proof.reference import Reference
from tests.proof.virtual_time import START, VirtualLoop, open_on_this_thread
from tests.store.world import LEASE, P1, SETTLE, a_subscription, connected, job

JOBS = [JobId(1), JobId(2)]
PLACES = [Place(team_id="T1", channel_id=id) for id in ("C1", "C2")]
STATUSES = (7, 8, 10, 11)
#: The possible fates of a claimed delivery; the first one is the usual one.
FATES = ("sent", "refused", "shown, unsure", "unsure", "dead", "claimed", "intended", "shown")

Answer = TypeVar("Answer")

jobs = st.sampled_from(JOBS)
places = st.sampled_from(PLACES)


class Machine(RuleBasedStateMachine):
    """Two jobs, two places, and workers that may die at any point of their work."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualLoop()
        self.model = Reference(now=START)
        self.paused: set[Place] = set()
        self.gates: dict[str, Any] = {}
        self.shown: dict[str, MessageRef] = {}
        self.copies: Counter[str] = Counter()
        #: The claims of workers that died, and when each delivery was claimed.
        self.left: list[Delivery] = []
        self.claimed_at: dict[str, Any] = {}
        self.holds = HoldModel()
        #: How often each job was restarted, which its status does not show.
        self.runs = Counter[JobId]()
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY)))
        file = folder / "visjob.db"
        file.write_bytes(sqlite_migrated())
        self.store: SqlStore = open_on_this_thread(
            file,
            clock=lambda: self.model.now,
            interval=timedelta(seconds=30),
        )

    @initialize(job_id=jobs, place=places)
    def begin(self, job_id: JobId, place: Place) -> None:
        self.subscribe(job_id, place, 7, "all", DeliveryMode.THREAD)

    @rule(
        job_id=jobs,
        place=places,
        baseline=st.sampled_from((None, *STATUSES)),
        wanted=st.sampled_from(("all", "all", "changes", "failures", "running,finished")),
        delivery_mode=st.sampled_from((DeliveryMode.THREAD, DeliveryMode.CHANNEL)),
    )
    def subscribe(
        self,
        job_id: JobId,
        place: Place,
        baseline: int | None,
        wanted: str,
        delivery_mode: DeliveryMode,
    ) -> None:
        terms = a_subscription(job_id, place, wanted=wanted, delivery_mode=delivery_mode)
        self._pass(1)
        read = None if baseline is None else self._job(job_id, baseline)
        kept = self._do(self.store.subscriptions.subscribe(terms, baseline=read))

        run = self.runs[job_id]
        assert kept.is_new == self.model.subscribe(terms, job_id, baseline, run=run)

    @rule(place=places)
    def unsubscribe(self, place: Place) -> None:
        gone = self._do(self.store.subscriptions.unsubscribe(P1, place, None, by="U1"))

        assert len(gone) == self.model.unsubscribe(place)

    @rule(reads=st.tuples(*[st.sampled_from((*STATUSES, None, "fails", "dies"))] * 2))
    def poll(self, reads: tuple[int | str | None, ...]) -> None:
        """Poll a minute later; None is an answer that there is no such job."""
        self._poll(reads)

    @rule(index=st.integers(0, len(JOBS) - 1), reads=st.sampled_from((1, 1, 2)))
    def restart(self, index: int, reads: int) -> None:
        """Start another run of a job, perhaps without a change of its status."""
        self.runs[JOBS[index]] += 1
        known = self.model.jobs.get(JOBS[index])
        status = known.status if known and known.status in STATUSES else 8
        for _ in range(reads):
            self._poll(tuple(status if one == index else "fails" for one in range(len(JOBS))))

    @rule(index=st.integers(0, len(JOBS) - 1))
    def vanish(self, index: int) -> None:
        """Delete a job, while the other job cannot be read."""
        for _ in range(2):
            self._poll(tuple(None if one == index else "fails" for one in range(len(JOBS))))
        self.list_jobs(frozenset(range(len(JOBS))) - {index}, is_complete=True)

    @rule(
        indexes=st.frozensets(st.integers(0, len(JOBS) - 1)),
        is_complete=st.booleans(),
    )
    def list_jobs(self, indexes: frozenset[int], is_complete: bool) -> None:
        """Record a list that shows these jobs; an incomplete one has a row of an unknown job."""
        shown = frozenset(JOBS[index] for index in indexes)
        self._pass(1)
        evidence = ListEvidence(
            project=P1, asked_at=self.model.now, shown=shown, is_complete=is_complete
        )
        self._do(self.store.watchlist.record([], next_in={}, evidence=evidence))
        self.model.hear(shown, is_complete=is_complete)

    def _poll(self, reads: tuple[int | str | None, ...]) -> None:
        self._pass(61)
        claimed = self._do(self.store.watchlist.claim_due(P1, limit=9))
        due = {one.job_id: one for one in claimed.leases}
        assert {id for id in JOBS if self.model.is_wanted(id)} <= set(due)
        for job_id, read in zip(JOBS, reads, strict=True):
            lease = due.get(job_id)
            if lease is None or read == "dies":
                continue
            if read == "fails":
                self._do(self.store.watchlist.release([lease], due_in=timedelta(0)))
            else:
                self._record(Observation(lease=lease, job=self._job(job_id, read)), read)

    @rule(place=places, is_paused=st.booleans())
    def pause_or_resume(self, place: Place, is_paused: bool) -> None:
        if is_paused:
            self._do(self.store.outbox.pause_place(place, reason="not in the channel"))
            self.paused.add(place)
        else:
            assert self._do(self.store.outbox.resume_place(place)) == (place in self.paused)
            self.paused.discard(place)

    @rule(channel_id=st.sampled_from(("C1", "C2", "")), seconds=st.sampled_from((1, 40, 600)))
    def close_gate(self, channel_id: str, seconds: int) -> None:
        opens_in = timedelta(seconds=seconds)
        self._do(self.store.outbox.close_gate("T1", channel_id, opens_in=opens_in))
        known = self.gates.get(channel_id, START)
        self.gates[channel_id] = max(known, self.model.now + opens_in)

    @rule(place=places, job_id=st.none() | jobs, seconds=st.sampled_from((10, 600, 7200)))
    def snooze(self, place: Place, job_id: JobId | None, seconds: int) -> None:
        until = self.model.now + timedelta(seconds=seconds)
        self._do(self.store.snoozes.snooze(_scope(place, job_id), until=until, by="U1"))
        self.holds.snoozed[place, job_id] = until

    @rule(place=places, job_id=st.none() | jobs)
    def wake(self, place: Place, job_id: JobId | None) -> None:
        ended = self._do(self.store.snoozes.wake(_scope(place, job_id)))
        assert len(ended) == self.holds.wake(place, job_id, self.model.now)

    @rule(
        place=places,
        begins_in=st.sampled_from((None, -30, 0, 2, 60)),
        lets_failures_pass=st.booleans(),
        digest_in=st.sampled_from((None, None, -1, 3, 90)),
    )
    def set_rules(
        self,
        place: Place,
        begins_in: int | None,
        digest_in: int | None,
        *,
        lets_failures_pass: bool,
    ) -> None:
        """Set quiet hours of 45 minutes and a digest, so many minutes from now; None: without."""
        quiet_hours = digest = None
        if begins_in is not None:
            quiet_hours = QuietHours(
                begins_at=self._minute(begins_in),
                ends_at=self._minute(begins_in + 45),
                lets_failures_pass=lets_failures_pass,
            )
        if digest_in is not None:
            digest = Digest(at=self._minute(digest_in))
        rules = PlaceRules(place=place, quiet_hours=quiet_hours, digest=digest, time_zone="UTC")
        self._do(self.store.place_rules.set_rules(rules))
        self.holds.rules[place] = rules

    @rule(seconds=st.sampled_from((1, 30, 59, 61, 95, 3600)))
    def let_time_pass(self, seconds: int) -> None:
        self._pass(seconds)

    @rule(fates=st.tuples(*[st.sampled_from(FATES)] * 2), limit=st.sampled_from((1, 9)))
    def deliver(self, fates: tuple[str, ...], limit: int) -> None:
        claimed = self._do(self.store.outbox.claim(P1, limit=limit))
        assert len(claimed) <= len(PLACES)
        for delivery, fate in zip(claimed, fates, strict=False):
            self._check_claim(delivery)
            self._meet(delivery, fate)

    @rule()
    def deliver_all(self) -> None:
        for _ in range(3):
            self.deliver(("sent", "sent"), 9)
            self._pass(1)

    @rule(index=st.integers(0, 9))
    def come_too_late(self, index: int) -> None:
        """Let a worker that seemed dead go on with an old claim."""
        if not self.left:
            return
        delivery = self.left.pop(index % len(self.left))
        # If no claim is noted, another worker has claimed the delivery since, and has finished.
        since = self.claimed_at.get(delivery.id)
        is_over = since is None or self.model.now >= since + LEASE
        is_known = self._epoch(delivery.id) == delivery.epoch
        intended = self._do(self.store.outbox.intend(delivery))
        assert intended <= (is_known and not is_over)
        if intended and delivery.id in self.shown:
            self._finish(delivery, self.shown[delivery.id])
        elif intended:
            assert self._do(self.store.outbox.give_back(delivery, due_in=timedelta(0)))
            del self.claimed_at[delivery.id]
        elif not is_known:
            assert not self._do(self.store.outbox.record_dead(delivery, reason="late"))
            assert not self._do(self.store.outbox.record_unsure(delivery, due_in=SETTLE))

    @rule()
    def edit_cards(self) -> None:
        for edit in self._do(self.store.outbox.claim_edits(P1, limit=9)):
            assert edit.place not in self.paused
            assert self._do(self.store.outbox.record_edited(edit))

    @invariant()
    def the_wishes_are_as_in_the_model(self) -> None:
        kept = self._do(self.store.subscriptions.list_subscriptions(P1))
        found = {
            (one.place, one.target.text): (one.state, one.event_filter, one.delivery_mode)
            for one in kept
        }
        assert found == {
            (place, str(job_id)): (one.state, one.terms.event_filter, one.terms.delivery_mode)
            for (place, job_id), one in self.model.wishes.items()
        }

    @invariant()
    def the_history_is_as_in_the_model(self) -> None:
        history = self._do(self.store.history.changes_since(P1, since=START))
        found = sorted((one.job.id, one.sequence, one.step) for one in history)
        assert found == sorted(self.model.changes, key=lambda one: one[:2])

    def teardown(self) -> None:
        try:
            self._tell_the_rest()
            self._do(self.store.close())
        finally:
            self.loop.close()
            self._stack.close()

    def _tell_the_rest(self) -> None:
        for place in PLACES:
            self._do(self.store.outbox.resume_place(place))
            self.set_rules(place, None, None, lets_failures_pass=False)
            self.wake(place, None)
        self.paused.clear()
        self.left.clear()
        for _ in range(200):
            self._pass(700)
            claimed = self._do(self.store.outbox.claim(P1, limit=9))
            if not claimed:
                break
            for delivery in claimed:
                self._check_claim(delivery)
                self._meet(delivery, "sent")
        assert not [id for id, told in self.model.told.items() if not told.end]
        shown = {id for id, told in self.model.told.items() if told.end == "sent"}
        assert self.copies == Counter(shown)

    def _check_claim(self, delivery: Delivery) -> None:
        assert delivery.place not in self.paused
        for channel_id in ("", delivery.place.channel_id):
            assert self.gates.get(channel_id, START) <= self.model.now
        since = self.claimed_at.get(delivery.id)
        if since is not None:
            rest = SETTLE if delivery.intent_at else timedelta(0)
            assert self.model.now >= since + LEASE + rest
        self.claimed_at[delivery.id] = self.model.now
        beside: set[str] = set()
        for id in _members(delivery):
            told = self.model.told[id]
            assert not told.end
            assert self.model.is_next(told, beside=beside)
            beside.add(id)
        if together := [self.model.told[id] for id in _members(delivery)]:
            place = delivery.place
            here = [one for one in self.model.told.values() if one.place == place and not one.end]
            assert self.holds.admits(together, self.model.now, here)

    def _minute(self, ahead: int) -> int:
        now = self.model.now
        return (now.hour * 60 + now.minute + ahead) % MINUTES_OF_A_DAY

    def _meet(self, delivery: Delivery, fate: str) -> None:
        outbox = self.store.outbox
        if delivery.intent_at is not None and delivery.id in self.shown:
            self._finish(delivery, self.shown[delivery.id])
            return
        if fate == "claimed":
            self.left.append(delivery)
            return
        if fate == "dead" and not isinstance(delivery, CardDelivery):
            assert self._do(outbox.record_dead(delivery, reason="will not do"))
            self._end(delivery, "dead")
            return
        assert self._do(outbox.intend(delivery))
        if fate in ("sent", "shown", "shown, unsure", "dead"):
            self._show(delivery)
        if fate in ("sent", "dead"):
            self._finish(delivery, self.shown[delivery.id])
        elif fate == "refused":
            assert self._do(outbox.give_back(delivery, due_in=timedelta(seconds=5)))
            del self.claimed_at[delivery.id]
        elif "unsure" in fate:
            assert self._do(outbox.record_unsure(delivery, due_in=SETTLE))
            del self.claimed_at[delivery.id]

    def _show(self, delivery: Delivery) -> None:
        ts = f"1772323200.{len(self.shown) + 1:06}"
        self.shown[delivery.id] = MessageRef(channel_id=delivery.place.channel_id, ts=ts)
        self.copies.update(_members(delivery))

    def _finish(self, delivery: Delivery, message: MessageRef) -> None:
        assert self._do(self.store.outbox.record_sent(delivery, message))
        self._end(delivery, "sent")
        if isinstance(delivery, CardDelivery):
            # Forget the message, so that another post of the same card counts as a new one.
            del self.shown[delivery.id]

    def _end(self, delivery: Delivery, end: str) -> None:
        self.claimed_at.pop(delivery.id, None)
        for id in _members(delivery):
            self.model.told[id].end = end

    def _record(self, seen: Observation, read: int | str | None) -> None:
        self._do(self.store.watchlist.record([seen], next_in={}))
        if isinstance(read, int):
            self.model.read(seen.lease.job_id, read, self.runs[seen.lease.job_id])
        else:
            self.model.deny(seen.lease.job_id)

    def _job(self, job_id: JobId, status: int | str | None) -> Any:
        if not isinstance(status, int):
            return None
        read = job(job_id, status, at=(self.model.now - job(1).read_at).total_seconds())
        return read._replace(duration=_A_LONG_TIME - self.runs[job_id] * _FALL + self._rounding())

    def _rounding(self) -> timedelta:
        return timedelta(milliseconds=self.model.now.second % 2 * 999)

    def _epoch(self, id: str) -> int:
        async def ask() -> int:
            with connected(self.store) as connection:
                sql = "SELECT epoch FROM delivery WHERE id = ?"
                return int((connection.exec_driver_sql(sql, (id,))).scalar_one())

        return self._do(ask())

    def _pass(self, seconds: float) -> None:
        self.model.now += timedelta(seconds=seconds)

    def _do(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.loop.run_until_complete(work)


# A restart shows only as a fall of the duration, which must be more than rounding causes.
_A_LONG_TIME, _FALL = timedelta(hours=1000), timedelta(seconds=2)


def _scope(place: Place, job_id: JobId | None) -> HoldScope:
    project_id = "" if job_id is None else "p1"
    return HoldScope(
        team_id=place.team_id,
        channel_id=place.channel_id,
        project_id=project_id,
        job_id=job_id or 0,
    )


def _members(delivery: Delivery) -> tuple[str, ...]:
    if isinstance(delivery, CardDelivery):
        return ()
    return tuple(delivery_id(delivery.place, change) for change in delivery.changes)


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=size("EXAMPLES", short=30, full=500),
    stateful_step_count=size("STEPS", short=40, full=60),
    deadline=None,
    derandomize=not IS_FULL,
    suppress_health_check=list(HealthCheck),
)
