"""What people have settled for a place: language, quiet hours, digest. Pure."""

from dataclasses import dataclass

from bot.core.subscription import Place

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Each day, or each weekday, from one minute of the day to another, over midnight if that is
    the earlier one. A night belongs to the day on which it begins."""

    begins_at: int
    ends_at: int
    is_weekdays_only: bool = False
    #: Failures, deletions before the end and guard notices pass.
    lets_failures_pass: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What happens is sent together, at a minute of each day, or of each weekday."""

    at: int
    is_weekdays_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRules:
    """The rules of a place. Its times are in the zone of whoever set the last one."""

    place: Place
    quiet_hours: QuietHours | None = None
    digest: Digest | None = None
    #: The tag of a language; empty for that of the installation.
    language: str = ""
    #: An IANA name; empty for that of the installation.
    time_zone: str = ""
    #: Who set a rule last; empty for nobody.
    set_by: str = ""
