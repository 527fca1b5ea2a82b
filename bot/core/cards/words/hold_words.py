"""The words for snoozes, quiet hours and digests: who set them, and until when they hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.cards.card import Person, day_and_clock
from bot.core.cards.words.subscription_words import Naming, target_words
from bot.core.commands.targets.hold_targets import Here, Me, WholePlace
from bot.core.commands.times.day_times import clock_text, span_text
from bot.core.hold import Hold, HoldReason, explain
from bot.core.job import JobId
from bot.core.place_rules import PlaceRules
from bot.core.subscription import JobTarget, Place
from bot.core.text import Text, Words, say

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHolds:
    """The rules of a place, and its present holds."""

    rules: PlaceRules
    holds: Sequence[Hold] = ()


def hold_words(hold: Hold) -> Words:
    """Return the reason of a hold, with its end if people asked for the hold."""
    if hold.until is None:
        return explain(hold.reason, hold.words)
    end = day_and_clock(hold.until)
    match hold.reason:
        case HoldReason.SNOOZED:
            return say("snoozed until {time} by {person}", time=end, person=Person(hold.words))
        case HoldReason.QUIET:
            return say("quiet hours until {time}", time=end)
        case HoldReason.QUIET_BUT_FAILURES:
            return say("quiet hours for all but failures until {time}", time=end)
        case HoldReason.DIGEST:
            return say("the next digest comes {time}", time=end)
        case _:
            return explain(hold.reason, hold.words)


def last_of(holds: Iterable[Hold]) -> Hold | None:
    """Return the hold that ends last, before which nothing is posted; None without holds."""
    return max(holds, key=lambda hold: hold.until or _NEVER, default=None)


def still_held(holds: Iterable[Hold]) -> Words:
    """Return what still holds a place; empty without holds."""
    last = last_of(holds)
    return say("Still held: {reason}.", reason=hold_words(last)) if last else ""


def place_hold_words(held: PlaceHolds, naming: Naming) -> list[Words]:
    """Return the rules of a place and its snoozes, each as a sentence."""
    rules, by = held.rules, Person(held.rules.set_by)
    wide = [hold for hold in held.holds if not hold.scope.job_id]
    last = last_of(wide)
    snoozed = last is not None and last.reason is HoldReason.SNOOZED
    # If a snooze ends last, nothing is posted when the quiet hours end or the digest is due.
    present = {} if snoozed else {hold.reason: hold.until for hold in wide if hold.until}
    said: list[Words] = []
    if rules.quiet_hours:
        until = present.get(HoldReason.QUIET) or present.get(HoldReason.QUIET_BUT_FAILURES)
        said.append(say("{rule} Set by {person}.", rule=quiet_rule(rules), person=by))
        if until:
            said.append(say("They hold what I would post until {time}.", time=day_and_clock(until)))
    if rules.digest:
        set_by = Person(rules.digest_by)
        said.append(say("{rule} Set by {person}.", rule=digest_rule(rules), person=set_by))
        if until := present.get(HoldReason.DIGEST):
            said.append(say("The next digest comes {time}.", time=day_and_clock(until)))
    said += [
        snoozed_words(hold, naming) for hold in held.holds if hold.reason is HoldReason.SNOOZED
    ]
    return said


def snoozed_words(hold: Hold, naming: Naming) -> Words:
    """Return who snoozed a job or the whole place, and until when."""
    end = day_and_clock(hold.until) if hold.until else ""
    person = Person(hold.words)
    if not hold.scope.job_id:
        return say("Everything is snoozed until {time} by {person}.", time=end, person=person)
    job = target_words(JobTarget(JobId(hold.scope.job_id)), naming)
    return say("{job} is snoozed until {time} by {person}.", job=job, time=end, person=person)


def snoozed_here(hold: Hold) -> Text:
    """Return who snoozed the job of a card in its place, for the card's small print."""
    end = day_and_clock(hold.until) if hold.until else ""
    return say("snoozed here until {time} by {person}", time=end, person=Person(hold.words))


def snoozed_sentence(hold: Hold) -> Text:
    """Return who snoozed the job of a card in its place, as a sentence."""
    end = day_and_clock(hold.until) if hold.until else ""
    return say("Snoozed here until {time} by {person}.", time=end, person=Person(hold.words))


def quiet_rule(rules: PlaceRules) -> Text:
    """Return the quiet hours of a place, with their time zone."""
    quiet, zone = rules.quiet_hours, rules.time_zone
    if quiet is None:
        return say("No quiet hours.")
    hours = span_text(quiet)
    match quiet.is_weekdays_only, quiet.lets_failures_pass:
        case False, False:
            return say("Quiet {hours} {zone}.", hours=hours, zone=zone)
        case True, False:
            return say("Quiet {hours} {zone}, Monday to Friday.", hours=hours, zone=zone)
        case False, True:
            return say("Quiet {hours} {zone}, except for failures.", hours=hours, zone=zone)
        case _:
            return say(
                "Quiet {hours} {zone}, Monday to Friday, except for failures.",
                hours=hours,
                zone=zone,
            )


def digest_rule(rules: PlaceRules) -> Text:
    """Return the time of a place's digest, with its time zone."""
    digest, zone = rules.digest, rules.zone_of_digest
    if digest is None:
        return say("No digest.")
    at = clock_text(digest.at)
    if digest.is_weekdays_only:
        return say("Digest at {at} {zone}, Monday to Friday.", at=at, zone=zone)
    return say("Digest at {at} {zone}, every day.", at=at, zone=zone)


def set_by(rule: Text, user_id: str) -> Text:
    """Return a rule and the person who set it; the rule alone if nobody is recorded."""
    return say("{rule} Set by {person}.", rule=rule, person=Person(user_id)) if user_id else rule


def here_or_me(place: Place) -> WholePlace:
    """Return a place as a command in it names it: `here` or `me`."""
    return Me() if place.is_direct else Here()


def held_words(place: Place, *, lets_failures_pass: bool = False) -> Text:
    """Return what a snooze, quiet hours or a digest does in a place."""
    if lets_failures_pass:
        return _held_but_failures(place)
    if place.is_direct:
        return say("Meanwhile I hold what I would send you. Cards stay up to date.")
    return say("I hold what I would post here meanwhile. Cards stay up to date.")


def _held_but_failures(place: Place) -> Text:
    if place.is_direct:
        return say(
            "Meanwhile I hold what I would send you, except failures and reminders. Cards stay up"
            " to date."
        )
    return say(
        "Meanwhile I hold what I would post here, except failures and reminders. Cards stay up to"
        " date."
    )


def lets_failures_pass(rules: PlaceRules) -> bool:
    """Return True if nothing holds failures back: a digest beside the quiet hours would."""
    quiet = rules.quiet_hours
    return quiet is not None and quiet.lets_failures_pass and rules.digest is None
