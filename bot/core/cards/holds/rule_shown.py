"""The cards that show a rule of a place, for commands that change nothing."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.cards.card import Action, Card, day_and_clock
from bot.core.cards.holds.settings import change_button
from bot.core.cards.words.hold_words import (
    digest_rule,
    held_words,
    here_or_me,
    lets_failures_pass,
    quiet_rule,
    set_by,
)
from bot.core.commands.verbs.digest import SetDigest
from bot.core.commands.verbs.quiet import SetQuietHours
from bot.core.place_rules import PlaceRules
from bot.core.rule_holds import digest_span, next_quiet, present_quiet
from bot.core.text import Text, Words, say, sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRules:
    """The rules of a place, with the time zone of each."""

    rules: PlaceRules
    quiet_zone: ZoneInfo
    digest_zone: ZoneInfo
    now: datetime


def quiet_shown_card(shown: ShownRules) -> Card:
    """Return the quiet hours of a place, who set them, and the buttons that change or end them."""
    quiet, place = shown.rules.quiet_hours, here_or_me(shown.rules.place)
    if quiet is None:
        none = say("No quiet hours.")
        return _card(
            shown, none, say("For example: `quiet {place} 22:00-08:00`.", place=place.text)
        )
    if present := present_quiet(quiet, shown.quiet_zone, shown.now):
        comes = say(
            "The quiet hours have begun, and end {time}.", time=day_and_clock(present.until)
        )
    else:
        begin = next_quiet(quiet, shown.quiet_zone, shown.now).since
        comes = say("The next quiet hours begin {time}.", time=day_and_clock(begin))
    end = Action(label=say("No quiet hours"), command=SetQuietHours(place=place, quiet_hours=None))
    rule = set_by(quiet_rule(shown.rules), shown.rules.set_by)
    meanwhile = held_words(shown.rules.place, lets_failures_pass=lets_failures_pass(shown.rules))
    return _card(shown, rule, comes, meanwhile, end=end)


def digest_shown_card(shown: ShownRules) -> Card:
    """Return the digest of a place, who set it, its content, and the buttons that change or end
    it."""
    digest, place = shown.rules.digest, here_or_me(shown.rules.place)
    if digest is None:
        none = say("No digest.")
        return _card(shown, none, say("For example: `digest {place} at 09:00`.", place=place.text))
    following = digest_span(digest, shown.digest_zone, shown.now).until
    end = Action(label=say("No digest"), command=SetDigest(place=place, digest=None))
    return _card(
        shown,
        set_by(digest_rule(shown.rules), shown.rules.digest_by),
        _inside(shown),
        say("The next digest comes {time}.", time=day_and_clock(following)),
        end=end,
    )


def _inside(shown: ShownRules) -> Text:
    if shown.rules.place.is_direct:
        return say(
            "It has everything I would have sent you since the last one, and a morning line for"
            " each project that you follow as a whole. Cards stay up to date."
        )
    return say(
        "It has everything I would have posted here since the last one, and a morning line for each"
        " project that this channel follows as a whole. Cards stay up to date."
    )


def _card(shown: ShownRules, *said: Words, end: Action | None = None) -> Card:
    words = sentences(*said)
    change = change_button(shown.rules.place)
    return Card(summary=words, lines=((words,),), controls=(change, *((end,) if end else ())))
