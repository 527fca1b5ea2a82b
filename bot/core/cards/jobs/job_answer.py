"""The card that answers a question about one job, and the words about its link."""

from functools import lru_cache

from bot.core.cards.card import Action, Card
from bot.core.cards.jobs.care import care_facts, care_sentences
from bot.core.cards.jobs.job_actions import Following, JobCard, job_actions
from bot.core.cards.jobs.job_lines import (
    explanation,
    facts_line,
    read_sentence,
    read_time,
    small_print,
    status_line,
)
from bot.core.cards.wording import job_sentence, job_words
from bot.core.cards.words.status_meaning import job_meaning, needs_explanation
from bot.core.care import NO_CARE, JobCare
from bot.core.commands.targets.job_reference import JobRef
from bot.core.job import VisualizationJob
from bot.core.text import Text, Words, say, sentences


# Many people ask for the same job within seconds; they share one read and one card.
@lru_cache(maxsize=128)
def job_card(
    job: VisualizationJob,
    *,
    link: str,
    ref: JobRef,
    shared: bool = False,
    following: Following = Following.NO,
    act: Action | None = None,
    care: JobCare = NO_CARE,
) -> Card:
    """Return the card of one job. `link` is what `live_link` allows; `ref` is how the person named
    the job; `following` is whether the card's place follows the job; `act` is from `act_button`;
    `care` has the owner and the keep."""
    facts = (*link_note(job, link), *care_facts(job, care))
    return Card(
        subject=say("Job"),
        summary=sentences(
            job_sentence(job),
            link_sentence(job, link),
            job_meaning(job) if needs_explanation(job.status) else "",
            read_sentence(job),
            *care_sentences(job, care),
        ),
        lines=(status_line(job), *explanation(job), *facts_line(job)),
        notes=(small_print(job, *facts, as_of=read_time(job)),),
        controls=job_actions(
            ref,
            card=JobCard.SHARED if shared else JobCard.ANSWER,
            following=following,
            link=link,
            name=job_words(job),
            act=act,
        ),
    )


def link_sentence(job: VisualizationJob, link: str) -> Words:
    """Return whether TensorBoard can be opened; empty without a link in a state that has none."""
    if link:
        return say("TensorBoard is open.")
    return say("Its TensorBoard link is not offered.") if job.status.has_live_link else ""


def link_note(job: VisualizationJob, link: str) -> tuple[Text, ...]:
    """Return the note on where to learn why there is no link; nothing if none is expected."""
    if link or not job.status.has_live_link:
        return ()
    return (say("link not offered, see Details"),)
