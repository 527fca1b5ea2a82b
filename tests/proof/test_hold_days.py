"""Whole days with quiet hours, digests and snoozes, over the night in which clocks change.

`VISJOB_PROOF=full` runs 2,000 days, `VISJOB_PROOF_SEEDS=500-1000` those of these seeds.
"""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.change import StatusChange
from bot.core.delivery import CardDelivery, ChangesDelivery, MorningDelivery
from bot.core.delivery_ids import morning_id
from bot.core.rule_holds import digest_span, present_quiet
from tests.proof.days import Recorded, each_day, fault_words, live
from tests.proof.extent import IS_FULL, Results, seeds
from tests.proof.hold_life import ZONE, HoldLife
from tests.proof.invariants import Books
from tests.proof.simulation import Day, Weather
from tests.proof.slack_in_memory import Message
from tests.proof.virtual_time import START

SEEDS = seeds(short=3, full=2_000)
ENOUGH = 3

STILL = Weather()
WIND = Weather(slack=0.1, cloud=0.1, database=0.0003, crashes=10, outages=1)
STORM = Weather(slack=0.3, cloud=0.3, database=0.001, crashes=40, outages=2, evictions=1)
WEATHERS = (STILL, WIND, STORM)
#: How long a delivery that was claimed before a hold may still be under way: a lease and a late
#: request.
UNDER_WAY = timedelta(seconds=100)


class HoldBooks:
    """A day's messages, compared with its snoozes and place rules."""

    def __init__(self, day: Day, history: tuple[StatusChange, ...]) -> None:
        assert day.holds is not None
        self.holds: HoldLife = day.holds
        self.history = history
        self.rows = day.rows("SELECT id, state, ts FROM delivery WHERE kind = 'morning'")
        self.messages = [
            one for one in day.slack.live() if not isinstance(one.delivery, CardDelivery)
        ]
        self.grouped = sum(isinstance(one.delivery, ChangesDelivery) for one in self.messages)
        self.mornings = [one for one in self.messages if isinstance(one.delivery, MorningDelivery)]

    def check(self) -> None:
        """Raise AssertionError for the first message that was posted during a hold on it."""
        for message in self.messages:
            at = START + timedelta(seconds=message.shown_at)
            self._is_not_snoozed(message, at)
            self._is_not_quiet(message, at)
            self._comes_with_its_digest(message, at)
        self._each_morning_is_told_once()

    def _is_not_snoozed(self, message: Message, at: datetime) -> None:
        jobs = {change.job.id for change in message.delivery.changes}
        for one in self.holds.snoozed:
            is_covered = one.scope.channel_id == message.ref.channel_id and (
                not one.scope.job_id or one.scope.job_id in jobs
            )
            assert not (is_covered and one.begin + UNDER_WAY < at < one.end), f"{one}: {at}"

    def _is_not_quiet(self, message: Message, at: datetime) -> None:
        rules = self.holds.rules[0]
        if message.ref.channel_id != rules.place.channel_id or rules.quiet_hours is None:
            return
        present = present_quiet(rules.quiet_hours, ZoneInfo(ZONE), at)
        if present is None or at < present.since + UNDER_WAY:
            return
        assert rules.quiet_hours.lets_failures_pass, f"{at} is in {present}"
        for change in message.delivery.changes:
            assert self._precedes_a_failure(change, at), f"{change.step} came at {at}"

    def _precedes_a_failure(self, change: StatusChange, at: datetime) -> bool:
        return any(
            one.step.is_failure
            for one in self.history
            if one.job.id == change.job.id and one.sequence >= change.sequence and one.seen_at <= at
        )

    def _comes_with_its_digest(self, message: Message, at: datetime) -> None:
        rules = self.holds.rules[1]
        if message.ref.channel_id != rules.place.channel_id or rules.digest is None:
            return
        moment = digest_span(rules.digest, ZoneInfo(ZONE), at).since
        for change in message.delivery.changes:
            assert change.seen_at < moment, f"{change.step} of {change.seen_at} came at {at}"

    def _each_morning_is_told_once(self) -> None:
        """Check that each moment of the digest has at most one morning line, in the place with the
        digest, and that exactly the sent lines are shown."""
        rules = self.holds.rules[1]
        assert rules.digest is not None
        for message in self.mornings:
            at = START + timedelta(seconds=message.shown_at)
            moment = digest_span(rules.digest, ZoneInfo(ZONE), at).since
            assert message.delivery.id == morning_id(rules.place, "p1", moment)
        shown = sorted((one.delivery.id, one.ref.ts) for one in self.mornings)
        assert shown == sorted((id, ts) for id, state, ts in self.rows if state == "sent")
        assert {state for _, state, _ in self.rows} <= {"sent", "dead", "withdrawn"}


def live_one(seed: int, folder: Path) -> tuple[Day, HoldBooks]:
    """Run one day, and check every promise, also those of holds."""

    def look(books: Books, history: Recorded) -> HoldBooks:
        held = HoldBooks(books.day, history)
        held.check()
        return held

    weather = WEATHERS[seed % len(WEATHERS)]
    return live(lambda loop: Day(loop, seed, weather, folder, has_holds=True), look)


@pytest.mark.timeout(12 * 3600 if IS_FULL else 900)
def test_whatever_is_held_is_told_once_in_order_and_not_before_its_time(
    folder: Path, results: Results
) -> None:
    seen: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for _, _, books in each_day(SEEDS, partial(live_one, folder=folder), faults):
        seen.update(messages=len(books.messages), groups=books.grouped)
        seen.update(snoozes=len(books.holds.snoozed), mornings=len(books.mornings))
    results.add(
        f"days with holds, seeds {SEEDS[0]} to {SEEDS[-1]}",
        f"{len(SEEDS)} days of 24 h, {seen['messages']} messages, {seen['groups']} of them groups, "
        f"{seen['snoozes']} snoozes, {seen['mornings']} morning lines",
        faults=fault_words(faults),
    )
    if len(SEEDS) >= ENOUGH:
        assert min(seen.values()) > 0
