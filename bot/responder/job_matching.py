"""The known jobs that a text may mean: by name, by its beginning, or by similarity."""

import difflib
from collections.abc import Iterable, Sequence

from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.words.typed import bare, folded, visible
from bot.core.job import VisualizationJob
from bot.core.listing import by_urgency


def listed(jobs: Iterable[VisualizationJob], command: ListJobs) -> list[VisualizationJob]:
    """Return the jobs that `command` asks for, active ones first, then failed ones."""
    found = containing(jobs, command.containing)
    return by_urgency(job for job in found if command.phase in (None, job.status.phase))


def containing(jobs: Iterable[VisualizationJob], text: str) -> list[VisualizationJob]:
    """Return the jobs with `text` in id, name or description, in upper or lower case."""
    jobs = list(jobs)
    return _with_text(jobs, text) or _with_text(jobs, bare(folded(text)) or text)


def _with_text(jobs: Iterable[VisualizationJob], text: str) -> list[VisualizationJob]:
    sought = text.casefold()
    return [job for job in jobs if sought in f"{job.id} {job.name} {job.description}".casefold()]


def named_like(jobs: Sequence[VisualizationJob], word: str) -> list[VisualizationJob]:
    """Return the jobs of this name; else those of the name in any case; else those that begin
    so."""
    sought = word.casefold()
    return (
        named_so(jobs, word)
        or [job for job in jobs if job.name.casefold() == sought]
        or [job for job in jobs if job.name.casefold().startswith(sought)]
    )


def named_so(jobs: Sequence[VisualizationJob], name: str) -> list[VisualizationJob]:
    """Return the jobs of exactly this name; else those whose visible characters are this name."""
    return [job for job in jobs if job.name == name] or [
        job for job in jobs if not job.name.isascii() and visible(job.name) == name
    ]


def first_matching(
    jobs: Sequence[VisualizationJob], words: Iterable[str]
) -> list[VisualizationJob]:
    """Return the jobs of the first word that matches any."""
    return next((found for word in words if (found := named_like(jobs, word))), [])


def named_nearly(jobs: Sequence[VisualizationJob], typed: str) -> list[VisualizationJob]:
    """Return up to three jobs of similar names, likeliest first."""
    named_command = {job.name: job for job in reversed(jobs) if job.name}
    return [
        named_command[name]
        for name in difflib.get_close_matches(typed, named_command, n=3, cutoff=0.6)
    ]
