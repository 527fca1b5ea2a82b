"""Compare the guard with a model, for random orders of reads, leases, owners, posts and deaths."""

import tempfile
from collections import Counter
from collections.abc import Coroutine
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from bot.core.care import Keep, KeepVerdict
from bot.core.delivery import ChangeDelivery, Delivery, GuardDelivery, MessageRef
from bot.core.guard import GuardRules
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Observation
from bot.core.subscription import Place
from bot.store import SqlStore
from tests.databases import MEMORY, sqlite_migrated
from tests.proof.extent import IS_FULL, size
from tests.proof.virtual_time import START, VirtualLoop, open_on_this_thread
from tests.store.world import P1, a_subscription, job

RULES = GuardRules(hours=(8, 24), stuck_after=timedelta(hours=10_000))
JOB = JobId(205)
HOUR = timedelta(hours=1)
#: The event filters of two places that want reminders of cost, and of one that does not.
WANTED = {"C1": "all", "C2": "failures", "C3": "running,failed"}
WANTING = ("C1", "C2")
PEOPLE = ("U0ANA00001", "U0BEN00002")
FATES = ("sent", "sent", "refused", "unsure", "claimed")

Answer = TypeVar("Answer")
#: The channel, the kind and the hours of a notice.
Told = tuple[str, str, int]


def mark_of(ran: timedelta) -> int:
    """Return the last mark passed after so long: 8, 24, 48, 72 ..., or 0."""
    hours = ran // HOUR
    return hours // 24 * 24 if hours >= 24 else 8 * (hours >= 8)


class GuardMachine(RuleBasedStateMachine):
    """One job that is read now and then, and workers that may die after a claim."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.began = START
        self.status, self.mark, self.runs = 8, 0, 0
        self.kept_until = self.now - HOUR
        self.is_kept = False
        self.owner = ""
        #: How long the job had run at its last read.
        self.read_ran = timedelta(0)
        #: The notices that must be shown, those of them never begun, and those that are shown.
        self.expected: Counter[Told] = Counter()
        self.untouched: Counter[Told] = Counter()
        self.shown: Counter[Told] = Counter()
        #: The channels and marks that are due in the present run.
        self.marks: set[tuple[str, int]] = set()
        #: The marks with a higher one of their run, which may be posted in their place.
        self.lower: set[tuple[int, str, int]] = set()
        #: Notices that were perhaps begun when their run was over, so they may stay unsent.
        self.vain: Counter[Told] = Counter()
        self.posted: dict[str, MessageRef] = {}
        self.loop = VirtualLoop()
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY)))
        file = folder / "visjob.db"
        file.write_bytes(sqlite_migrated())
        self.store: SqlStore = open_on_this_thread(
            file, clock=lambda: self.now, interval=timedelta(seconds=30)
        )
        for channel_id, wanted in WANTED.items():
            place = Place(team_id="T1", channel_id=channel_id)
            terms = replace(a_subscription(JOB, place, wanted=wanted), created_at=self.now)
            self._do(self.store.subscriptions.subscribe(terms, baseline=self._job()))
        self._do(self.store.care.look_after(P1, RULES))

    @rule(hours=st.sampled_from((1, 7, 9, 16, 30, 75)), is_read=st.booleans())
    def hours_pass(self, hours: int, is_read: bool) -> None:
        """Let hours pass; then the job is read, or cannot be read."""
        if self.status != 8:
            return  # a day after its end, no subscription would follow the job any more
        self._pass(hours)
        self._poll(is_read=is_read)

    @rule()
    def end(self) -> None:
        if self.status != 8:
            return
        self._pass(1)
        self.status = 12
        self._poll(is_read=True)
        self._overtake()

    @rule()
    def restart(self) -> None:
        """Start another run of the job, perhaps without a change of its status."""
        if self.status == 8 and self.read_ran < HOUR:
            return  # the duration would not fall, so nobody could notice the restart
        self._pass(1)
        self.status, self.began, self.mark = 8, self.now, 0
        self.marks.clear()
        self.runs += 1
        self.is_kept = False  # a keep belongs to one run
        self._overtake()
        self._poll(is_read=True)

    @rule(hours=st.sampled_from((1, 8, 30, 100)))
    def keep(self, hours: int) -> None:
        lease = Keep(until=self.now + hours * HOUR, by=PEOPLE[0])
        verdict = self._do(self.store.care.keep(P1, JOB, lease))
        assert (verdict is KeepVerdict.KEPT) == (self.status == 8)
        if verdict is KeepVerdict.KEPT:
            self.kept_until, self.is_kept = lease.until, True
            self._withdraw()

    @rule()
    def keep_off(self) -> None:
        ended = self._do(self.store.care.stop_keeping(P1, JOB))
        is_live = self.status == 8 and self.is_kept and self.kept_until > self.now
        assert (ended is not None) == is_live
        self.is_kept = self.is_kept and not is_live

    @rule(who=st.sampled_from(PEOPLE), is_taken_over=st.booleans())
    def claim(self, who: str, is_taken_over: bool) -> None:
        found = self._do(self.store.care.claim(P1, self._job(), who, is_taken_over=is_taken_over))
        self.owner = who if is_taken_over or not self.owner else self.owner
        assert found.after == self.owner

    @rule(who=st.sampled_from(PEOPLE))
    def disclaim(self, who: str) -> None:
        found = self._do(self.store.care.disclaim(P1, self._job(), who))
        self.owner = "" if self.owner == who else self.owner
        assert found.after == self.owner

    @rule(fates=st.tuples(*[st.sampled_from(FATES)] * 3))
    def deliver(self, fates: tuple[str, ...]) -> None:
        for delivery, fate in zip(
            self._do(self.store.outbox.claim(P1, limit=9)), fates, strict=False
        ):
            self._meet(delivery, fate)

    @rule()
    def deliver_all(self) -> None:
        for _ in range(4):
            self.deliver(("sent",) * 3)
            self.now += timedelta(seconds=1)

    def teardown(self) -> None:
        try:
            for _ in range(200):
                self.now += timedelta(seconds=700)
                # A notice of a job that was not read for long waits for the next read.
                self._poll(is_read=True)
                if not (claimed := self._do(self.store.outbox.claim(P1, limit=9))):
                    break
                for delivery in claimed:
                    self._meet(delivery, "sent")
            lower = Counter((channel_id, "cost", hours) for _, channel_id, hours in self.lower)
            assert self.shown <= self.expected
            assert self.expected - self.shown <= lower + self.vain
        finally:
            self._do(self.store.close())
            self.loop.close()
            self._stack.close()

    def _poll(self, *, is_read: bool) -> None:
        due = self._do(self.store.watchlist.claim_due(P1, limit=9))
        if is_read and due.leases:
            seen = [Observation(lease=one, job=self._job()) for one in due.leases]
            self._do(self.store.watchlist.record(seen, next_in={}))
            self.read_ran = self.now - self.began
            self._expect()
        else:
            self._do(self.store.watchlist.release(due.leases, due_in=timedelta(0)))
        self._do(self.store.care.look_after(P1, RULES))

    def _expect(self) -> None:
        """Add the notices that the contract makes due by this read."""
        if self.status != 8 or (self.is_kept and self.kept_until > self.now):
            return
        ran = self.now - self.began
        mark = mark_of(ran)
        for channel_id in WANTING:
            if self.is_kept:
                self._add((channel_id, "lease_over", ran // HOUR))
            elif mark > self.mark and (channel_id, mark) not in self.marks:
                self.lower |= {(self.runs, *one) for one in self.marks if one[0] == channel_id}
                self.marks.add((channel_id, mark))
                self._add((channel_id, "cost", mark))
        self.mark, self.is_kept = max(self.mark, mark), False

    def _add(self, told: Told) -> None:
        self.expected[told] += 1
        self.untouched[told] += 1

    def _overtake(self) -> None:
        """Expect no notice of the run any more that nobody has begun to post: the run is over."""
        self.expected -= self.untouched
        self.untouched.clear()
        self.vain |= self.expected - self.shown

    def _withdraw(self) -> None:
        """Expect no notice any more that nobody has begun to post: a lease withdraws it."""
        if self.untouched:
            self.mark = 0
        self.expected -= self.untouched
        self.marks -= {(place, hours) for place, kind, hours in self.untouched if kind == "cost"}
        self.untouched.clear()

    def _meet(self, delivery: Delivery, fate: str) -> None:
        outbox, told = self.store.outbox, _told(delivery)
        self._check_owner(delivery)
        if told:
            self.untouched -= Counter([told])
        if isinstance(delivery, GuardDelivery) and delivery.intent_at is None:
            assert delivery.over_at is None, "its run is over"
        if delivery.intent_at is not None and delivery.id in self.posted:
            assert self._do(outbox.record_sent(delivery, self.posted[delivery.id]))
            return
        if fate == "claimed":
            return
        assert self._do(outbox.intend(delivery))
        if fate == "refused":
            assert self._do(outbox.give_back(delivery, due_in=timedelta(seconds=5)))
            if told:
                self.untouched[told] += 1
            return
        message = self._show(delivery)
        if fate == "unsure":
            assert self._do(outbox.record_unsure(delivery, due_in=timedelta(seconds=30)))
        else:
            assert self._do(outbox.record_sent(delivery, message))

    def _check_owner(self, delivery: Delivery) -> None:
        if isinstance(delivery, GuardDelivery):
            assert delivery.care.owner == self.owner
        if isinstance(delivery, ChangeDelivery):
            assert delivery.owner == (self.owner if delivery.change.step.is_failure else "")

    def _show(self, delivery: Delivery) -> MessageRef:
        message = MessageRef(channel_id=delivery.place.channel_id, ts=f"17.{len(self.posted):06}")
        assert delivery.id not in self.posted, "it is shown twice"
        self.posted[delivery.id] = message
        if told := _told(delivery):
            self.shown[told] += 1
        return message

    def _job(self) -> VisualizationJob:
        at = (self.now - job(1).read_at).total_seconds()
        return job(JOB, self.status, at=at)._replace(duration=self.now - self.began)

    def _pass(self, hours: int) -> None:
        self.now += hours * HOUR

    def _do(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.loop.run_until_complete(work)


def _told(delivery: Delivery) -> Told | None:
    if not isinstance(delivery, GuardDelivery):
        return None
    return delivery.place.channel_id, delivery.facts.kind.value, delivery.facts.hours


TestGuardMachine = GuardMachine.TestCase
TestGuardMachine.settings = settings(
    max_examples=size("EXAMPLES", short=25, full=500),
    stateful_step_count=size("STEPS", short=30, full=60),
    deadline=None,
    derandomize=not IS_FULL,
    suppress_health_check=list(HealthCheck),
)
