"""The parts of a person's Home about themselves: the jobs they claimed, and what is held back."""

from collections.abc import Sequence

from bot.core.cards.card import Action, Card
from bot.core.cards.home_page import ROWS_OF_A_PAGE, Known, Section, head, paged, row_controls
from bot.core.cards.job_lines import last_seen_line, listed_line
from bot.core.cards.settings import rule_lines
from bot.core.commands.settings import SettingsForm
from bot.core.job import VisualizationJob
from bot.core.text import say, say_many


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
    rules = known.own.rules if known.own else None
    if rules is None:
        return ()
    lines = rule_lines(rules)
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
                controls=(settings,),
            ),
        ),
    )
