"""Running hours and their cost, by job and by day, and the time without reads. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal

from bot.core.change import NO_JOB
from bot.core.commands.times.until import first_moment
from bot.core.job import ENDED_PHASES, JobStatus, Phase, VisualizationJob
from bot.core.morning import Morning
from bot.core.runs import runs
from bot.core.timeline import (
    NO_TIME,
    JobRecord,
    Span,
    doubtful_spans,
    running_time,
    timeline,
    unseen_time,
    within,
)

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
# Whether somebody watched makes no difference to the length.
_NO_GAP = timedelta.max
#: The least money that is told.
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of an hour of a running job."""

    hourly: Decimal
    #: Empty if the settings name no currency.
    currency: str = ""

    def of(self, span: timedelta) -> Decimal:
        """Return the price of a span, to the hundredth."""
        return (hours(span) * self.hourly).quantize(CENT)


def hours(span: timedelta) -> Decimal:
    """Return a span in hours."""
    return Decimal(span // _SECOND) / Decimal(_HOUR // _SECOND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period of the calendar, with the zone that says where its days begin."""

    begin: datetime
    end: datetime
    days: tuple[datetime, ...]


def calendar_period(name: str, now: datetime, zone: tzinfo) -> Period:
    """Return `today`, the `week` since Monday or the `month` since its first day, up to now."""
    today = now.astimezone(zone).date()
    back = {"today": 0, "week": today.weekday(), "month": today.day - 1}[name]
    days = (today - ahead * _DAY for ahead in range(back, -1, -1))
    begins = tuple(first_moment(datetime.combine(day, time()), zone) for day in days)
    return Period(begin=begins[0], end=max(now, begins[0]), days=begins)


def day_before(period: Period, zone: tzinfo) -> Period:
    """Return the whole day before the first day of a period."""
    first = period.days[0].astimezone(zone).date()
    begin = first_moment(datetime.combine(first - _DAY, time()), zone)
    return Period(begin=begin, end=period.days[0], days=(begin,))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpending:
    """How long one job ran in a period."""

    job: VisualizationJob
    #: The running time that reads show.
    running: timedelta
    #: The number of runs that reads show running.
    runs: int
    is_gone: bool = False
    #: The running time within the period before the watch began, by the cloud's count.
    before: timedelta = NO_TIME

    @property
    def total(self) -> timedelta:
        """Return the least time that it ran."""
        return self.running + self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """How long jobs ran in a period; the longest first, without those that did not run."""

    period: Period
    jobs: tuple[JobSpending, ...]
    #: The running time that reads show, by day of the period.
    by_day: tuple[timedelta, ...]
    #: When the watch of the first job began; None if none is watched.
    watched_since: datetime | None
    is_since_exact: bool = True
    #: How long jobs may have run besides, while there were no reads.
    unseen: timedelta = NO_TIME
    #: The running time before the watch began, by the cloud's count, by day.
    before_by_day: tuple[timedelta, ...] = ()
    #: True for the days with reads of any of the jobs.
    watched_by_day: tuple[bool, ...]

    @property
    def seen(self) -> timedelta:
        """Return the running time of all jobs that reads show."""
        return sum((one.running for one in self.jobs), NO_TIME)

    @property
    def before(self) -> timedelta:
        """Return the running time of all jobs before their watch began."""
        return sum((one.before for one in self.jobs), NO_TIME)

    @property
    def total(self) -> timedelta:
        """Return the least running time of all jobs together."""
        return self.seen + self.before


def spending(
    records: Sequence[JobRecord],
    period: Period,
    *,
    gap: timedelta,
    watched_since: datetime | None = None,
    is_since_exact: bool = True,
) -> Spending:
    """Return how long these jobs ran in a period."""
    found: list[JobSpending] = []
    by_day, before_by_day = [NO_TIME] * len(period.days), [NO_TIME] * len(period.days)
    watched = [False] * len(period.days)
    unseen = NO_TIME
    for record in records:
        spans = timeline(record, begin=period.begin, end=period.end, gap=gap)
        unseen += unseen_time(spans)
        _mark_days(watched, spans, period)
        running, before = running_time(spans), _before(record, period)
        if running + before >= _SECOND:
            found.append(_of_job(record, spans, running, before))
            _add_to_days(by_day, spans, period)
        if before:
            until = min(record.watched_since, period.end)
            earlier = Span(begin=until - before, end=until, status=int(JobStatus.RUNNING))
            _add_to_days(before_by_day, [earlier], period)
    found.sort(key=lambda one: (-one.total, one.job.id))
    return Spending(
        period=period,
        jobs=tuple(found),
        by_day=tuple(by_day),
        watched_since=watched_since,
        is_since_exact=is_since_exact,
        unseen=unseen,
        before_by_day=tuple(before_by_day),
        watched_by_day=tuple(watched),
    )


def _before(record: JobRecord, period: Period) -> timedelta:
    """Return the part of the time before the watch that lies in the period."""
    since, before = record.watched_since, ran_before(record)
    return max(min(since, period.end) - max(since - before, period.begin), NO_TIME)


def ran_before(record: JobRecord) -> timedelta:
    """Return how long the run that was under way when the watch began had lasted, by the cloud's
    count of the same run; nothing below a minute."""
    if record.complete_from is not None or record.job.duration is None or record.is_gone:
        return NO_TIME
    end = record.job.read_at
    known = runs(timeline(record, begin=record.watched_since, end=end, gap=_NO_GAP))
    if not known and (record.changes or record.job.status.phase is not Phase.RUNNING):
        return NO_TIME
    if not all(run.is_running_open for run in known):
        return NO_TIME
    before = record.job.duration - sum((run.running for run in known), NO_TIME)
    return before if before >= _MINUTE else NO_TIME


def _of_job(
    record: JobRecord, spans: Sequence[Span], running: timedelta, before: timedelta
) -> JobSpending:
    last = record.changes[-1].step.after if record.changes else None
    return JobSpending(
        job=record.job,
        running=running,
        runs=sum(bool(run.running) for run in runs(spans)),
        is_gone=record.is_gone or last == NO_JOB,
        before=before,
    )


def _add_to_days(by_day: list[timedelta], spans: Sequence[Span], period: Period) -> None:
    """Add running time to the days in which it lies."""
    ends = (*period.days[1:], period.end)
    for span in spans:
        for number in _days_of(span, period) if span.is_running else ():
            by_day[number] += min(span.end, ends[number]) - max(span.begin, period.days[number])


def _mark_days(watched: list[bool], spans: Sequence[Span], period: Period) -> None:
    """Mark the days with reads."""
    for span in spans:
        for number in () if span.is_unseen else _days_of(span, period):
            watched[number] = True


def _days_of(span: Span, period: Period) -> Iterator[int]:
    """Return the days that a span touches."""
    for number in range(bisect_right(period.days, span.begin) - 1, len(period.days)):
        if span.end <= period.days[number]:
            return
        yield number


def morning_of(
    records: Sequence[JobRecord],
    *,
    now: datetime,
    zone: tzinfo,
    gap: timedelta,
    watched_since: datetime | None = None,
) -> Morning:
    """Return the morning line: running jobs, failures since yesterday began, and the hours of
    yesterday and the day before. The project is watched since `watched_since`; reads older than
    `gap` count as old."""
    today = calendar_period("today", now, zone)
    yesterday = day_before(today, zone)
    earlier = day_before(yesterday, zone)
    lives = [timeline(one, begin=one.known_from, end=now, gap=gap) for one in records]
    ages = [
        _running_for(spans) + ran_before(one)
        for one, spans in zip(records, lives, strict=True)
        if one.job.status.phase is Phase.RUNNING and not one.is_gone
    ]
    is_unseen = any(
        any(within(doubtful_spans(spans), earlier.begin, today.begin)) for spans in lives
    )
    is_late = watched_since is not None and watched_since > earlier.begin
    return Morning(
        running=len(ages),
        oldest=max(ages, default=None),
        failed=sum(_failures(one, since=yesterday.begin) for one in records),
        yesterday=spending(records, yesterday, gap=gap).total,
        day_before=spending(records, earlier, gap=gap).total,
        is_whole=not is_unseen and not is_late,
        as_of=_last_read(records, now - gap),
    )


def _last_read(records: Sequence[JobRecord], doubted: datetime) -> datetime | None:
    """Return when the unfinished jobs were last read, if that is in doubt; ended jobs are not
    read."""
    going = [
        one.job.read_at
        for one in records
        if one.job.status.phase not in ENDED_PHASES and not one.is_gone
    ]
    last = max(going, default=None)
    return last if last and last < doubted else None


def _running_for(spans: Sequence[Span]) -> timedelta:
    """Return how long reads show the present run of a running job."""
    known = runs(spans)
    return known[-1].running if known else NO_TIME


def _failures(record: JobRecord, *, since: datetime) -> int:
    return any(change.seen_at >= since and change.step.is_failure for change in record.changes)
