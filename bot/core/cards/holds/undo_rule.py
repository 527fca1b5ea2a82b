"""The button that restores the former rule of a place."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.core.cards.card import Action
from bot.core.commands.verbs.digest import SetDigest
from bot.core.commands.verbs.quiet import SetQuietHours
from bot.core.place_rules import PlaceRules
from bot.core.text import say


def undo_rule(back: SetQuietHours | SetDigest, before: PlaceRules, own: ZoneInfo) -> Action:
    """Return the button that runs `back`. A rule takes the zone of the person who sets it (`own`),
    so the command names the former zone if that is another one."""
    is_quiet = isinstance(back, SetQuietHours)
    is_set = (back.quiet_hours if isinstance(back, SetQuietHours) else back.digest) is not None
    zone = before.time_zone if is_quiet else before.zone_of_digest
    if is_set and zone != own.key:
        back = replace(back, time_zone=zone)
    return Action(label=say("Undo"), command=back)
