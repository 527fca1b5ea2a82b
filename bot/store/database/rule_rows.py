"""Convert rows of place rules to the types of the core, and back. No SQL."""

from dataclasses import asdict
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from bot.core.place_rules import Digest, PlaceRules, QuietHours
from bot.core.rule_holds import RuleZones
from bot.core.subscription import Place


def rules_from(row: Row[Any]) -> PlaceRules:
    """Return the place rules of a row."""
    quiet_hours = digest = None
    if row.quiet_begins_at is not None:
        quiet_hours = QuietHours(
            begins_at=row.quiet_begins_at,
            ends_at=row.quiet_ends_at,
            is_weekdays_only=row.quiet_is_weekdays_only,
            lets_failures_pass=row.quiet_lets_failures_pass,
        )
    if row.digest_at is not None:
        digest = Digest(at=row.digest_at, is_weekdays_only=row.digest_is_weekdays_only)
    return PlaceRules(
        place=Place(team_id=row.team_id, channel_id=row.channel_id),
        quiet_hours=quiet_hours,
        digest=digest,
        language=row.language,
        time_zone=row.time_zone,
        set_by=row.set_by,
        digest_zone=row.digest_time_zone,
        digest_set_by=row.digest_set_by,
    )


def zones_of(rules: PlaceRules) -> RuleZones:
    """Return the time zones of a place's rules; UTC where none is set."""
    return RuleZones(zone_called(rules.time_zone), zone_called(rules.zone_of_digest))


def zone_called(name: str) -> tzinfo:
    """Return the zone of this name; UTC for an empty name or one that this system does not know."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def row_of(rules: PlaceRules) -> dict[str, object]:
    """Return the columns of place rules."""
    quiet, digest = rules.quiet_hours, rules.digest
    return {
        **asdict(rules.place),
        "quiet_begins_at": quiet and quiet.begins_at,
        "quiet_ends_at": quiet and quiet.ends_at,
        "quiet_is_weekdays_only": bool(quiet and quiet.is_weekdays_only),
        "quiet_lets_failures_pass": bool(quiet and quiet.lets_failures_pass),
        "digest_at": digest and digest.at,
        "digest_is_weekdays_only": bool(digest and digest.is_weekdays_only),
        "language": rules.language,
        "time_zone": rules.time_zone,
        "set_by": rules.set_by,
        "digest_time_zone": rules.digest_zone,
        "digest_set_by": rules.digest_set_by,
    }
