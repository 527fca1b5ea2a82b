"""Rows of the rules of places into the nouns of the core, and back. No SQL."""

from dataclasses import asdict
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from bot.core.place_rules import Digest, PlaceRules, QuietHours
from bot.core.subscription import Place


def rules_from(row: Row[Any]) -> PlaceRules:
    """The rules of a row."""
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
    )


def zone_of(rules: PlaceRules) -> tzinfo:
    """The zone of a place's rules."""
    return zone_called(rules.time_zone)


def zone_called(name: str) -> tzinfo:
    """The zone of this name; UTC for none, and for one that this system does not know any more."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def row_of(rules: PlaceRules) -> dict[str, object]:
    """The columns of rules."""
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
    }
