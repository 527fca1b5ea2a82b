"""When quiet hours and digests hold the messages of a place, each in its time zone. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from bot.core.commands.times.until import first_moment
from bot.core.hold import HoldReason
from bot.core.place_rules import Digest, PlaceRules, QuietHours

_DAY = timedelta(days=1)
_FRIDAY = 4
# If a zone leaves out a day, two weekends may lie between two days of a rule.
_DAYS_AROUND = 9


class HoldSpan(NamedTuple):
    """The span in which a rule holds messages, and the kind of rule."""

    reason: HoldReason
    since: datetime
    until: datetime


class RuleZones(NamedTuple):
    """The time zone of each rule of a place."""

    quiet: tzinfo
    digest: tzinfo


def current_holds(rules: PlaceRules, zones: RuleZones, now: datetime) -> tuple[HoldSpan, ...]:
    """Return the latest hold of each rule that has begun; quiet hours among them may be over."""
    holds = []
    if rules.quiet_hours:
        holds.append(last_quiet(rules.quiet_hours, zones.quiet, now))
    if rules.digest:
        holds.append(digest_span(rules.digest, zones.digest, now))
    return tuple(holds)


def next_hold_at(rules: PlaceRules, zones: RuleZones, now: datetime) -> datetime | None:
    """Return when the next hold of a rule begins; None without a rule."""
    begins = []
    if rules.quiet_hours:
        begins.append(next_quiet(rules.quiet_hours, zones.quiet, now).since)
    if rules.digest:
        begins.append(digest_span(rules.digest, zones.digest, now).until)
    return min(begins, default=None)


def present_quiet(quiet: QuietHours, zone: tzinfo, now: datetime) -> HoldSpan | None:
    """Return the quiet hours that contain this moment."""
    last = last_quiet(quiet, zone, now)
    return last if now < last.until else None


def last_quiet(quiet: QuietHours, zone: tzinfo, now: datetime) -> HoldSpan:
    """Return the latest quiet hours that have begun."""
    days = _days(zone, now, forward=False)
    return next(one for one in _quiets(quiet, zone, days) if one.since <= now)


def next_quiet(quiet: QuietHours, zone: tzinfo, now: datetime) -> HoldSpan:
    """Return the first quiet hours that have not begun."""
    days = _days(zone, now, forward=True)
    return next(one for one in _quiets(quiet, zone, days) if one.since > now)


def digest_span(digest: Digest, zone: tzinfo, now: datetime) -> HoldSpan:
    """Return the span from the last moment of a digest to its next one; messages that are
    created in it wait for its end."""
    earlier = _digests(digest, zone, _days(zone, now, forward=False))
    later = _digests(digest, zone, _days(zone, now, forward=True))
    since = next(at for at in earlier if at <= now)
    return HoldSpan(HoldReason.DIGEST, since, next(at for at in later if at > now))


def new_digest_moment(
    rules: PlaceRules, zones: RuleZones, now: datetime, *, since: datetime
) -> datetime | None:
    """Return the latest moment of a place's digest that is not before `since`, or None."""
    if rules.digest is None:
        return None
    moment = digest_span(rules.digest, zones.digest, now).since
    return moment if moment >= since else None


def _quiets(quiet: QuietHours, zone: tzinfo, days: Iterator[date]) -> Iterator[HoldSpan]:
    """Return the quiet hours that begin on these days, without those that a clock change skips."""
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
    """Return the days around this moment, the nearest first."""
    today, step = now.astimezone(zone).date(), _DAY if forward else -_DAY
    return (today + number * step for number in range(-1, _DAYS_AROUND))


def _moment(day: date, minute: int, zone: tzinfo) -> datetime:
    """Return the first moment at which clocks in the zone show this minute of the day, or a
    later one."""
    return first_moment(datetime.combine(day, time(minute // 60, minute % 60)), zone)
