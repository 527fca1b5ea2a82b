"""The buttons Stop… and Restart…: each carries a one-use id and asks before it acts."""

from datetime import datetime

from bot.core.acting import JobAction, legal_action
from bot.core.action_ids import ActionIds
from bot.core.cards.card import Action, Emphasis
from bot.core.cards.wording import duration_words, full_words
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.act import Act
from bot.core.job import Phase, VisualizationJob
from bot.core.project import Project
from bot.core.text import Text, say


def act_button(
    job: VisualizationJob, ids: ActionIds, project: Project, *, at: datetime
) -> Action | None:
    """Return the button of the one action that is legal in the job's state; None if none is. `at`
    begins the lifetime of the button's one-use id: the time of the read, or now."""
    action = legal_action(job.status)
    if action is None:
        return None
    is_stop = action is JobAction.STOP
    name = full_words(job)
    return Action(
        label=say("Stop…") if is_stop else say("Restart…"),
        command=Act(
            action=action,
            job=JobNumber(str(job.id)),
            action_id=ids.issue(project, job.id, action, at),
        ),
        emphasis=Emphasis.DANGER if is_stop else Emphasis.PLAIN,
        question=_stop_dialog(job) if is_stop else _restart_dialog(job),
        confirm_label=say("Stop job") if is_stop else say("Restart job"),
        deny_label=say("Keep running") if is_stop else "",
        accessibility_label=say("Stop {name}", name=name)
        if is_stop
        else say("Restart {name} to open it again", name=name),
    )


def stop_question(job: VisualizationJob) -> Text:
    """Return the question that confirms a stop: how long the job has run, and the effect."""
    name, effect = full_words(job), stop_effect(job)
    if job.duration is None or job.status.phase is Phase.QUEUED:
        return say("Stop {name}? {effect}", name=name, effect=effect)
    length = duration_words(job.duration)
    return say(
        "Stop {name}? It has run {length}. {effect}", name=name, length=length, effect=effect
    )


def stop_effect(job: VisualizationJob) -> Text:
    """Return the effect of a stop: what viewers lose, or that a queued job will not start."""
    if job.status.phase is Phase.QUEUED:
        return say("It is queued, and will not start.")
    return say("Viewers lose the page at once. The log files stay.")


def restart_question(job: VisualizationJob) -> Text:
    """Return the question that confirms a restart, with its effect."""
    return say("Restart {name}? {effect}", name=full_words(job), effect=RESTART_EFFECT)


#: The effect of a restart.
RESTART_EFFECT = say("It is billed again until somebody stops it.")


def _stop_dialog(job: VisualizationJob) -> Text:
    """Return the text of the dialog: only the effects, because its reader has seen the card."""
    name = full_words(job)
    if job.status.phase is Phase.QUEUED:
        return say(
            "{name} leaves the queue. It can be restarted later. Its cards will say that you"
            " stopped it.",
            name=name,
        )
    if job.duration is None:
        return say(
            "Billing for {name} ends. The page closes for everybody; the log files stay in OBS."
            " Its cards will say that you stopped it.",
            name=name,
        )
    return say(
        "Billing for {name} ends now; it has run {length}. The page closes for everybody; the log"
        " files stay in OBS. Its cards will say that you stopped it.",
        name=name,
        length=duration_words(job.duration),
    )


def _restart_dialog(job: VisualizationJob) -> Text:
    return say(
        "{name} joins the queue with the same logs. Once it runs, somebody has to stop it, or"
        " billing goes on. Its cards will say that you restarted it.",
        name=full_words(job),
    )
