"""Running hours and what they cost: by job, by day, and what is not known of them. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal

from bot.core.change import NO_JOB
from bot.core.commands.until import first_moment
from bot.core.job import JobStatus, Phase, VisualizationJob
from bot.core.morning import Morning
from bot.core.runs import runs
from bot.core.timeline import NO_TIME, JobRecord, Span, running_time, timeline, unseen_time, within

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
# Whether anybody looked makes no difference to how long it lasted.
_NO_GAP = timedelta.max
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What an hour of a running job costs."""

    hourly: Decimal
    #: Empty where nobody said in which currency.
    currency: str = ""

    def of(self, span: timedelta) -> Decimal:
        """What so long costs, to the hundredth."""
        return (hours(span) * self.hourly).quantize(_CENT)


def hours(span: timedelta) -> Decimal:
    """A span in hours."""
    return Decimal(span // _SECOND) / Decimal(_HOUR // _SECOND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of a calendar, and where its days begin in somebody's zone."""

    begin: datetime
    end: datetime
    days: tuple[datetime, ...]


def calendar_period(name: str, now: datetime, zone: tzinfo) -> Period:
    """`today`, the `week` since Monday or the `month` since its first day, up to now."""
    today = now.astimezone(zone).date()
    back = {"today": 0, "week": today.weekday(), "month": today.day - 1}[name]
    days = (today - ahead * _DAY for ahead in range(back, -1, -1))
    begins = tuple(first_moment(datetime.combine(day, time()), zone) for day in days)
    return Period(begin=begins[0], end=max(now, begins[0]), days=begins)


def day_before(period: Period, zone: tzinfo) -> Period:
    """The whole day before the first one of a period."""
    first = period.days[0].astimezone(zone).date()
    begin = first_moment(datetime.combine(first - _DAY, time()), zone)
    return Period(begin=begin, end=period.days[0], days=(begin,))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpending:
    """How long a job ran in a period."""

    job: VisualizationJob
    #: As far as it was seen.
    running: timedelta
    #: How many runs were seen running.
    runs: int
    is_gone: bool = False
    #: How long it had run within the period when it began to be watched, as the cloud counts it.
    before: timedelta = NO_TIME

    @property
    def total(self) -> timedelta:
        """How long it ran at least."""
        return self.running + self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """How long jobs ran in a period; each that ran, longest first."""

    period: Period
    jobs: tuple[JobSpending, ...]
    #: What was seen, beside the days of the period.
    by_day: tuple[timedelta, ...]
    #: Since when the first of them is watched; None if none is.
    watched_since: datetime | None
    is_since_exact: bool = True
    #: How long jobs may have run besides: nobody looked.
    unseen: timedelta = NO_TIME
    #: What the cloud counts of the time before they were watched, beside the days.
    before_by_day: tuple[timedelta, ...] = ()

    @property
    def seen(self) -> timedelta:
        """Of all jobs, what was seen."""
        return sum((one.running for one in self.jobs), NO_TIME)

    @property
    def before(self) -> timedelta:
        """Of all jobs, what was before they were watched."""
        return sum((one.before for one in self.jobs), NO_TIME)

    @property
    def total(self) -> timedelta:
        """Of all jobs, at least."""
        return self.seen + self.before


def spending(
    records: Sequence[JobRecord],
    period: Period,
    *,
    gap: timedelta,
    watched_since: datetime | None = None,
    is_since_exact: bool = True,
) -> Spending:
    """What was seen of these jobs in a period."""
    found: list[JobSpending] = []
    by_day, before_by_day = [NO_TIME] * len(period.days), [NO_TIME] * len(period.days)
    unseen = NO_TIME
    for record in records:
        spans = timeline(record, begin=period.begin, end=period.end, gap=gap)
        unseen += unseen_time(spans)
        running, before = running_time(spans), _before(record, period)
        if running or before:
            found.append(_of_job(record, spans, running, before))
            _add_to_days(by_day, spans, period)
        if before:
            since = record.watched_since
            earlier = Span(begin=since - before, end=since, status=int(JobStatus.RUNNING))
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
    )


def _before(record: JobRecord, period: Period) -> timedelta:
    """What lies in the period of the time before the job was watched."""
    return min(ran_before(record), max(record.watched_since - period.begin, NO_TIME))


def ran_before(record: JobRecord) -> timedelta:
    """How long the run lasted that was under way when the job began to be watched, as far as the
    cloud's own count of the same run says; nothing that is less than a minute."""
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
    """Add what ran to the days in which it did. Many jobs have few spans each."""
    ends = (*period.days[1:], period.end)
    for span in spans:
        if not span.is_running:
            continue
        for number in range(bisect_right(period.days, span.begin) - 1, len(ends)):
            if span.end <= period.days[number]:
                break
            by_day[number] += min(span.end, ends[number]) - max(span.begin, period.days[number])


def morning_of(
    records: Sequence[JobRecord], *, now: datetime, zone: tzinfo, gap: timedelta
) -> Morning:
    """What runs, what failed since yesterday began, and yesterday's hours beside those before."""
    today = calendar_period("today", now, zone)
    yesterday = day_before(today, zone)
    earlier = day_before(yesterday, zone)
    lives = [timeline(one, begin=one.known_from, end=now, gap=gap) for one in records]
    ages = [
        _running_for(spans) + ran_before(one)
        for one, spans in zip(records, lives, strict=True)
        if one.job.status.phase is Phase.RUNNING and not one.is_gone
    ]
    return Morning(
        running=len(ages),
        oldest=max(ages, default=None),
        failed=sum(_failures(one, since=yesterday.begin) for one in records),
        yesterday=_total(lives, yesterday),
        day_before=_total(lives, earlier),
    )


def _running_for(spans: Sequence[Span]) -> timedelta:
    """How long the present run of a running job was seen running."""
    known = runs(spans)
    return known[-1].running if known else NO_TIME


def _failures(record: JobRecord, *, since: datetime) -> int:
    return any(change.seen_at >= since and change.step.is_failure for change in record.changes)


def _total(lives: Iterable[Sequence[Span]], period: Period) -> timedelta:
    parts = (running_time(within(spans, period.begin, period.end)) for spans in lives)
    return sum(parts, NO_TIME)
