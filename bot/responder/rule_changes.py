"""The announcement in a channel that somebody changed its rules."""

from bot.core.cards.holds.settings import rules_changed_card, rules_command
from bot.core.cards.reply import Announcement
from bot.core.commands.verbs.settings import SetRules
from bot.core.place_rules import PlaceRules


def announced(before: PlaceRules, after: PlaceRules, *, by: str) -> Announcement | None:
    """Return who changed what; None if nothing changed, or in a direct message."""
    said = _said(before, after)
    if said == SetRules() or after.place.is_direct:
        return None
    return Announcement(
        channel_id=after.place.channel_id,
        card=rules_changed_card(after, said),
        signed=rules_changed_card(after, said, by=by),
    )


def _said(before: PlaceRules, after: PlaceRules) -> SetRules:
    """Return the rules that differ. A rule that is set again counts only if its time zone
    changed."""
    old, new = rules_command(before), rules_command(after)
    quiet_moved = after.quiet_hours and _has_moved(before.time_zone, after.time_zone)
    digest_moved = after.digest and _has_moved(before.zone_of_digest, after.zone_of_digest)
    return SetRules(
        language="" if old.language == new.language else new.language,
        quiet="" if old.quiet == new.quiet and not quiet_moved else new.quiet,
        digest="" if old.digest == new.digest and not digest_moved else new.digest,
    )


def _has_moved(before: str, after: str) -> bool:
    return before not in ("", after)
