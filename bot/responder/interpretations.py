"""What else a word may mean if no job has this name: another sentence, or a similar name."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bot.core.change import Event
from bot.core.commands.command import AboutJob, Command, naming
from bot.core.commands.grammar import meant, parse
from bot.core.commands.near_verbs import glued_sentences, nearest_verbs, synonym_of
from bot.core.commands.targets.job_reference import JobByWord, JobNumber
from bot.core.commands.targets.targets import WholeProject
from bot.core.commands.verbs.act import Act
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.errors import BadCommand
from bot.core.job import VisualizationJob
from bot.core.subscription import Preset
from bot.responder.suggestions import is_real

_EVENTS = {known.value for known in (*Event, *Preset)}
_EVERY_JOB = {"all", "any", "every", "everything", "jobs"}


def named_command(command: AboutJob, job: VisualizationJob) -> AboutJob:
    """Return the same sentence about this job: by its name if the grammar reads that as a name,
    else by its id."""
    named = replace(command, job=JobByWord(job.name))
    with suppress(BadCommand):
        if parse(named.text) == named:
            return named
    return naming(command, job.id)


def interpretations(
    word: str, command: AboutJob, known: Sequence[VisualizationJob]
) -> list[Command]:
    """Return other sentences that a word may mean if no job has this name."""
    if isinstance(command, Show):
        return _unglued(word, known) or _sentences(word)
    if isinstance(command, Subscribe) and word.casefold() in _EVERY_JOB:
        return [replace(command, job=WholeProject())]
    if isinstance(command, Subscribe) and word.casefold() in _EVENTS and not command.event_filter:
        return [replace(command, job=WholeProject(), event_filter=word.casefold())]
    return []


def _unglued(word: str, known: Sequence[VisualizationJob]) -> list[Command]:
    """Split a verb and a job that were typed as one word: `stop231`, `stopflowers-tb`. Any number
    will do as a job, but a name must be known."""
    found = [parse(one) for glued in glued_sentences(word) for one in meant(glued)]
    return [
        one
        for one in found
        if isinstance(one, AboutJob)
        and (isinstance(one.job, JobNumber) or is_real(one.text, known))
    ]


def _sentences(word: str) -> list[Command]:
    """Return the sentences of one verb whose verb resembles the word."""
    sentences: list[Command] = []
    for verb in nearest_verbs(word):
        with suppress(BadCommand):
            sentences.append(parse(verb))
    if synonym_of(word):
        return sentences
    # A typing error must not offer to stop or restart a job.
    return [sentence for sentence in sentences if not isinstance(sentence, Act)]
