"""When quiet hours and digests hold: nights, weekdays, zones, and the nights of a clock change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.commands.times.day_times import digest_of, quiet_hours_of
from bot.core.hold import HoldReason
from bot.core.place_rules import PlaceRules
from bot.core.rule_holds import (
    RuleZones,
    current_holds,
    digest_span,
    last_quiet,
    new_digest_moment,
    next_hold_at,
    next_quiet,
    present_quiet,
)
from bot.core.subscription import Place

BERLIN = "Europe/Berlin"
SHANGHAI = "Asia/Shanghai"
HERE = Place(team_id="T1", channel_id="C1")


def local(text: str, zone: str = BERLIN) -> datetime:
    """What a clock in the zone shows, as `2026-03-24 22:00`; the first time if there are two."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "since", "until"),
    [
        # A night is one thing, over midnight.
        ("22-8", "2026-03-24 22:00", "2026-03-24 22:00", "2026-03-25 08:00"),
        ("22-8", "2026-03-25 00:00", "2026-03-24 22:00", "2026-03-25 08:00"),
        ("22-8", "2026-03-25 07:59", "2026-03-24 22:00", "2026-03-25 08:00"),
        ("9-17", "2026-03-24 12:00", "2026-03-24 09:00", "2026-03-24 17:00"),
        ("0:00-6:00", "2026-03-24 00:00", "2026-03-24 00:00", "2026-03-24 06:00"),
        ("18:00-24:00", "2026-03-24 23:59", "2026-03-24 18:00", "2026-03-25 00:00"),
        ("22:00-21:59", "2026-03-24 12:00", "2026-03-23 22:00", "2026-03-24 21:59"),
        # The night from Friday to Saturday is Friday's; that from Sunday to Monday is Sunday's.
        ("22-8 weekdays", "2026-03-28 03:00", "2026-03-27 22:00", "2026-03-28 08:00"),
    ],
)
def test_within_quiet_hours(hours: str, now: str, since: str, until: str) -> None:
    found = present_quiet(quiet_hours_of(hours), ZoneInfo(BERLIN), local(now))

    assert found == (HoldReason.QUIET, local(since), local(until))


@pytest.mark.parametrize(
    ("hours", "now", "then"),
    [
        ("22-8", "2026-03-24 08:00", "2026-03-24 22:00"),
        ("22-8", "2026-03-24 21:59", "2026-03-24 22:00"),
        ("9-17", "2026-03-24 08:59", "2026-03-24 09:00"),
        ("9-17", "2026-03-24 17:00", "2026-03-25 09:00"),
        ("22-8 weekdays", "2026-03-28 22:30", "2026-03-30 22:00"),
        ("22-8 weekdays", "2026-03-30 03:00", "2026-03-30 22:00"),
        ("22:00-21:59", "2026-03-24 21:59", "2026-03-24 22:00"),
    ],
)
def test_outside_quiet_hours_the_next_ones_are_known(hours: str, now: str, then: str) -> None:
    quiet, zone = quiet_hours_of(hours), ZoneInfo(BERLIN)

    assert present_quiet(quiet, zone, local(now)) is None
    assert next_quiet(quiet, zone, local(now)).since == local(then)


def test_from_their_first_moment_on_the_next_ones_are_those_of_the_next_day() -> None:
    quiet, zone = quiet_hours_of("22-8"), ZoneInfo(BERLIN)

    found = next_quiet(quiet, zone, local("2026-03-24 22:00"))

    assert found.since == local("2026-03-25 22:00")


def test_a_weekday_is_one_of_the_places_zone() -> None:
    quiet = quiet_hours_of("00:30-06:00 weekdays")
    monday_there = local("2026-03-30 01:00", SHANGHAI)
    assert monday_there.weekday() == 6

    assert present_quiet(quiet, ZoneInfo(SHANGHAI), monday_there)
    assert not present_quiet(quiet, UTC, monday_there)


@pytest.mark.parametrize(
    ("hours", "now", "since", "until"),
    [
        # Clocks go from 02:00 to 03:00 on 29 March: that night is an hour shorter.
        ("22-8", "2026-03-29 01:00", "2026-03-28 21:00", "2026-03-29 06:00"),
        # 02:30 is skipped: it begins with the first moment after it.
        ("02:30-08:00", "2026-03-29 03:00", "2026-03-29 01:00", "2026-03-29 06:00"),
        # An end that is skipped: so does it.
        ("22:00-02:30", "2026-03-28 23:00", "2026-03-28 21:00", "2026-03-29 01:00"),
        # On 25 October 02:00 to 03:00 is there twice: it begins, and ends, with the first one.
        ("22-8", "2026-10-25 03:00", "2026-10-24 20:00", "2026-10-25 07:00"),
        ("02:30-08:00", "2026-10-25 00:30", "2026-10-25 00:30", "2026-10-25 07:00"),
        ("22:00-02:30", "2026-10-25 00:00", "2026-10-24 20:00", "2026-10-25 00:30"),
        ("02:00-03:00", "2026-10-25 01:30", "2026-10-25 00:00", "2026-10-25 02:00"),
    ],
)
def test_nights_in_which_clocks_change(hours: str, now: str, since: str, until: str) -> None:
    found = last_quiet(quiet_hours_of(hours), ZoneInfo(BERLIN), utc(now))

    assert found == (HoldReason.QUIET, utc(since), utc(until))


def test_hours_that_a_clock_change_leaves_out_are_none_that_night() -> None:
    quiet, zone = quiet_hours_of("02:10-02:50"), ZoneInfo(BERLIN)
    after = utc("2026-03-29 01:00")

    assert last_quiet(quiet, zone, after) == last_quiet(quiet, zone, utc("2026-03-28 12:00"))
    assert next_quiet(quiet, zone, utc("2026-03-28 12:00")).since == local("2026-03-30 02:10")


@pytest.mark.parametrize(
    ("digest", "now", "since", "until"),
    [
        ("09:00", "2026-03-24 09:00", "2026-03-24 09:00", "2026-03-25 09:00"),
        ("09:00", "2026-03-24 08:59", "2026-03-23 09:00", "2026-03-24 09:00"),
        ("00:00", "2026-03-24 00:00", "2026-03-24 00:00", "2026-03-25 00:00"),
        ("9 weekdays", "2026-03-27 09:00", "2026-03-27 09:00", "2026-03-30 09:00"),
        ("9 weekdays", "2026-03-29 10:00", "2026-03-27 09:00", "2026-03-30 09:00"),
        # 02:30 is skipped on the 29th.
        ("02:30", "2026-03-28 12:00", "2026-03-28 02:30", "2026-03-29 03:00"),
        # It is there twice on 25 October: the digest comes with the first.
        ("02:30", "2026-10-25 02:30", "2026-10-25 02:30", "2026-10-26 02:30"),
    ],
)
def test_a_digest_holds_from_one_moment_to_the_next(
    digest: str, now: str, since: str, until: str
) -> None:
    found = digest_span(digest_of(digest), ZoneInfo(BERLIN), local(now))

    assert found == (HoldReason.DIGEST, local(since), local(until))


def test_holds_follow_each_other_without_a_gap_all_year() -> None:
    """Whatever the hour, the present hold is the one that was to begin last."""
    zone, now = ZoneInfo(BERLIN), utc("2026-01-01 00:00")
    quiet, digest = quiet_hours_of("02:30-03:30 weekdays"), digest_of("02:30")
    then, moment = next_quiet(quiet, zone, now), digest_span(digest, zone, now)
    for _ in range(370 * 8):
        now += timedelta(hours=3)
        if now >= then.since:
            assert last_quiet(quiet, zone, now) == then
            then = next_quiet(quiet, zone, now)
        if now >= moment.until:
            following = digest_span(digest, zone, now)
            assert following.since == moment.until
            moment = following


def test_rules_are_asked_all_at_once() -> None:
    rules = PlaceRules(
        place=HERE,
        quiet_hours=quiet_hours_of("22-8 except failures"),
        digest=digest_of("09:00"),
    )
    now, zones = local("2026-03-24 23:00"), RuleZones(ZoneInfo(BERLIN), ZoneInfo(BERLIN))

    holds = current_holds(rules, zones, now)

    assert [one.reason for one in holds] == [HoldReason.QUIET_BUT_FAILURES, HoldReason.DIGEST]
    assert next_hold_at(rules, zones, now) == local("2026-03-25 09:00")
    by_day = local("2026-03-24 12:00")
    assert next_hold_at(rules, zones, by_day) == local("2026-03-24 22:00")
    assert current_holds(PlaceRules(place=HERE), zones, now) == ()
    assert next_hold_at(PlaceRules(place=HERE), zones, now) is None


def test_each_rule_is_asked_in_its_own_zone() -> None:
    rules = PlaceRules(place=HERE, quiet_hours=quiet_hours_of("22-8"), digest=digest_of("09:00"))
    zones = RuleZones(ZoneInfo(SHANGHAI), ZoneInfo(BERLIN))
    now = local("2026-03-24 12:00")

    quiet, digest = current_holds(rules, zones, now)

    assert quiet.since.astimezone(zones.quiet).hour == 22
    assert digest.until.astimezone(zones.digest).hour == 9
    assert next_hold_at(rules, zones, now) == local("2026-03-24 15:00")  # 22:00 in Shanghai


@pytest.mark.parametrize(
    ("digest", "awaited", "now", "moment"),
    [
        # The moment that was awaited, at once or late.
        ("9:00", "2026-03-24 09:00", "2026-03-24 09:00", "2026-03-24 09:00"),
        ("9:00", "2026-03-24 09:00", "2026-03-24 23:00", "2026-03-24 09:00"),
        # After some days without us only the latest.
        ("9:00", "2026-03-20 09:00", "2026-03-24 08:59", "2026-03-23 09:00"),
        ("9:00 weekdays", "2026-03-26 09:00", "2026-03-29 12:00", "2026-03-27 09:00"),
        # What was awaited is the beginning of a night: the day's moment is over.
        ("9:00", "2026-03-24 22:00", "2026-03-24 22:00", None),
        ("9:00", "2026-03-24 22:00", "2026-03-25 10:00", "2026-03-25 09:00"),
        # Clocks leave out 02:30 in this night.
        ("2:30", "2026-03-28 02:30", "2026-03-29 03:00", "2026-03-29 03:00"),
        (None, "2026-03-24 22:00", "2026-03-24 22:00", None),
    ],
)
def test_the_moments_of_a_digest_are_new_once(
    digest: str | None, awaited: str, now: str, moment: str | None
) -> None:
    rules = PlaceRules(place=HERE, digest=digest_of(digest) if digest else None)

    zones = RuleZones(UTC, ZoneInfo(BERLIN))
    found = new_digest_moment(rules, zones, local(now), since=local(awaited))

    assert found == (local(moment) if moment else None)
