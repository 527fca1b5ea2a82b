"""The card with all fields of a job that the API returns, under the vendor's names."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.cards.card import Action, Card, Line, Strong
from bot.core.cards.cleaning import shown, visible
from bot.core.cards.jobs.job_lines import read_time, status_line
from bot.core.cards.jobs.span_words import run_line, run_sentence
from bot.core.cards.wording import duration_words, job_sentence, moment_words
from bot.core.cards.words.status_meaning import job_meaning
from bot.core.commands.targets.job_reference import JobRef
from bot.core.commands.verbs.history import History
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.why import Why
from bot.core.job import VisualizationJob
from bot.core.link import LONGEST_URL, NoLink
from bot.core.runs import Run
from bot.core.text import Text, Words, say, sentences

# A longer value would push the other fields out of sight.
_LONGEST_VALUE = 1000
_RUNS_AT_MOST = 3
_NO_VALUE = "–"
_MILLISECOND = timedelta(milliseconds=1)


def details_card(
    job: VisualizationJob, *, no_link: NoLink | None, ref: JobRef, runs: Sequence[Run] = ()
) -> Card:
    """Return all fields of one job. `no_link` is the reason why there is no link, or None; `runs`
    are the runs that reads show, oldest first."""
    fields = _fields(job)
    width = max(map(len, fields)) + 2
    why = _NO_LINK[no_link] if no_link else ""
    latest = tuple(reversed(runs))[:_RUNS_AT_MOST]
    return Card(
        subject=say("Details"),
        summary=sentences(
            job_sentence(job),
            job_meaning(job),
            why,
            *map(run_sentence, latest),
            *(say("{name}: {value}.", name=name, value=value) for name, value in fields.items()),
        ),
        lines=(
            status_line(job),
            (job_meaning(job),),
            *(((why,),) if why else ()),
            *_runs(latest),
        ),
        verbatim=tuple((name.ljust(width), value) for name, value in fields.items()),
        notes=((read_time(job),),),
        controls=(
            Action(
                label=say("Show job"),
                command=Show(ref),
                accessibility_label=say("Show the card of this job"),
            ),
            Action(label=say("History"), command=History(ref)),
            Action(label=say("Show what was posted"), command=Why(ref)),
        ),
    )


def _runs(latest: Sequence[Run]) -> tuple[Line, ...]:
    """Return the latest runs, newest first, below a heading."""
    if not latest:
        return ()
    return ((Strong(say("Last runs")),), *map(run_line, latest))


def _fields(job: VisualizationJob) -> dict[str, Words]:
    created = round(job.created_at.timestamp() * 1000) if job.created_at else None
    given: dict[str, Words] = {
        "job_id": str(job.id),
        "job_name": job.name,
        "status": f"{job.status.value} ({job.status.vendor_name})",
        "create_time": f"{created} ({moment_words(job.created_at)})" if job.created_at else "",
        "duration": _duration(job),
        "job_desc": job.description,
        "train_url": job.train_url,
        "service_url": job.service_url,
        "resource_id": job.resource_id,
    }  # fmt: skip
    return {name: _shown(value) or _NO_VALUE for name, value in given.items()}


def _duration(job: VisualizationJob) -> Words:
    if job.duration is None:
        return ""
    raw, span = job.duration // _MILLISECOND, duration_words(job.duration)
    return say("{raw} ({span})", raw=raw, span=span)


def _shown(value: Words) -> Words:
    return visible(shown(value, _LONGEST_VALUE)) if isinstance(value, str) else value


_NO_LINK: dict[NoLink, Text] = {
    NoLink.NOT_RUNNING: say("TensorBoard can be opened only while the job is running."),
    NoLink.MISSING: say("No link is offered: ModelArts sent none."),
    NoLink.TOO_LONG: say(
        "No link is offered: it is longer than the {count} characters that Slack takes.",
        count=LONGEST_URL,
    ),
    NoLink.UNSAFE: say(
        "No link is offered: it is not plain https, or has a part that may hold a password."
    ),
    NoLink.FOREIGN_HOST: say("No link is offered: its host is not in VISJOB_LINK_HOSTS."),
}
