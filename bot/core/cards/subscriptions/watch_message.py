"""Cards that answer a request to follow the job of a message, also if Slack opens no dialog."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.cards.card import Card, SearchBox
from bot.core.cards.jobs.job_choice import ambiguous_card
from bot.core.commands.targets.job_reference import ThisJob
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.job import VisualizationJob
from bot.core.text import Words, say, say_many, sentences

_FOLLOW = Subscribe(job=ThisJob())


def several_jobs_card(jobs: Sequence[VisualizationJob]) -> Card:
    """Ask which of the jobs in a message to follow."""
    found = say_many(
        "This message names {count} job.", "This message names {count} jobs.", len(jobs)
    )
    return ambiguous_card("", jobs, asked=_FOLLOW, sentence=found)


def no_job_card(*, is_gone: bool) -> Card:
    """Offer the search, because a message names no job, or cannot be read (`is_gone`)."""
    if is_gone:
        sentence = say("I can't see this message: it was deleted, or only one person sees it.")
    else:
        sentence = say("I found no job in this message.")
    search = say("Search for the job to subscribe to.")
    return Card(
        summary=sentences(sentence, search),
        lines=((sentence,), (search,)),
        controls=(SearchBox(placeholder=say("Type a name or an id"), verb="subscribe"),),
    )


def without_dialog(card: Card) -> Card:
    """Return the card for a message instead of a dialog, with the reason."""
    why: Words = say("Slack did not let me open a dialog in time, so here it is as a message.")
    return replace(card, summary=sentences(why, card.summary), lines=((why,), *card.lines))
