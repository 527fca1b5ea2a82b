"""The rules of a place: language, quiet hours, digest. Pure."""

from dataclasses import dataclass, replace

from bot.core.subscription import Place

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Quiet hours of each day or each weekday, in minutes of the day. If the end is the earlier
    one they last over midnight; a night belongs to the day on which it begins."""

    begins_at: int
    ends_at: int
    is_weekdays_only: bool = False
    #: True if failures, early deletions and guard notices pass.
    lets_failures_pass: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A minute of each day or each weekday at which all messages since the last one come
    together."""

    at: int
    is_weekdays_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRules:
    """The rules of a place. The times of each rule are in the zone of the person who set it."""

    place: Place
    quiet_hours: QuietHours | None = None
    digest: Digest | None = None
    #: The tag of a language; empty for that of the installation.
    language: str = ""
    #: An IANA name; empty for that of the installation.
    time_zone: str = ""
    #: The person who set a rule last; empty for nobody.
    set_by: str = ""
    #: The zone of the digest and the person who set it, where the quiet hours have others.
    digest_zone: str = ""
    digest_set_by: str = ""

    @property
    def zone_of_digest(self) -> str:
        """The zone of the digest."""
        return self.digest_zone or self.time_zone

    @property
    def digest_by(self) -> str:
        """The person who set the digest; empty for nobody."""
        return self.digest_set_by or self.set_by

    def with_quiet_hours(self, quiet: QuietHours | None, *, zone: str, by: str) -> "PlaceRules":
        """Set or end the quiet hours; the digest keeps its zone."""
        if quiet is None:
            return replace(
                self,
                quiet_hours=None,
                time_zone=self.zone_of_digest,
                set_by=self.digest_by,
                digest_zone="",
                digest_set_by="",
            )
        new = replace(self, quiet_hours=quiet, time_zone=zone, set_by=by)
        if self.digest is None:
            return new
        return new._with_digest_of(self.zone_of_digest, self.digest_by)

    def with_digest(self, digest: Digest | None, *, zone: str, by: str) -> "PlaceRules":
        """Set or end the digest; the quiet hours keep their zone."""
        new = replace(self, digest=digest, digest_zone="", digest_set_by="")
        if digest is None:
            return new
        if self.quiet_hours is None:
            return replace(new, time_zone=zone, set_by=by)
        return new._with_digest_of(zone, by)

    def _with_digest_of(self, zone: str, by: str) -> "PlaceRules":
        """Note the zone and the setter of the digest where they differ from the quiet hours'."""
        return replace(
            self,
            digest_zone="" if zone == self.time_zone else zone,
            digest_set_by="" if by == self.set_by else by,
        )
