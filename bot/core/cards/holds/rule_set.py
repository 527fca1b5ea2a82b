"""Answers to a person who sets the quiet hours or the digest of a place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.cards.card import Action, Card, day_and_clock
from bot.core.cards.words.hold_words import (
    digest_rule,
    held_words,
    lets_failures_pass,
    quiet_rule,
    set_by,
    still_held,
)
from bot.core.cards.words.zone_clock import beside_clock, zone_clock
from bot.core.commands.verbs.digest import SetDigest
from bot.core.commands.verbs.quiet import SetQuietHours
from bot.core.hold import Hold
from bot.core.place_rules import Digest, PlaceRules, QuietHours
from bot.core.rule_holds import digest_span, next_quiet, present_quiet
from bot.core.text import Text, Value, Words, say, sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """The rules of a place before and after a command that sets one of them."""

    command: SetQuietHours | SetDigest
    before: PlaceRules
    after: PlaceRules
    #: The time zone of the rule after the command.
    zone: ZoneInfo
    #: The time zone of the person who set the rule.
    own: ZoneInfo
    now: datetime
    #: The other holds of the place.
    still: Sequence[Hold]
    #: True if a message to the channel announces the rule and who set it.
    is_announced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """One rule of a place in words, and the command that restores the former rule."""

    back: SetQuietHours | SetDigest
    was_set: bool
    is_set: bool
    #: The sentence for a place that had no such rule.
    none: Text
    #: The present rule; empty if it is announced to the channel.
    rule: Words
    #: The next effect of the rule.
    comes: Words


def rule_set_card(change: RuleChange) -> Card:
    """Return the present rule, when it holds next, and an Undo button. A rule that is announced is
    not repeated, but another rule with its own time zone is shown."""
    before, after, is_quiet = change.before, change.after, isinstance(change.command, SetQuietHours)
    one = _quiet(change) if is_quiet else _digest(change)
    if not one.is_set and not one.was_set:
        direct = say("Your direct messages have no such rule.")
        words: Words = direct if after.place.is_direct else one.none
        return Card(summary=words, lines=((words,),))
    other = _other_rule(after, is_quiet=is_quiet, is_apart=one.is_set)
    passes = is_quiet and lets_failures_pass(after) and not change.still
    meanwhile = held_words(after.place, lets_failures_pass=passes) if one.is_set else ""
    words = sentences(one.rule, one.comes, meanwhile, other)
    undo = _undo(one.back, before, change.own)
    return Card(summary=words, lines=((words,),), controls=(undo,))


def _undo(back: SetQuietHours | SetDigest, before: PlaceRules, own: ZoneInfo) -> Action:
    """Return the button that runs `back`. A rule takes the zone of the person who sets it (`own`),
    so the command names the former zone if that is another one."""
    is_quiet = isinstance(back, SetQuietHours)
    is_set = (back.quiet_hours if isinstance(back, SetQuietHours) else back.digest) is not None
    zone = before.time_zone if is_quiet else before.zone_of_digest
    if is_set and zone != own.key:
        back = replace(back, time_zone=zone)
    return Action(label=say("Undo"), command=back)


def _other_rule(rules: PlaceRules, *, is_quiet: bool, is_apart: bool) -> Words:
    """Return the other rule of the place, which did not change; empty if there is none. If the
    command set a rule (`is_apart`), return it only if the two rules have different time zones."""
    has_other = rules.digest if is_quiet else rules.quiet_hours
    if not has_other or (is_apart and not rules.digest_zone):
        return ""
    rule = digest_rule(rules) if is_quiet else quiet_rule(rules)
    return set_by(rule, rules.digest_by if is_quiet else rules.set_by)


def _quiet(change: RuleChange) -> _Rule:
    before, quiet = change.before.quiet_hours, change.after.quiet_hours
    still, is_announced = still_held(change.still), change.is_announced
    if quiet:
        rule: Words = quiet_rule(change.after)
        comes: Words = sentences(_quiet_comes(change, quiet), still)
    else:
        rule = say("No quiet hours any more.")
        comes = still or say("What the quiet hours held comes now.")
    return _Rule(
        back=SetQuietHours(place=change.command.place, quiet_hours=before),
        was_set=before is not None,
        is_set=quiet is not None,
        none=say("There are no quiet hours here."),
        rule="" if is_announced else rule,
        comes=comes,
    )


def _quiet_comes(change: RuleChange, quiet: QuietHours) -> Text:
    if present := present_quiet(quiet, change.zone, change.now):
        end = _moment(change, present.until)
        return say("The quiet hours have begun, and end {time}.", time=end)
    begin = _moment(change, next_quiet(quiet, change.zone, change.now).since)
    return say("The next quiet hours begin {time}.", time=begin)


def _digest(change: RuleChange) -> _Rule:
    before, digest = change.before.digest, change.after.digest
    is_said = change.is_announced
    if digest:
        rule: Words = digest_rule(change.after)
        comes, is_later = _digest_comes(change, digest)
        # The sentence about a later hold has no time zone, so the answer must repeat the rule.
        is_said = is_said and not is_later
    else:
        rule = say("No digest any more.")
        comes = still_held(change.still) or say("What waited for the digest comes now.")
    return _Rule(
        back=SetDigest(place=change.command.place, digest=before),
        was_set=before is not None,
        is_set=digest is not None,
        none=say("There is no digest here."),
        rule="" if is_said else rule,
        comes=comes,
    )


def _digest_comes(change: RuleChange, digest: Digest) -> tuple[Words, bool]:
    """Return when the next digest comes, or the hold that lasts longer; True for the hold."""
    following = digest_span(digest, change.zone, change.now).until
    later = [hold for hold in change.still if not hold.until or hold.until > following]
    if later:
        return still_held(later), True
    return say("The next digest comes {time}.", time=_moment(change, following)), False


def _moment(change: RuleChange, at: datetime) -> Value:
    """Return a moment; if the card leaves out the rule, also as a clock time in the rule's zone."""
    if not change.is_announced:
        return day_and_clock(at)
    return beside_clock(day_and_clock(at), zone_clock(at, change.zone))
