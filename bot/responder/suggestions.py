"""Adapts the suggestions of an error to the known jobs, and to the job of a thread."""

from collections.abc import Sequence
from typing import TypeGuard

from bot.core.commands.command import AboutJob, Command, is_about_this_job, naming
from bot.core.commands.grammar import parse
from bot.core.commands.targets.hold_targets import Here
from bot.core.commands.targets.job_reference import (
    JobById,
    JobByName,
    JobByWord,
    JobNumber,
    ThisJob,
    plain_name,
    plain_ref,
)
from bot.core.commands.verbs.act import Act
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.list_jobs import ListJobs, phase_of
from bot.core.commands.verbs.registry import AboutCare
from bot.core.commands.verbs.snooze import Snooze
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeForm
from bot.core.commands.words.tokens import Word
from bot.core.errors import BadCommand
from bot.core.job import JobId, VisualizationJob
from bot.core.text import say
from bot.responder.job_matching import named_like, named_so


def with_real_suggestions(error: BadCommand, known: Sequence[VisualizationJob]) -> BadCommand:
    """Return the error without suggestions about unknown jobs; unchanged if the index is empty."""
    if not known:
        return error
    return with_suggestions(error, [one for one in error.suggestions if is_real(one, known)])


def with_suggestions(error: BadCommand, suggestions: Sequence[str]) -> BadCommand:
    """Return the error with these suggestions in place of its own."""
    return BadCommand(
        error.sentence,
        hint=error.hint,
        suggestions=tuple(suggestions),
        offers=error.offers,
        option=error.option,
        in_dm=error.in_dm,
    )


def about_job(suggestions: Sequence[str], job_id: JobId) -> list[str]:
    """Return the suggestions in the thread of a job: those that name no job are about this one, and
    a snooze of the place is preceded by one of the job."""
    found: list[str] = []
    for sentence in suggestions:
        command = parse(sentence)
        if isinstance(command, SubscribeForm) and command.said is None:
            command = Subscribe(job=ThisJob())
        if is_open(command):
            found.append(naming(command, job_id).text)
        elif isinstance(command, Snooze) and isinstance(command.job, Here):
            found += [naming(command, job_id).text, sentence]
        else:
            found.append(sentence)
    return found


def is_open(command: Command) -> TypeGuard[AboutJob]:
    """Return whether a command names no job, so that it may be about the job of the thread."""
    return is_about_this_job(command) or (isinstance(command, Cost) and command.is_of_anything)


def is_real(sentence: str, known: Sequence[VisualizationJob]) -> bool:
    """Return False if the sentence is about a job that is not among `known`."""
    command = parse(sentence)
    if not isinstance(command, AboutJob):
        return True
    match command.job:
        case JobById(id=job_id):
            return any(job.id == job_id for job in known)
        case JobNumber(text=number):
            return any(number in (str(job.id), job.name) for job in known)
        case JobByName(name=name):
            return bool(named_so(known, name) or named_so(known, plain_name(command.job).name))
        case JobByWord(word=word):
            plain = plain_ref(command.job)
            is_plain = plain == command.job
            return bool(named_like(known, word)) or (not is_plain and is_real(plain.text, known))
        case _:
            return True


def check_one_job(command: Command, known: Sequence[VisualizationJob]) -> None:
    """Raise BadCommand for `restart failed` and `claim all`, unless a job among `known` is called
    so; offer the list."""
    if not isinstance(command, Act | AboutCare) or not isinstance(command.job, JobByWord):
        return
    plain = plain_ref(command.job)
    word = plain.word if isinstance(plain, JobByWord) else ""
    phase = phase_of(Word(word, quoted=False))
    is_several = phase is not None or word.lower() in _EVERYTHING
    if is_several and known and not named_like(known, word):
        verb = command.text.partition(" ")[0]
        raise BadCommand(
            say("`{verb}` takes one job.", verb=verb),
            hint=say("For example: `{example}`.", example=f"{verb} 205"),
            offers=(ListJobs(phase).text,),
        )


_EVERYTHING = ("all", "every", "everything", "project")
