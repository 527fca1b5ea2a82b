"""Time zones by their IANA names."""

from zoneinfo import ZoneInfo

# Files beside the zones, whose names no person means: the zone of this machine, the rules for POSIX
# zones, and the zone of a machine that nobody has set up.
_NO_ZONES = {"localtime", "posixrules", "factory"}
# Folders with copies of all zones, of which `right` counts leap seconds.
_COPIES = ("posix/", "right/")


def zone_named(name: object) -> ZoneInfo | None:
    """Return the zone of an IANA name; None for anything else."""
    if not isinstance(name, str) or not name:
        return None
    # Some systems find a file whatever the case of its name.
    if name.lower() in _NO_ZONES or name.lower().startswith(_COPIES):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone; no name of one; a folder of zones
        return None
