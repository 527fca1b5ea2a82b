"""The buttons Stop… and Restart…: each carries a one-use id and asks before it acts."""

from datetime import datetime

from bot.core.acting import JobAction, legal_action
from bot.core.action_ids import ActionIds
from bot.core.cards.card import Action, Emphasis
from bot.core.cards.wording import duration_words, full_words
from bot.core.commands.act import Act
from bot.core.commands.job_reference import JobNumber
from bot.core.job import Phase, VisualizationJob
from bot.core.project import Project
from bot.core.text import Text, say


def act_button(
    job: VisualizationJob, ids: ActionIds, project: Project, *, at: datetime
) -> Action | None:
    """The one action that is legal in the state of a job; None where none is. The id counts from
    `at`, which is when the state was read, or now."""
    action = legal_action(job.status)
    if action is None:
        return None
    is_stop = action is JobAction.STOP
    name = full_words(job)
    return Action(
        label=say("Stop…") if is_stop else _restart_label(job),
        command=Act(
            action=action,
            job=JobNumber(str(job.id)),
            action_id=ids.issue(project, job.id, action, at),
        ),
        emphasis=Emphasis.DANGER if is_stop else Emphasis.PLAIN,
        question=stop_question(job) if is_stop else restart_question(job),
        consent=say("Stop job") if is_stop else say("Restart job"),
        refusal=say("Keep running") if is_stop else "",
        aloud=say("Stop {name}", name=name) if is_stop else say("Restart {name}", name=name),
    )


def stop_question(job: VisualizationJob) -> Text:
    """What stopping does, asked before it is done."""
    if job.status.phase is Phase.QUEUED:
        return say("Stop {name}? It is queued, and will not start.", name=full_words(job))
    if job.duration is None:
        return say(
            "Stop {name}? Viewers lose the page at once. The log files stay.", name=full_words(job)
        )
    return say(
        "Stop {name}? It has run {length}. Viewers lose the page at once. The log files stay.",
        name=full_words(job),
        length=duration_words(job.duration),
    )


def restart_question(job: VisualizationJob) -> Text:
    """What restarting does, asked before it is done."""
    return say("Restart {name}? It is billed again until somebody stops it.", name=full_words(job))


def _restart_label(job: VisualizationJob) -> Text:
    """People who look for TensorBoard learn what it needs."""
    is_over = job.status.phase in (Phase.STOPPED, Phase.FINISHED)
    return say("Restart to open…") if is_over else say("Restart…")
