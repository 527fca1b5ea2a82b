"""When the rules of a place hold its messages: quiet hours and digests, in its zone. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from bot.core.commands.until import first_moment
from bot.core.hold import HoldReason
from bot.core.place_rules import Digest, PlaceRules, QuietHours

_DAY = timedelta(days=1)
_FRIDAY = 4
# Two weekends may lie between a rule's days where a zone leaves out a day.
_DAYS_AROUND = 9


class HoldSpan(NamedTuple):
    """From when until when a rule holds messages, and which kind of rule."""

    reason: HoldReason
    since: datetime
    until: datetime


def current_holds(rules: PlaceRules, zone: tzinfo, now: datetime) -> tuple[HoldSpan, ...]:
    """The last hold of each rule that has begun; that of quiet hours may be over."""
    holds = []
    if rules.quiet_hours:
        holds.append(last_quiet(rules.quiet_hours, zone, now))
    if rules.digest:
        holds.append(digest_span(rules.digest, zone, now))
    return tuple(holds)


def next_hold_at(rules: PlaceRules, zone: tzinfo, now: datetime) -> datetime | None:
    """When the next hold of a rule begins; None without a rule."""
    begins = []
    if rules.quiet_hours:
        begins.append(next_quiet(rules.quiet_hours, zone, now).since)
    if rules.digest:
        begins.append(digest_span(rules.digest, zone, now).until)
    return min(begins, default=None)


def present_quiet(quiet: QuietHours, zone: tzinfo, now: datetime) -> HoldSpan | None:
    """The quiet hours of which now is one."""
    last = last_quiet(quiet, zone, now)
    return last if now < last.until else None


def last_quiet(quiet: QuietHours, zone: tzinfo, now: datetime) -> HoldSpan:
    """The latest quiet hours that have begun."""
    days = _days(zone, now, forward=False)
    return next(one for one in _quiets(quiet, zone, days) if one.since <= now)


def next_quiet(quiet: QuietHours, zone: tzinfo, now: datetime) -> HoldSpan:
    """The first quiet hours that are still to begin."""
    days = _days(zone, now, forward=True)
    return next(one for one in _quiets(quiet, zone, days) if one.since > now)


def digest_span(digest: Digest, zone: tzinfo, now: datetime) -> HoldSpan:
    """From the last moment of a digest to its next one: what is created between waits for it."""
    earlier = _digests(digest, zone, _days(zone, now, forward=False))
    later = _digests(digest, zone, _days(zone, now, forward=True))
    since = next(at for at in earlier if at <= now)
    return HoldSpan(HoldReason.DIGEST, since, next(at for at in later if at > now))


def new_digest_moment(
    rules: PlaceRules, zone: tzinfo, now: datetime, *, since: datetime
) -> datetime | None:
    """The latest moment of a place's digest that was not before `since`; None if there was none."""
    if rules.digest is None:
        return None
    moment = digest_span(rules.digest, zone, now).since
    return moment if moment >= since else None


def _quiets(quiet: QuietHours, zone: tzinfo, days: Iterator[date]) -> Iterator[HoldSpan]:
    """The quiet hours that begin on these days; none where a clock change leaves them no time."""
    reason = HoldReason.QUIET_BUT_FAILURES if quiet.lets_failures_pass else HoldReason.QUIET
    for day in days:
        if quiet.is_weekdays_only and day.weekday() > _FRIDAY:
            continue
        last_day = day if quiet.begins_at < quiet.ends_at else day + _DAY
        since = _moment(day, quiet.begins_at, zone)
        until = _moment(last_day, quiet.ends_at, zone)
        if since < until:
            yield HoldSpan(reason, since, until)


def _digests(digest: Digest, zone: tzinfo, days: Iterator[date]) -> Iterator[datetime]:
    for day in days:
        if not digest.is_weekdays_only or day.weekday() <= _FRIDAY:
            yield _moment(day, digest.at, zone)


def _days(zone: tzinfo, now: datetime, *, forward: bool) -> Iterator[date]:
    """The days around now, the nearest ones first, and the one on its other side before them."""
    today, step = now.astimezone(zone).date(), _DAY if forward else -_DAY
    return (today + number * step for number in range(-1, _DAYS_AROUND))


def _moment(day: date, minute: int, zone: tzinfo) -> datetime:
    """The first moment at which the clocks of a zone show this minute of a day, or a later one."""
    return first_moment(datetime.combine(day, time(minute // 60, minute % 60)), zone)
