"""The parts of a person's Home about themselves: the jobs they own, and the holds on
messages."""

from collections.abc import Collection, Sequence

from bot.core.cards.card import Action, Bullet, Card, Line, Strong
from bot.core.cards.holds.which_snooze import held_elsewhere
from bot.core.cards.home.home_page import LINES_AT_MOST, HomeFacts, Section
from bot.core.cards.jobs.job_choice import job_picker
from bot.core.cards.jobs.job_lines import last_seen_line, listed_line
from bot.core.cards.words.hold_words import PlaceHolds, hold_words, last_of, place_hold_words
from bot.core.cards.words.subscription_words import Naming, target_words, where_span
from bot.core.commands.targets.hold_targets import Here, Me
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.verbs.settings import SettingsForm
from bot.core.commands.verbs.wake import Wake
from bot.core.hold import Hold, HoldReason
from bot.core.job import JobId
from bot.core.subscription import JobTarget, Place
from bot.core.text import Words, say, say_many

# A further snooze gets its button once one of these has ended.
_WOKEN_AT_MOST = 3


def owned(facts: HomeFacts, above: Collection[JobId]) -> tuple[Section, ...]:
    """Return the jobs that the person owns, a line each, but for those that Home shows
    `above`."""
    ids = facts.personal.owned if facts.personal else ()
    jobs = [job for job in facts.jobs if job.id in ids and job.id not in above]
    if not jobs:
        return ()
    is_lost = facts.source.failing_since is not None
    lines = [last_seen_line(job) if is_lost else listed_line(job) for job in jobs]
    rest = len(jobs) - LINES_AT_MOST
    more = say_many("… and {count} more job.", "… and {count} more jobs.", rest)
    card = Card(
        summary="",
        title=say("Your jobs"),
        lines=(*lines[:LINES_AT_MOST], *(((more,),) if rest > 0 else ())),
        controls=job_picker(say("Show one…"), jobs),
    )
    return ((card,),)


def held(facts: HomeFacts) -> tuple[Section, ...]:
    """Return the holds on the person's direct messages, and on the channels that their
    subscriptions post to; nothing while both are unknown."""
    personal = facts.personal
    if personal is None or not (personal.held or personal.channel_holds):
        return ()
    names = {job.id: job.name for job in facts.jobs}

    def naming(job_id: JobId) -> str:
        return names.get(job_id, "")

    own = Card(
        summary="",
        title=say("Snoozed and quiet"),
        lines=tuple(
            _direct_lines(personal.held, naming, beside_channels=bool(personal.channel_holds))
        ),
        controls=_direct_controls(personal.held, naming) if personal.held else (),
    )
    return ((own, *_channels(personal.channel_holds, naming)),)


def _direct_lines(
    held: PlaceHolds | None, naming: Naming, *, beside_channels: bool
) -> Sequence[Line]:
    """Return the rules and snoozes of the person's direct messages, below a heading."""
    if held is None:
        return ()
    if rules := place_hold_words(held, naming):
        return ((Strong(say("Your direct messages")),), *((Bullet(), words) for words in rules))
    if beside_channels:
        return ((say("My direct messages reach you at once."),),)
    return ((say("My direct messages reach you at once. Each channel has settings of its own."),),)


def _channels(holds: Sequence[Hold], naming: Naming) -> Sequence[Card]:
    """Return what holds the messages of channels, below a heading: a line each, and a row with its
    button for a snooze; nothing without a hold."""
    if not holds:
        return ()
    shown = _one_for_a_place(holds)
    woken = [hold for hold in shown if hold.reason is HoldReason.SNOOZED][:_WOKEN_AT_MOST]
    others = [hold for hold in shown if hold not in woken]
    lines = [(Bullet(), _held_there(hold, naming)) for hold in others[:LINES_AT_MOST]]
    rest = len(others) - LINES_AT_MOST
    more = say_many("… and {count} more.", "… and {count} more.", rest)
    heading = (Strong(say("Channels")),)
    return (
        Card(summary="", lines=(heading, *lines, *(((more,),) if rest > 0 else ()))),
        *(
            Card(
                summary="",
                lines=((Bullet(), _held_there(hold, naming)),),
                controls=(_wake_there(hold, naming),),
            )
            for hold in woken
        ),
    )


def _wake_there(snooze: Hold, naming: Naming) -> Action:
    """Return the button that ends a snooze of a channel, or of a job there."""
    where = f"#{snooze.scope.channel_id}"
    if not snooze.scope.job_id:
        return Action(
            label=say("Wake the channel"),
            command=Wake(job=Here(), where=where),
            renews_card=True,
        )
    job_id = JobId(snooze.scope.job_id)
    label = say("Wake {job}", job=target_words(JobTarget(job_id), naming))
    return Action(label=label, command=Wake(job=JobById(job_id), where=where), renews_card=True)


def _one_for_a_place(holds: Sequence[Hold]) -> Sequence[Hold]:
    """Return the hold of each scope that ends last, before which nothing is posted there."""
    scopes = dict.fromkeys(hold.scope for hold in holds)
    last = (last_of(hold for hold in holds if hold.scope == scope) for scope in scopes)
    return [hold for hold in last if hold]


def _held_there(hold: Hold, naming: Naming) -> Words:
    place = Place(team_id=hold.scope.team_id, channel_id=hold.scope.channel_id)
    if not hold.scope.job_id:
        return held_elsewhere(hold, place)
    job = target_words(JobTarget(JobId(hold.scope.job_id)), naming)
    return say(
        "Messages about {job} in {channel} are held: {reason}.",
        job=job,
        channel=where_span(place),
        reason=hold_words(hold),
    )


def _direct_controls(held: PlaceHolds, naming: Naming) -> tuple[Action, ...]:
    snoozes = [hold for hold in held.holds if hold.reason is HoldReason.SNOOZED]
    settings = Action(
        label=say("Settings…"),
        command=SettingsForm("dm"),
        accessibility_label=say("Change the settings of my direct messages to you"),
    )
    return (*(_wake(one, naming) for one in snoozes[:_WOKEN_AT_MOST]), settings)


def _wake(snooze: Hold, naming: Naming) -> Action:
    """Return the button that ends a snooze; Home shows the result in its row."""
    if not snooze.scope.job_id:
        return Action(
            label=say("Wake all"),
            command=Wake(job=Me()),
            renews_card=True,
            accessibility_label=say("Wake all my direct messages"),
        )
    job_id = JobId(snooze.scope.job_id)
    label = say("Wake {job}", job=target_words(JobTarget(job_id), naming))
    return Action(label=label, command=Wake(job=JobById(job_id)), renews_card=True)
