"""Answers about snoozes, quiet hours and digests."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.calm import digest_span, next_quiet, present_quiet
from bot.core.cards.calm_words import (
    digest_rule,
    hold_words,
    moved_words,
    quiet_rule,
    until_words,
)
from bot.core.cards.card import Action, Card, Control, Moment
from bot.core.cards.subscription_words import is_direct, where_span
from bot.core.cards.which_snooze import held_elsewhere
from bot.core.cards.wording import full_words
from bot.core.commands.calm_targets import Here, Me, WholePlace
from bot.core.commands.digest import SetDigest
from bot.core.commands.job_reference import JobNumber
from bot.core.commands.quiet import SetQuietHours
from bot.core.commands.snooze import Snooze
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.until import exact_words
from bot.core.commands.wake import Wake
from bot.core.hold import Hold, HoldReason
from bot.core.job import VisualizationJob
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place
from bot.core.text import Text, Words, say, say_many, sentences

_IS_RULE = frozenset({HoldReason.QUIET, HoldReason.QUIET_BUT_FAILURES})


def snoozed_card(
    command: Snooze,
    *,
    job: VisualizationJob | None,
    place: Place,
    until: datetime,
    zone: ZoneInfo | None,
) -> Card:
    """A snooze that begins; `zone` is the one in which its end was meant. No job: the place."""
    end: Text | Moment = until_words(until)
    if zone:
        clock = f"{until.astimezone(zone):%H:%M} {zone.key}"
        end = say("{when} ({clock})", when=until_words(until), clock=clock)
    undo = Action(label=say("Undo"), command=Wake(job=command.job))
    return _card(sentences(_snoozed(job, place, end), _held(place)), undo)


def not_followed_card(job: VisualizationJob, place: Place) -> Card:
    """There is nothing to snooze."""
    name = full_words(job)
    subscribe = Action(label=say("Subscribe"), command=Subscribe(job=JobNumber(str(job.id))))
    if is_direct(place):
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
    """The snoozes that were ended, if there were any; `still` holds what goes there, and
    `elsewhere` what goes to the other places of whoever asks."""
    name = full_words(job) if job else ""
    lines: list[Words] = []
    controls: list[Control] = []
    if not ended:
        lines.append(_not_snoozed(name, place))
    else:
        lines += _ended_words(ended, name, place)
        if len(ended) == 1 and ended[0].until and bool(name) == bool(ended[0].scope.job_id):
            again = Snooze(job=command.job, until=exact_words(ended[0].until))
            controls.append(Action(label=say("Undo"), command=again))
    for hold in still:
        lines.append(say("Still held: {reason}.", reason=hold_words(hold)))
    lines += [held_elsewhere(one, other) for other, own in elsewhere.items() for one in own]
    controls += _ending(still, _place_of(command))
    for other, own in elsewhere.items():
        controls += _ending(own, Me() if is_direct(other) else Here())
    return _card(sentences(*lines), *controls)


def quiet_set_card(
    command: SetQuietHours, before: PlaceRules, rules: PlaceRules, *, zone: ZoneInfo, now: datetime
) -> Card:
    """The quiet hours of a place as they are now."""
    undo = _undo(SetQuietHours(place=command.place, quiet_hours=before.quiet_hours))
    if rules.quiet_hours is None:
        if before.quiet_hours is None:
            return _card(_none_here(rules.place, say("There are no quiet hours here.")))
        rest = digest_rule(rules) if rules.digest else ""
        ended = say("No quiet hours any more. What they held comes now.")
        return _card(sentences(ended, rest), undo)
    present = present_quiet(rules.quiet_hours, zone, now)
    begins = until_words(next_quiet(rules.quiet_hours, zone, now).since)
    when = (
        say("They have begun, and end {time}.", time=until_words(present.until))
        if present
        else say("The next ones begin {time}.", time=begins)
    )
    return _card(
        sentences(
            quiet_rule(rules),
            when,
            _held(rules.place),
            moved_words(before, rules, other=digest_rule(rules)),
        ),
        undo,
    )


def digest_set_card(
    command: SetDigest, before: PlaceRules, rules: PlaceRules, *, zone: ZoneInfo, now: datetime
) -> Card:
    """The digest of a place as it is now."""
    undo = _undo(SetDigest(place=command.place, digest=before.digest))
    if rules.digest is None:
        if before.digest is None:
            return _card(_none_here(rules.place, say("There is no digest here.")))
        rest = quiet_rule(rules) if rules.quiet_hours else ""
        ended = say("No digest any more. What waited for it comes now.")
        return _card(sentences(ended, rest), undo)
    following = until_words(digest_span(rules.digest, zone, now).until)
    comes = say("The next one comes {time}.", time=following)
    return _card(
        sentences(
            digest_rule(rules),
            comes,
            _held(rules.place),
            moved_words(before, rules, other=quiet_rule(rules)),
        ),
        undo,
    )


def digest_declined_card(command: SetDigest, rules: PlaceRules) -> Card:
    """It is offered no more. One that somebody has set meanwhile goes on."""
    words = say("I won't offer a digest here again.")
    if rules.digest is None:
        return _card(words)
    off = SetDigest(place=command.place, digest=None)
    return _card(sentences(words, digest_rule(rules)), Action(label=say("No digest"), command=off))


def _snoozed(job: VisualizationJob | None, place: Place, end: Text | Moment) -> Text:
    name = full_words(job) if job else ""
    match bool(job), is_direct(place):
        case True, True:
            return say("{job} is snoozed until {end}, for you alone.", job=name, end=end)
        case True, False:
            return say("{job} is snoozed here until {end}.", job=name, end=end)
        case False, True:
            return say("Your direct messages are snoozed until {end}.", end=end)
        case _:
            return say("Everything here is snoozed until {end}.", end=end)


def _awake(name: Words, place: Place) -> Text:
    match bool(name), is_direct(place):
        case True, True:
            return say("{job} is no longer snoozed for you. What I held comes now.", job=name)
        case True, False:
            channel = where_span(place)
            return say(
                "{job} is no longer snoozed in {channel}. What I held comes now.",
                job=name,
                channel=channel,
            )
        case False, True:
            return say("Your direct messages are no longer snoozed. What I held comes now.")
        case _:
            channel = where_span(place)
            return say("{channel} is no longer snoozed. What I held comes now.", channel=channel)


def _ended_words(ended: Sequence[Hold], name: Words, place: Place) -> list[Words]:
    """What was snoozed; whoever wakes a place wakes each job that is snoozed there, too."""
    jobs = 0 if name else sum(bool(hold.scope.job_id) for hold in ended)
    words: list[Words] = [_awake(name, place)] if jobs < len(ended) else []
    if jobs:
        words.append(
            say_many(
                "{count} job is no longer snoozed in {place}.",
                "{count} jobs are no longer snoozed in {place}.",
                jobs,
                place=where_span(place),
            )
        )
        if jobs == len(ended):
            words.append(say("What I held comes now."))
    return words


def _not_snoozed(name: Words, place: Place) -> Text:
    match bool(name), is_direct(place):
        case True, True:
            return say("{job} isn't snoozed for you.", job=name)
        case True, False:
            return say("{job} isn't snoozed in {channel}.", job=name, channel=where_span(place))
        case False, True:
            return say("Your direct messages aren't snoozed.")
        case _:
            return say("Nothing is snoozed in {channel}.", channel=where_span(place))


def _ending(still: Sequence[Hold], place: WholePlace) -> list[Control]:
    """What ends those of a whole place."""
    reasons = {hold.reason for hold in still}
    controls: list[Control] = []
    if HoldReason.SNOOZED in reasons:
        controls.append(Action(label=_waking(place), command=Wake(job=place)))
    if reasons & _IS_RULE:
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


def _held(place: Place) -> Text:
    if is_direct(place):
        return say("I hold your direct messages meanwhile. Cards stay up to date.")
    return say("I hold what I would post here meanwhile. Cards stay up to date.")


def _none_here(place: Place, here: Text) -> Text:
    return say("Your direct messages have no such rule.") if is_direct(place) else here


def _undo(command: SetQuietHours | SetDigest) -> Action:
    return Action(label=say("Undo"), command=command)


def _card(words: Words, *controls: Control) -> Card:
    return Card(summary=words, lines=((words,),), controls=controls)
