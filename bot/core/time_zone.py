"""Time zones by their IANA names."""

from zoneinfo import ZoneInfo


def zone_named(name: object) -> ZoneInfo | None:
    """Return the zone of an IANA name; None for anything else."""
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone; no name of one; a folder of zones
        return None
