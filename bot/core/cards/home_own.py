"""The parts of a person's Home about themselves: the jobs they claimed, and what is held back."""

from collections.abc import Sequence

from bot.core.cards.calm_words import place_calm_words
from bot.core.cards.card import Action, Bullet, Card
from bot.core.cards.home_page import ROWS_OF_A_PAGE, Known, Section, head, paged, row_controls
from bot.core.cards.job_lines import last_seen_line, listed_line
from bot.core.cards.subscription_words import Naming, target_words
from bot.core.commands.calm_targets import Me
from bot.core.commands.job_reference import JobById
from bot.core.commands.settings import SettingsForm
from bot.core.commands.wake import Wake
from bot.core.hold import Hold, HoldReason
from bot.core.job import JobId, VisualizationJob
from bot.core.subscription import JobTarget
from bot.core.text import say, say_many

# The others are woken one after the other, or with all.
_WOKEN_AT_MOST = 3


def claimed_jobs(known: Known) -> list[VisualizationJob]:
    """The jobs that the person claimed and that are still there."""
    ids = known.own.claimed if known.own else ()
    return [job for job in known.jobs if job.id in ids]


def claimed(jobs: Sequence[VisualizationJob], known: Known, page: int) -> Section:
    """The heading and a page of rows."""
    is_lost = known.source.failing_since is not None
    rows = [
        Card(
            summary="",
            lines=(last_seen_line(job) if is_lost else listed_line(job),),
            controls=row_controls(job, known),
        )
        for job in paged(jobs, page, ROWS_OF_A_PAGE)
    ]
    count = say_many("You claimed {count} job.", "You claimed {count} jobs.", len(jobs))
    return (head(say("Your jobs"), count), *rows)


def held(known: Known) -> tuple[Section, ...]:
    """What keeps messages back from the person; nothing while that is not known."""
    calm = known.own.calm if known.own else None
    if calm is None:
        return ()
    names = {job.id: job.name for job in known.jobs}

    def naming(job_id: JobId) -> str:
        return names.get(job_id, "")

    lines = tuple((Bullet(), words) for words in place_calm_words(calm, naming))
    snoozes = [hold for hold in calm.holds if hold.reason is HoldReason.SNOOZED]
    nothing = say("Nothing is held back: my direct messages reach you at once.")
    settings = Action(
        label=say("Settings…"),
        command=SettingsForm("dm"),
        aloud=say("Change the settings of my direct messages to you"),
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
    """The row shows what came of it."""
    if not snooze.scope.job_id:
        return Action(
            label=say("Wake all"),
            command=Wake(job=Me()),
            renews_card=True,
            aloud=say("Wake all my direct messages"),
        )
    job_id = JobId(snooze.scope.job_id)
    label = say("Wake {job}", job=target_words(JobTarget(job_id), naming))
    return Action(label=label, command=Wake(job=JobById(job_id)), renews_card=True)
