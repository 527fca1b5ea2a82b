"""The promises of the guard, checked after a simulated day."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations

from bot.core.care import GuardKind
from bot.core.change import NO_JOB, Event, StatusChange
from bot.core.delivery import GuardDelivery
from bot.core.delivery_ids import guard_id
from bot.core.guard import marks_around
from bot.core.guard_present import Since
from bot.core.job import JobId, JobStatus, Phase, VisualizationJob
from bot.core.subscription import Place, matches
from tests.proof.cloud_of_stories import elapsed_at, moment_of
from tests.proof.simulation import CALM, DAY, GUARD_PAUSE, TEAM, Day

#: How many seconds a delivery that was claimed before a higher mark may still be under way: a
#: lease and a late request.
UNDER_WAY = timedelta(seconds=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A guard notice in the outbox."""

    id: str
    job_id: JobId
    channel_id: str
    kind: str
    hours: int
    #: The length in seconds that the notice reports; once sent, the one that it reported.
    length: int
    created_at: datetime
    state: str
    #: Why it was withdrawn; empty if because of a higher mark or a lease.
    reason: str
    ts: str | None
    #: When it was sent, or withdrawn for a higher mark or for the end of its run.
    finished_at: datetime | None
    #: For a while nobody knew whether Slack shows it.
    is_doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A recorded stretch of one run: the job ran from the read at `begin` to the one at `end`."""

    run: int
    begin: float
    end: float


class GuardBooks:
    """The guard notices of a day, compared with its history, its leases and Slack's messages."""

    def __init__(self, day: Day, history: tuple[StatusChange, ...]) -> None:
        assert day.rules is not None
        self.day = day
        self.hours = day.rules.hours
        self.by_job: dict[JobId, list[StatusChange]] = defaultdict(list)
        for change in sorted(history, key=lambda one: (one.job.id, one.sequence)):
            self.by_job[change.job.id].append(change)
        self.told = [
            Told(
                id=row[0],
                job_id=JobId(row[1]),
                channel_id=row[2],
                kind=row[3].split()[0],
                hours=int(row[3].split()[1]),
                length=int(row[3].split()[2]),
                created_at=_moment(row[4]),
                state=row[5],
                reason=row[9],
                ts=row[6],
                finished_at=_moment(row[7]) if row[7] else None,
                is_doubtful=bool(row[8]),
            )
            for row in day.rows(
                "SELECT id, job_id, channel_id, about, created_at, state, ts, finished_at,"
                " is_doubtful, reason FROM delivery WHERE kind = 'guard'"
            )
        ]
        withdrawn = [one for one in self.told if one.state == "withdrawn" and one.finished_at]
        self.given_way = [one for one in withdrawn if not one.reason]
        self.overtaken = [one for one in withdrawn if one.reason]

    def check(self) -> None:
        """Raise AssertionError at the first broken promise."""
        self.each_notice_is_shown_once()
        self.every_place_that_wants_it_is_told()
        self.nothing_is_told_of_a_kept_job()
        self.the_highest_mark_is_told_in_the_end()
        self.leases_end_with_one_notice()
        self.what_is_withdrawn_has_a_reason()
        self.no_lower_mark_follows_a_higher_one()
        self.nothing_is_told_of_what_is_over()

    def each_notice_is_shown_once(self) -> None:
        """Check that each sent notice has one message, and a dead or withdrawn one has none."""
        live = [one for one in self.day.slack.live() if isinstance(one.delivery, GuardDelivery)]
        shown = Counter(one.delivery.id for one in live)
        assert set(shown) <= {one.id for one in self.told}
        for one in self.told:
            assert one.state in ("sent", "dead", "withdrawn"), f"{one} is left over"
            assert shown[one.id] == (one.state == "sent"), f"{one}: {shown[one.id]} times"
            if one.state == "sent":
                [message] = [other for other in live if other.delivery.id == one.id]
                assert message.ref.ts == one.ts

    def every_place_that_wants_it_is_told(self) -> None:
        """Check that a notice for one place goes to every place that wants such notices."""
        places: dict[tuple[JobId, str, int, datetime], set[str]] = defaultdict(set)
        for one in self.told:
            places[one.job_id, one.kind, one.hours, one.created_at].add(one.channel_id)
        for (job_id, kind, *rest), channels in places.items():
            event = Event.STUCK if kind == "stuck" else Event.COST
            expected = {place.channel_id for place in self._wanting(job_id, event)}
            assert channels == expected, f"{job_id} {kind} {rest}: {channels}, not {expected}"

    def nothing_is_told_of_a_kept_job(self) -> None:
        """Check that no reminder of a job was enqueued during a lease on it."""
        for job_id, begin, end in self._leases():
            during = [
                one
                for one in self.told
                if one.job_id == job_id and one.kind == "cost" and begin < one.created_at < end
            ]
            assert not during, f"{job_id} was kept from {begin} to {end}: {during}"

    def the_highest_mark_is_told_in_the_end(self) -> None:
        """Check that the last mark of each job that still runs at the end was reported, if a read
        and a look followed it."""
        till = DAY + CALM - self.day.interval - 2 * GUARD_PAUSE
        for job_id, stretches in self._stretches():
            last = stretches[-1]
            if last.end == DAY + CALM:
                marks = self._marks(job_id, last, till=till)
                self._expect(job_id, last.run, marks)

    def every_mark_is_told(self) -> None:
        """Check, for a day without faults, that every mark of jobs never kept was reported."""
        pace = 2 * max(self.day.interval, 300) + 60
        kept = {job_id for job_id, *_ in self.day.leases}
        for job_id, stretches in self._stretches():
            if job_id in kept:
                continue
            for one in stretches:
                marks = self._marks(job_id, one, till=one.end - pace)
                self._expect(job_id, one.run, marks)

    def leases_end_with_one_notice(self) -> None:
        """Check that a lease has one end notice if the job still runs and was read, and never has
        two."""
        over = Counter(
            (one.job_id, one.channel_id) for one in self.told if one.kind == "lease_over"
        )
        for (job_id, channel_id), count in over.items():
            assert count <= len([lease for lease in self.day.leases if lease[0] == job_id])
            assert channel_id in {place.channel_id for place in self._wanting(job_id, Event.COST)}
        last = {job_id: stretches[-1] for job_id, stretches in self._stretches()}
        for job_id, _, end in self._leases():
            stretch, ended = last.get(job_id), elapsed_at(end)
            if stretch is None or stretch.end < DAY + CALM or not stretch.begin < ended < DAY:
                continue
            if end not in {until for id, _, until in self.day.leases if id == job_id}:
                continue  # another lease replaced this one
            key = f"run {stretch.run}/lease {end.timestamp():.3f}"
            self._expect_keys(job_id, [key])

    def what_is_withdrawn_has_a_reason(self) -> None:
        """Check that a notice was withdrawn only for a lease on the job, for a higher mark of the
        run, or because a lower mark was sent so late that it reported as many hours."""
        for one in self.told:
            if one.state == "withdrawn" and one.finished_at is None:
                begins = [begin for job_id, begin, _ in self._leases() if job_id == one.job_id]
                assert any(begin > one.created_at - UNDER_WAY for begin in begins), f"{one}: why?"
        for marks in self._marks_of_runs():
            for number, one in enumerate(marks):
                said = max((other.length for other in marks if other.state == "sent"), default=0)
                is_said = marks[number + 1 :] or said >= one.hours * 3600
                assert one not in self.given_way or is_said, f"{one} was the highest"
        assert {one.kind for one in self.given_way} <= {"cost"}

    def no_lower_mark_follows_a_higher_one(self) -> None:
        """Check that no mark is sent after a higher one was enqueued, unless one was unsure."""
        for marks in self._marks_of_runs():
            for one, higher in combinations(marks, 2):
                if one.state != "sent" or one.is_doubtful or higher.is_doubtful:
                    continue
                assert one.finished_at is not None
                is_twin = one.finished_at > higher.created_at + UNDER_WAY
                assert not is_twin, f"{one} came beside {higher}"

    def nothing_is_told_of_what_is_over(self) -> None:
        """Check that notices withdrawn as over were over, and that no notice was sent after it was
        over, unless it was unsure."""
        for one in self.overtaken:
            ended_at = self._over_at(one)
            assert one.reason == "over", f"{one}: nobody has unsubscribed"
            assert one.finished_at is not None
            assert ended_at is not None, f"{one} went on"
            assert ended_at <= one.finished_at, f"{one} went on until {ended_at}"
        for one in self.told:
            ended_at = self._over_at(one)
            if one.state == "sent" and not one.is_doubtful and ended_at is not None:
                assert one.finished_at is not None
                is_late = one.finished_at > ended_at + UNDER_WAY
                assert not is_late, f"{one} was over at {ended_at}"

    def _over_at(self, notice: Told) -> datetime | None:
        """Return when the change was seen that ended the reported run or wait; None without one."""
        kind = GuardKind(notice.kind)
        later = [
            (change.step, change.seen_at)
            for change in self.by_job[notice.job_id]
            if change.seen_at > notice.created_at
        ]
        return Since(enqueued_at=notice.created_at, steps=later).over_at(kind)

    def _marks_of_runs(self) -> Iterator[list[Told]]:
        """Yield the reminders of each run in each place, by ascending mark."""
        found: dict[tuple[str, JobId, int], list[Told]] = defaultdict(list)
        for one in sorted(self.told, key=lambda one: one.hours):
            if one.kind == "cost":
                found[one.channel_id, one.job_id, self._run_of(one)].append(one)
        yield from found.values()

    def _run_of(self, mark: Told) -> int:
        place = Place(team_id=TEAM, channel_id=mark.channel_id)
        runs = [0, *(change.sequence for change in self.by_job[mark.job_id])]
        keys = {run: f"run {run}/cost {mark.hours}" for run in runs}
        [run] = [
            run for run, key in keys.items() if guard_id(place, "p1", mark.job_id, key) == mark.id
        ]
        return run

    def _expect(self, job_id: JobId, run: int, marks: list[int]) -> None:
        self._expect_keys(job_id, [f"run {run}/cost {mark}" for mark in marks])

    def _expect_keys(self, job_id: JobId, keys: list[str]) -> None:
        known = {one.id for one in self.told}
        for key in keys:
            for place in self._wanting(job_id, Event.COST):
                id = guard_id(place, "p1", job_id, key)
                assert id in known, f"job {job_id}: {key} was not told to {place.channel_id}"

    def _marks(self, job_id: JobId, stretch: Stretch, *, till: float) -> list[int]:
        """Return, in a list, the mark that the job had passed at `till`; nothing if a lease may
        cover the mark, or if the notice of a lease's end reports it."""
        if till <= stretch.begin:
            return []
        began = self.day.stories[job_id].at(till).run_began
        passed, _ = marks_around(timedelta(seconds=till - began), self.hours)
        passed_at = moment_of(began + passed * 3600)
        is_kept = any(one == job_id and end >= passed_at for one, _, end in self._leases())
        is_said = any(
            one.job_id == job_id and one.kind == "lease_over" and one.created_at >= passed_at
            for one in self.told
        )
        return [passed] if passed and not is_kept and not is_said else []

    def _stretches(self) -> Iterator[tuple[JobId, list[Stretch]]]:
        for job_id, changes in self.by_job.items():
            found: list[Stretch] = []
            run = 0
            for number, change in enumerate(changes):
                if change.step.is_restart or change.step.before == NO_JOB:
                    run = change.sequence
                after = change.step.after
                if after == NO_JOB or JobStatus(after).phase is not Phase.RUNNING:
                    continue
                is_last = number + 1 == len(changes)
                end = DAY + CALM if is_last else elapsed_at(changes[number + 1].seen_at)
                found.append(Stretch(run=run, begin=elapsed_at(change.seen_at), end=end))
            if found:
                yield job_id, found

    def _leases(self) -> Iterator[tuple[JobId, datetime, datetime]]:
        """Yield each lease, until its end, until another lease replaced it, or until the job's next
        run began."""
        for number, (job_id, begin, end) in enumerate(self.day.leases):
            later = [other[1] for other in self.day.leases[number + 1 :] if other[0] == job_id]
            runs = [one.seen_at for one in self._runs(job_id)]
            yield job_id, begin, min([end, *later, *(run for run in runs if run > begin)])

    def _runs(self, job_id: JobId) -> list[StatusChange]:
        changes = self.by_job[job_id]
        return [one for one in changes if one.step.is_restart or one.step.follows_a_restart]

    def _wanting(self, job_id: JobId, event: Event) -> list[Place]:
        job = VisualizationJob(
            id=job_id, status=JobStatus.RUNNING, read_at=moment_of(0), name=f"job-{job_id}"
        )
        return [
            Place(team_id=TEAM, channel_id=channel_id)
            for channel_id in sorted(
                {
                    wish.place.channel_id
                    for wish in self.day.wishes
                    if matches(wish.target, job) and wish.event_filter.names(event)
                }
            )
        ]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
