"""The parts of a person's Home about themselves: the jobs they claimed, and the holds on
messages."""

from collections.abc import Collection

from bot.core.cards.card import Action, Bullet, Card
from bot.core.cards.hold_words import place_hold_words
from bot.core.cards.home_page import LINES_AT_MOST, HomeFacts, Section
from bot.core.cards.job_choice import job_picker
from bot.core.cards.job_lines import last_seen_line, listed_line
from bot.core.cards.subscription_words import Naming, target_words
from bot.core.commands.hold_targets import Me
from bot.core.commands.job_reference import JobById
from bot.core.commands.settings import SettingsForm
from bot.core.commands.wake import Wake
from bot.core.hold import Hold, HoldReason
from bot.core.job import JobId
from bot.core.subscription import JobTarget
from bot.core.text import say, say_many

# A further snooze gets its button once one of these has ended.
_WOKEN_AT_MOST = 3


def claimed(facts: HomeFacts, above: Collection[JobId]) -> tuple[Section, ...]:
    """Return the jobs that the person claimed, a line each, but for those that Home shows
    `above`."""
    ids = facts.personal.claimed if facts.personal else ()
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
    """Return the holds on the person's direct messages; nothing while they are unknown."""
    held = facts.personal.held if facts.personal else None
    if held is None:
        return ()
    names = {job.id: job.name for job in facts.jobs}

    def naming(job_id: JobId) -> str:
        return names.get(job_id, "")

    lines = tuple((Bullet(), words) for words in place_hold_words(held, naming))
    snoozes = [hold for hold in held.holds if hold.reason is HoldReason.SNOOZED]
    nothing = say("My direct messages reach you at once. Each channel has settings of its own.")
    settings = Action(
        label=say("Settings…"),
        command=SettingsForm("dm"),
        accessibility_label=say("Change the settings of my direct messages to you"),
    )
    return (
        (
            Card(
                summary="",
                title=say("Snoozed and quiet"),
                lines=lines or ((nothing,),),
                controls=(*(_wake(one, naming) for one in snoozes[:_WOKEN_AT_MOST]), settings),
            ),
        ),
    )


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
