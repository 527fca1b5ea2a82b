"""Find the jobs that are named among words."""

from collections.abc import Sequence

from bot.core.commands.glued import NamesJob
from bot.core.commands.job_links import is_link
from bot.core.commands.job_reference import (
    JobNumber,
    JobRef,
    is_reference,
    parse_job,
    with_labels,
)
from bot.core.commands.politeness import is_beside_the_point, is_greeting
from bot.core.commands.several import one_at_a_time
from bot.core.commands.show import Show
from bot.core.commands.tokens import Word
from bot.core.commands.typed import bare
from bot.core.errors import BadCommand


def job_among(words: Sequence[Word], names_job: NamesJob) -> Show | None:
    """Return the command that shows the one job named among words; None if no job is named. Raises
    BadCommand if several jobs are named."""
    words = with_labels(list(words))
    share = bool(words) and words[-1].means("share")
    is_sole = len([word for word in words if not is_greeting(word)]) == 1
    named = [
        word
        for word in words
        if names_one(word, names_job) and (is_sole or word.quoted or not is_beside_the_point(word))
    ]
    refs = list(dict.fromkeys(_parsed_all(named)))
    known = [ref for ref in refs if not isinstance(ref, JobNumber) or names_job(ref.text)]
    refs = known or refs
    if len(refs) > 1:
        raise one_at_a_time([Show(ref) for ref in refs])
    return Show(refs[0], share) if refs else None


def names_one(word: Word, names_job: NamesJob) -> bool:
    """Return whether a word names a job, or can mean nothing else."""
    return is_link(word) or is_reference(word) or names_job(word.text) or names_job(bare(word.text))


def _parsed_all(words: list[Word]) -> list[JobRef]:
    refs = []
    for word in words:
        try:
            refs.append(parse_job(word))
        except BadCommand:
            if len(words) == 1:
                raise
    return refs
