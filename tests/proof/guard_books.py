"""What must be true of the guard after every day, whatever happened in it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.change import NO_JOB, Event, StatusChange
from bot.core.delivery import GuardDelivery
from bot.core.delivery_ids import guard_id
from bot.core.guard import marks_around
from bot.core.job import JobId, JobStatus, Phase, VisualizationJob
from bot.core.subscription import Place, matches
from tests.proof.cloud_of_stories import elapsed_at, moment_of
from tests.proof.simulation import CALM, DAY, TEAM, Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A guard notice in the outbox."""

    id: str
    job_id: JobId
    channel_id: str
    kind: str
    hours: int
    created_at: datetime
    state: str
    ts: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """As recorded: a job ran on from the read at `begin` to the one at `end`, in one run."""

    run: int
    begin: float
    end: float


class GuardBooks:
    """The guard notices of a day, set against its history, its leases and what Slack shows."""

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
                created_at=_moment(row[4]),
                state=row[5],
                ts=row[6],
            )
            for row in day.rows(
                "SELECT id, job_id, channel_id, about, created_at, state, ts FROM delivery"
                " WHERE kind = 'guard'"
            )
        ]

    def check(self) -> None:
        """Raise AssertionError at the first promise that was not kept."""
        self.each_notice_is_shown_once()
        self.every_place_that_wants_it_is_told()
        self.nothing_is_told_of_a_kept_job()
        self.the_highest_mark_is_told_in_the_end()
        self.leases_end_with_one_notice()

    def each_notice_is_shown_once(self) -> None:
        """One message, or one visible dead letter; what a lease withdrew is not shown."""
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
        """What one place hears, the others do that want it."""
        places: dict[tuple[JobId, str, int, datetime], set[str]] = defaultdict(set)
        for one in self.told:
            places[one.job_id, one.kind, one.hours, one.created_at].add(one.channel_id)
        for (job_id, kind, *rest), channels in places.items():
            event = Event.STUCK if kind == "stuck" else Event.COST
            expected = {place.channel_id for place in self._wanting(job_id, event)}
            assert channels == expected, f"{job_id} {kind} {rest}: {channels}, not {expected}"

    def nothing_is_told_of_a_kept_job(self) -> None:
        """Whatever mark it passes."""
        for job_id, begin, end in self._leases():
            during = [
                one
                for one in self.told
                if one.job_id == job_id and one.kind == "cost" and begin < one.created_at < end
            ]
            assert not during, f"{job_id} was kept from {begin} to {end}: {during}"

    def the_highest_mark_is_told_in_the_end(self) -> None:
        """All was well for a while: what has run on past a mark is told of."""
        for job_id, stretches in self._stretches():
            last = stretches[-1]
            if last.end == DAY + CALM:
                marks = self._marks(job_id, last, till=DAY + CALM / 2)
                self._expect(job_id, last.run, marks)

    def every_mark_is_told(self) -> None:
        """For a calm day: of all that nobody kept."""
        pace = 2 * max(self.day.interval, 300) + 60
        kept = {job_id for job_id, *_ in self.day.leases}
        for job_id, stretches in self._stretches():
            if job_id in kept:
                continue
            for one in stretches:
                marks = self._marks(job_id, one, till=one.end - pace)
                self._expect(job_id, one.run, marks)

    def leases_end_with_one_notice(self) -> None:
        """If the job still runs, and was read then; at most one in any case."""
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
                continue  # another lease took its place
            key = f"run {stretch.run}/lease {end.timestamp():.3f}"
            self._expect_keys(job_id, [key])

    def _expect(self, job_id: JobId, run: int, marks: list[int]) -> None:
        self._expect_keys(job_id, [f"run {run}/cost {mark}" for mark in marks])

    def _expect_keys(self, job_id: JobId, keys: list[str]) -> None:
        known = {one.id for one in self.told}
        for key in keys:
            for place in self._wanting(job_id, Event.COST):
                id = guard_id(place, "p1", job_id, key)
                assert id in known, f"job {job_id}: {key} was not told to {place.channel_id}"

    def _marks(self, job_id: JobId, stretch: Stretch, *, till: float) -> list[int]:
        """The mark that the job had passed then, in a list, unless a lease may cover it, or the
        notice of its end that tells so many hours."""
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
        """Each lease until its end, or until another took its place."""
        for number, (job_id, begin, end) in enumerate(self.day.leases):
            later = [other[1] for other in self.day.leases[number + 1 :] if other[0] == job_id]
            yield job_id, begin, min([end, *later])

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
