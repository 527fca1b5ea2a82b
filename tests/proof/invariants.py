"""The promises of every simulated day, checked at its end."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise

from bot.core.change import NO_JOB, StatusChange
from bot.core.delivery import CardDelivery
from bot.core.delivery_ids import delivery_id
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, JobTarget, Place, Subscription, matches
from tests.proof.cloud_of_stories import elapsed_at
from tests.proof.simulation import CALM, DAY, QUIET, Day
from tests.proof.slack_in_memory import SETTLE

_LOUDNESS = (DeliveryMode.CARD, DeliveryMode.THREAD, DeliveryMode.CHANNEL)


class Books:
    """A day's history, compared with the truth, the outbox and Slack's messages."""

    def __init__(self, day: Day, history: tuple[StatusChange, ...]) -> None:
        self.day = day
        self.by_job: dict[JobId, list[StatusChange]] = defaultdict(list)
        for change in sorted(history, key=lambda one: (one.job.id, one.sequence)):
            self.by_job[change.job.id].append(change)
        self.live = day.slack.live()
        self.ends = {
            row[0]: row[1:]
            for row in day.rows("SELECT id, state, ts, reason, group_id, channel_id FROM delivery")
        }

    def check(self) -> None:
        """Raise AssertionError at the first broken promise."""
        self.history_is_true()
        self.each_change_is_told_once()
        self.the_order_is_kept()
        self.cards_show_the_truth()
        self.nothing_is_left_over()

    def history_is_true(self) -> None:
        """Check that each change is true, that no change is missing between two, that no baseline
        is a change, and that the last state is known."""
        for job_id, changes in self.by_job.items():
            story = self.day.stories[job_id]
            assert [one.sequence for one in changes] == list(range(1, len(changes) + 1))
            before: int | None = None
            for change in changes:
                assert change.step.before != change.step.after or self._is_another_run(change)
                if before is not None:
                    assert change.step.before == before
                elif change.step.before != NO_JOB:
                    # The baseline is the status at the end of the quiet time.
                    assert change.step.before == story.at(QUIET - 1).status
                before = change.step.after
                if change.step.after == NO_JOB:
                    seen = elapsed_at(change.seen_at)
                    assert story.is_gone_between(seen - 11, seen), f"{job_id} was there"
                else:
                    read = elapsed_at(change.job.read_at)
                    assert story.at(read).status == change.step.after, f"{job_id} was not so"
                assert elapsed_at(change.seen_at) >= QUIET - 1, "a baseline was told"
        for job_id, status, is_gone in self.day.rows(
            "SELECT job_id, status, is_gone FROM watched_job WHERE next_at IS NOT NULL"
        ):
            known = NO_JOB if is_gone else status
            assert known == self.day.stories[JobId(job_id)].at(DAY + CALM).status

    def _is_another_run(self, change: StatusChange) -> bool:
        """Return whether the job was restarted between the two reads of a change."""
        story, before = self.day.stories[change.job.id], change.last_seen_at
        assert before is not None
        began = story.at(elapsed_at(change.job.read_at)).run_began
        return began > story.at(elapsed_at(before)).run_began

    def nothing_was_missed(self) -> None:
        """Check, for a day without faults, that each status that lasted for two polls is a change,
        and that each change was shown within a minute."""
        pace = 2 * max(self.day.interval, 300) + 60
        for job_id, changes in self.by_job.items():
            if not self._is_swept(changes[0]):
                continue
            seen = iter([one.step.after for one in changes])
            scenes = self.day.stories[job_id].scenes
            before = scenes[0]
            for scene, following in pairwise(scenes):
                is_long = following.at - scene.at > pace
                if is_long and (scene.status, scene.run_began) != (before.status, before.run_began):
                    assert scene.status in seen, f"{job_id}: {scene} was missed"
                    before = scene
        for message in self.live:
            for change in message.delivery.changes:
                if not isinstance(message.delivery, CardDelivery):
                    assert message.shown_at - elapsed_at(change.seen_at) < 60

    def deletions_are_told_in_time(self) -> None:
        """Check, for a day without faults, that each deletion was seen within three polls or 90 s,
        whichever is longer."""
        limit = max(90.0, 3.0 * max(self.day.interval, 300))
        for job_id, changes in self.by_job.items():
            story = self.day.stories[job_id]
            for change in changes:
                if change.step.after == NO_JOB:
                    seen = elapsed_at(change.seen_at)
                    assert seen - story.at(seen).at <= limit

    def each_change_is_told_once(self) -> None:
        """Check that each expected change is in one message, or on the card alone, or in one dead
        letter, and that nothing else is shown."""
        if self.day.slack.lateness < SETTLE:
            assert self.day.slack.copies() == 0, "something was shown twice, if not for long"
        shown = Counter(told for message in self.live for told in message.told)
        expected = self._expected()
        of_changes = {id for id, told in expected.items()}
        assert set(shown) <= of_changes, "something was told that nobody asked for"
        for id, delivery_mode in expected.items():
            state, ts, reason, group, _ = self.ends[id]
            if state == "grouped":
                assert group is not None
                state, ts, reason, *_ = self.ends[group]
            if state == "dead":
                assert reason
                assert not shown[id], "a dead letter was shown"
            elif delivery_mode is DeliveryMode.CARD:
                assert (state, shown[id]) == ("sent", 0)
            else:
                assert (state, shown[id]) == ("sent", 1), f"{id}: {state}, {shown[id]} times"
                [message] = [one for one in self.live if id in one.told]
                assert message.ref.ts == ts, "another message was recorded than is shown"

    def the_order_is_kept(self) -> None:
        """Check that each place shows the changes of a job in the order in which they were seen."""
        places: dict[tuple[str, JobId], list[int]] = defaultdict(list)
        for message in self.live:
            if not isinstance(message.delivery, CardDelivery):
                for change in message.delivery.changes:
                    key = (message.ref.channel_id, change.job.id)
                    places[key].append(change.sequence)
        for key, sequences in places.items():
            assert sequences == sorted(sequences), f"{key}: {sequences}"

    def cards_show_the_truth(self) -> None:
        """Check that a place has one card for each job, and that it shows the latest change."""
        cards = [one for one in self.live if isinstance(one.delivery, CardDelivery)]
        keys = Counter((one.ref.channel_id, one.delivery.job_id) for one in cards)
        assert all(count == 1 for count in keys.values()), keys
        for card in cards:
            changes = self.by_job.get(card.delivery.job_id, [])
            assert card.sequence == len(changes), (
                f"the card shows {card.sequence} of {len(changes)}"
            )

    def nothing_is_left_over(self) -> None:
        """Check that no delivery is open, no rescan is due and no lease goes on."""
        rows = self.day.rows
        assert rows("SELECT * FROM delivery WHERE state = 'open'") == []
        assert rows("SELECT * FROM delivery WHERE rescan_at IS NOT NULL") == []
        now = str(datetime.fromtimestamp(self.day.loop.clock().timestamp(), UTC))
        for table in ("delivery", "watch_lease", "project", "card"):
            kept = "state = 'open'" if table == "delivery" else "true"
            late = f"SELECT * FROM {table} WHERE lease_until > ? AND {kept}"  # noqa: S608 - ours
            assert rows(late, now) == []

    def _is_swept(self, change: StatusChange) -> bool:
        return any(
            matches(wish.target, change.job)
            for wish in self.day.wishes
            if not isinstance(wish.target, JobTarget)
        )

    def _expected(self) -> dict[str, DeliveryMode]:
        """Return the delivery ids that the wishes call for, each with its delivery mode: that of
        the wish for the job itself, or else the loudest one."""
        expected: dict[str, DeliveryMode] = {}
        for changes in self.by_job.values():
            own = [w for w in self.day.wishes if w.target == JobTarget(changes[0].job.id)]
            ended: set[Place] = set()
            for change in changes:
                for wish in sorted(self.day.wishes, key=_says_last):
                    if _hears(wish, change, ended):
                        expected[delivery_id(wish.place, change)] = wish.delivery_mode
                if change.step.ends:
                    ended |= {w.place for w in own}
                elif change.step.leaves_an_end:
                    ended.clear()
        return expected


def _says_last(wish: Subscription) -> tuple[bool, int]:
    return isinstance(wish.target, JobTarget), _LOUDNESS.index(wish.delivery_mode)


def _hears(wish: Subscription, change: StatusChange, ended: set[Place]) -> bool:
    if not wish.event_filter.admits(change.step) or not matches(wish.target, change.job):
        return False
    is_own = isinstance(wish.target, JobTarget)
    return not (is_own and wish.place in ended) or change.step.follows_a_restart
