"""Which of the known jobs a text may mean: by name, by the beginning of one, or nearly."""

import difflib
from collections.abc import Iterable, Sequence

from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.typed import bare, folded, visible
from bot.core.job import VisualizationJob
from bot.core.listing import by_urgency


def listed(jobs: Iterable[VisualizationJob], command: ListJobs) -> list[VisualizationJob]:
    """The jobs that `command` asks for, those first that people look for."""
    found = containing(jobs, command.containing)
    return by_urgency(job for job in found if command.phase in (None, job.status.phase))


def containing(jobs: Iterable[VisualizationJob], text: str) -> list[VisualizationJob]:
    """The jobs with `text` in id, name or description, whatever the case."""
    jobs = list(jobs)
    return _with_text(jobs, text) or _with_text(jobs, bare(folded(text)) or text)


def _with_text(jobs: Iterable[VisualizationJob], text: str) -> list[VisualizationJob]:
    sought = text.casefold()
    return [job for job in jobs if sought in f"{job.id} {job.name} {job.description}".casefold()]


def named_like(jobs: Sequence[VisualizationJob], word: str) -> list[VisualizationJob]:
    """By exact name, else by the beginning of one; the case matters only to break a tie."""
    sought = word.casefold()
    return (
        named_so(jobs, word)
        or [job for job in jobs if job.name.casefold() == sought]
        or [job for job in jobs if job.name.casefold().startswith(sought)]
    )


def named_so(jobs: Sequence[VisualizationJob], name: str) -> list[VisualizationJob]:
    """By exact name, else by what is seen of one."""
    return [job for job in jobs if job.name == name] or [
        job for job in jobs if not job.name.isascii() and visible(job.name) == name
    ]


def first_matching(
    jobs: Sequence[VisualizationJob], words: Iterable[str]
) -> list[VisualizationJob]:
    """Those that the first of these words names that names any."""
    return next((found for word in words if (found := named_like(jobs, word))), [])


def named_nearly(jobs: Sequence[VisualizationJob], typed: str) -> list[VisualizationJob]:
    """Those of similar names, likeliest first."""
    by_name = {job.name: job for job in reversed(jobs) if job.name}
    return [by_name[name] for name in difflib.get_close_matches(typed, by_name, n=3, cutoff=0.6)]
