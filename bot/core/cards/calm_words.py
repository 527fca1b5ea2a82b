"""What people asked to be held, in words: by whom, until when, and by which rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.cards.card import Moment, Person, TimeStyle
from bot.core.cards.subscription_words import Naming, target_words
from bot.core.commands.day_times import clock_text, span_text
from bot.core.hold import Hold, HoldReason, explain
from bot.core.job import JobId
from bot.core.place_rules import PlaceRules
from bot.core.subscription import JobTarget
from bot.core.text import Text, Words, say


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCalm:
    """The rules of a place, and what is held there now."""

    rules: PlaceRules
    holds: Sequence[Hold] = ()


def hold_words(hold: Hold) -> Words:
    """What holds something, and until when, where people asked for it."""
    if hold.until is None:
        return explain(hold.reason, hold.words)
    end = until_words(hold.until)
    match hold.reason:
        case HoldReason.SNOOZED:
            return say("snoozed until {time} by {person}", time=end, person=Person(hold.words))
        case HoldReason.QUIET:
            return say("quiet hours until {time}", time=end)
        case HoldReason.QUIET_BUT_FAILURES:
            return say("quiet hours for all but failures until {time}", time=end)
        case HoldReason.DIGEST:
            return say("it comes with the digest {time}", time=end)
        case _:
            return explain(hold.reason, hold.words)


def place_calm_words(calm: PlaceCalm, naming: Naming) -> list[Words]:
    """The rules of a place and its snoozes, a sentence each."""
    rules, by = calm.rules, Person(calm.rules.set_by)
    present = {hold.reason: hold.until for hold in calm.holds if hold.until}
    said: list[Words] = []
    if rules.quiet_hours:
        until = present.get(HoldReason.QUIET) or present.get(HoldReason.QUIET_BUT_FAILURES)
        said.append(say("{rule} Set by {person}.", rule=quiet_rule(rules), person=by))
        if until:
            said.append(say("They hold what I would post until {time}.", time=until_words(until)))
    if rules.digest:
        said.append(say("{rule} Set by {person}.", rule=digest_rule(rules), person=by))
        if until := present.get(HoldReason.DIGEST):
            said.append(say("The next digest comes {time}.", time=until_words(until)))
    said += [
        snoozed_words(hold, naming) for hold in calm.holds if hold.reason is HoldReason.SNOOZED
    ]
    return said


def snoozed_words(hold: Hold, naming: Naming) -> Words:
    """Who snoozed what, until when."""
    end = until_words(hold.until) if hold.until else ""
    person = Person(hold.words)
    if not hold.scope.job_id:
        return say("Everything is snoozed until {time} by {person}.", time=end, person=person)
    job = target_words(JobTarget(JobId(hold.scope.job_id)), naming)
    return say("{job} is snoozed until {time} by {person}.", job=job, time=end, person=person)


def snoozed_here(hold: Hold) -> Text:
    """Who snoozed the job of a card in its place, in the card's small print."""
    end = until_words(hold.until) if hold.until else ""
    return say("snoozed here until {time} by {person}", time=end, person=Person(hold.words))


def snoozed_sentence(hold: Hold) -> Text:
    """The same as a sentence."""
    end = until_words(hold.until) if hold.until else ""
    return say("Snoozed here until {time} by {person}.", time=end, person=Person(hold.words))


def quiet_rule(rules: PlaceRules) -> Text:
    """When a place is quiet."""
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
    """When the digest of a place comes."""
    digest, zone = rules.digest, rules.time_zone
    if digest is None:
        return say("No digest.")
    at = clock_text(digest.at)
    if digest.is_weekdays_only:
        return say("Digest at {at} {zone}, Monday to Friday.", at=at, zone=zone)
    return say("Digest at {at} {zone}, every day.", at=at, zone=zone)


def moved_words(before: PlaceRules, after: PlaceRules, *, other: Text) -> Words:
    """The rules of a place share a zone, that of whoever set the last one: the other rule, which
    nobody named, moves with it. Empty where none does."""
    if not has_moved(before, after) or not (after.quiet_hours and after.digest):
        return ""
    return say(
        "All times here are meant in {zone} now, no longer in {before}. {rule}",
        zone=after.time_zone,
        before=before.time_zone,
        rule=other,
    )


def has_moved(before: PlaceRules, after: PlaceRules) -> bool:
    """True if the times of a place, of which there were some, are meant in another zone now."""
    has_times = before.quiet_hours is not None or before.digest is not None
    return has_times and before.time_zone not in ("", after.time_zone)


def until_words(at: datetime) -> Moment:
    """A day and a time: nights lie between."""
    return Moment(at, TimeStyle.DAY_AND_CLOCK)
