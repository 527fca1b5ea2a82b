"""What everybody in a channel reads when somebody changes its rules."""

from bot.core.cards.calm_words import has_moved
from bot.core.cards.reply import Announcement
from bot.core.cards.settings import rules_changed_card, standing
from bot.core.cards.subscription_words import is_direct
from bot.core.commands.settings import SetRules
from bot.core.place_rules import PlaceRules


def announced(before: PlaceRules, after: PlaceRules, *, by: str) -> Announcement | None:
    """Who changed what; None where nothing changed, and in a direct message."""
    said = _said(before, after)
    if said == SetRules() or is_direct(after.place):
        return None
    return Announcement(
        channel_id=after.place.channel_id,
        card=rules_changed_card(after, said),
        signed=rules_changed_card(after, said, by=by),
    )


def _said(before: PlaceRules, after: PlaceRules) -> SetRules:
    """What a change comes to: who sets what stood already changes nothing of it, unless its times
    are meant in another zone from then on."""
    old, new = standing(before), standing(after)
    is_moved = has_moved(before, after)
    return SetRules(
        language="" if old.language == new.language else new.language,
        quiet="" if old.quiet == new.quiet and not (is_moved and after.quiet_hours) else new.quiet,
        digest="" if old.digest == new.digest and not (is_moved and after.digest) else new.digest,
    )
