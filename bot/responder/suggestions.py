"""Removes suggestions about unknown jobs from an error."""

from collections.abc import Sequence

from bot.core.commands.command import AboutJob
from bot.core.commands.grammar import parse
from bot.core.commands.job_reference import (
    JobById,
    JobByName,
    JobByWord,
    JobNumber,
    plain_name,
    plain_ref,
)
from bot.core.errors import BadCommand
from bot.core.job import VisualizationJob
from bot.responder.job_matching import named_like, named_so


def with_real_suggestions(error: BadCommand, known: Sequence[VisualizationJob]) -> BadCommand:
    """Return the error without suggestions about unknown jobs; unchanged if the index is empty."""
    if not known:
        return error
    return BadCommand(
        error.sentence,
        hint=error.hint,
        suggestions=tuple(one for one in error.suggestions if is_real(one, known)),
        offers=error.offers,
        option=error.option,
    )


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
