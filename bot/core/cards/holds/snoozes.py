"""Answers about snoozes, and about a digest that was declined."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.cards.card import Action, Card, Control, Moment, day_and_clock
from bot.core.cards.holds.which_snooze import held_elsewhere
from bot.core.cards.wording import full_words
from bot.core.cards.words.hold_words import digest_rule, held_words, here_or_me, still_held
from bot.core.cards.words.subscription_words import where_span
from bot.core.cards.words.zone_clock import beside_clock, zone_clock
from bot.core.commands.targets.hold_targets import Here, Me, WholePlace
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.times.until import exact_words
from bot.core.commands.verbs.digest import SetDigest
from bot.core.commands.verbs.quiet import SetQuietHours
from bot.core.commands.verbs.snooze import Snooze
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.commands.verbs.wake import Wake
from bot.core.hold import OF_QUIET_HOURS, Hold, HoldReason
from bot.core.job import VisualizationJob
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place
from bot.core.text import Text, Words, say, say_many, sentences


def snoozed_card(
    command: Snooze,
    *,
    job: VisualizationJob | None,
    place: Place,
    until: datetime,
    zone: ZoneInfo | None,
) -> Card:
    """Confirm a snooze of a job, or of the whole place if `job` is None. The end is also shown as a
    clock time in `zone`, unless that is None."""
    end: Text | Moment = day_and_clock(until)
    if zone:
        end = beside_clock(day_and_clock(until), zone_clock(until, zone))
    undo = Action(label=say("Undo"), command=Wake(job=command.job))
    return _card(sentences(_snoozed(job, place, end), held_words(place)), undo)


def not_followed_card(job: VisualizationJob, place: Place) -> Card:
    """Answer a snooze of a job that the place does not follow."""
    name = full_words(job)
    subscribe = Action(label=say("Subscribe"), command=Subscribe(job=JobNumber(str(job.id))))
    if place.is_direct:
        words = say("You don't follow {job} by direct message: nothing to snooze.", job=name)
    else:
        words = say("{job} isn't followed here: nothing to snooze.", job=name)
    return _card(words, subscribe)


def woken_card(
    command: Wake,
    ended: Sequence[Hold],
    *,
    job: VisualizationJob | None,
    place: Place,
    still: Sequence[Hold],
    elsewhere: Mapping[Place, Sequence[Hold]],
) -> Card:
    """Confirm the snoozes that `ended`, if any. `still` has the holds that remain on the place,
    `elsewhere` those on the other places of the person."""
    name = full_words(job) if job else ""
    lines: list[Words] = []
    controls: list[Control] = []
    if not ended:
        lines.append(_not_snoozed(name, place))
    else:
        lines += _ended_words(ended, name, place)
        lines.append("" if still else say("What I held comes now."))
        is_whole = len(ended) == 1 and bool(name) == bool(ended[0].scope.job_id)
        if is_whole and ended[0].until and not command.where:
            again = Snooze(job=command.job, until=exact_words(ended[0].until))
            controls.append(Action(label=say("Undo"), command=again))
    lines.append(still_held(still))
    if command.where:  # the buttons are about the place in which they are pressed
        return _card(sentences(*lines))
    lines += [held_elsewhere(one, other) for other, own in elsewhere.items() for one in own]
    controls += _ending(still, _place_of(command))
    for other, own in elsewhere.items():
        controls += _ending(own, here_or_me(other))
    return _card(sentences(*lines), *controls)


def digest_declined_card(command: SetDigest, rules: PlaceRules) -> Card:
    """Confirm that the bot offers no digest here again. If somebody has set one meanwhile, the card
    shows it, with a button that ends it."""
    words = say("I won't offer a digest here again.")
    if rules.digest is None:
        return _card(words)
    off = SetDigest(place=command.place, digest=None)
    goes_on = say("The present one goes on.")
    return _card(
        sentences(words, goes_on, digest_rule(rules)),
        Action(label=say("No digest"), command=off),
    )


def _snoozed(job: VisualizationJob | None, place: Place, end: Text | Moment) -> Text:
    name = full_words(job) if job else ""
    match bool(job), place.is_direct:
        case True, True:
            return say("{job} is snoozed until {end}, for you alone.", job=name, end=end)
        case True, False:
            return say("{job} is snoozed here until {end}.", job=name, end=end)
        case False, True:
            return say("Your direct messages are snoozed until {end}.", end=end)
        case _:
            return say("Everything here is snoozed until {end}.", end=end)


def _awake(name: Words, place: Place) -> Text:
    match bool(name), place.is_direct:
        case True, True:
            return say("{job} is no longer snoozed for you.", job=name)
        case True, False:
            channel = where_span(place)
            return say("{job} is no longer snoozed in {channel}.", job=name, channel=channel)
        case False, True:
            return say("Your direct messages are no longer snoozed.")
        case _:
            channel = where_span(place)
            return say("{channel} is no longer snoozed.", channel=channel)


def _ended_words(ended: Sequence[Hold], name: Words, place: Place) -> list[Words]:
    """Return what was snoozed; a wake of a place also ends the snoozes of its jobs."""
    jobs = 0 if name else sum(bool(hold.scope.job_id) for hold in ended)
    if jobs == len(ended):
        return [
            say_many(
                "{count} job is no longer snoozed in {place}.",
                "{count} jobs are no longer snoozed in {place}.",
                jobs,
                place=where_span(place),
            )
        ]
    also = say_many(
        "The snooze of {count} job has ended, too.",
        "The snoozes of {count} jobs have ended, too.",
        jobs,
    )
    return [_awake(name, place), *((also,) if jobs else ())]


def _not_snoozed(name: Words, place: Place) -> Text:
    match bool(name), place.is_direct:
        case True, True:
            return say("{job} isn't snoozed for you.", job=name)
        case True, False:
            return say("{job} isn't snoozed in {channel}.", job=name, channel=where_span(place))
        case False, True:
            return say("Your direct messages aren't snoozed.")
        case _:
            return say("Nothing is snoozed in {channel}.", channel=where_span(place))


def _ending(still: Sequence[Hold], place: WholePlace) -> list[Control]:
    """Return a button for each kind of hold on the whole place: snooze, quiet hours, digest."""
    reasons = {hold.reason for hold in still}
    controls: list[Control] = []
    if HoldReason.SNOOZED in reasons:
        controls.append(Action(label=_waking(place), command=Wake(job=place)))
    if reasons & OF_QUIET_HOURS:
        off = SetQuietHours(place=place, quiet_hours=None)
        controls.append(Action(label=say("No quiet hours"), command=off))
    if HoldReason.DIGEST in reasons:
        none = SetDigest(place=place, digest=None)
        controls.append(Action(label=say("No digest"), command=none))
    return controls


def _waking(place: WholePlace) -> Text:
    return say("Wake my direct messages") if isinstance(place, Me) else say("Wake all here")


def _place_of(command: Wake) -> WholePlace:
    return command.job if isinstance(command.job, Here | Me) else Here()


def _card(words: Words, *controls: Control) -> Card:
    return Card(summary=words, lines=((words,),), controls=controls)
