"""Sentences for screen readers, for buttons whose visible label alone says too little."""

from bot.core.cards.card import Action
from bot.core.cards.jobs.job_actions import called_by
from bot.core.commands.targets.job_reference import JobRef, LastJob
from bot.core.commands.targets.targets import AllTargets, NamePattern, WholeProject
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.disclaim import Disclaim
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.history import USUAL_SPAN, History
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.settings import SettingsForm
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.status import DeadLetters, Status
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeForm
from bot.core.commands.verbs.subscriptions import ListSubscriptions, Scope
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.verbs.why import Why
from bot.core.text import Words, say

_LISTS = {
    Scope.HERE: say("Show the subscriptions of this channel"),
    Scope.MINE: say("Show my subscriptions"),
    Scope.ALL: say("Show all subscriptions of this workspace"),
}


def accessibility_label_of(action: Action) -> Words:
    """Return the sentence for a button; its label if that is enough, or if there is no sentence."""
    if action.accessibility_label or action.turns_to:
        return action.accessibility_label or _page(action.turns_to)
    if action.url:
        return action.label  # a press opens the link, so the sentence of the command would be wrong
    return _of_subscriptions(action) or _of_jobs(action) or _of_us(action) or action.label


def _page(number: int) -> Words:
    return say("Turn to page {page}", page=number)


def _of_subscriptions(action: Action) -> Words:
    match action.command:
        case SubscribeForm(said=None):
            return say("Open the form that subscribes to a job")
        case SubscribeForm(said=Subscribe(job=job)):
            return say("Change how {target} is followed", target=_target(job))
        case Subscribe(preview=True, job=job):
            return say("Preview what would be posted of {target}", target=_target(job))
        case Subscribe(job=job):
            return say(
                "{label}: a subscription to {target}", label=action.label, target=_target(job)
            )
        case Unsubscribe(job=job):
            return say("Unsubscribe from {target}", target=_target(job))
        case ListSubscriptions(export=True):
            return say("Export these subscriptions")
        case ListSubscriptions(scope=scope):
            return _LISTS[scope]
        case _:
            return ""


def _of_jobs(action: Action) -> Words:
    match action.command:
        case Show(job=LastJob()):
            return say("Show the job that I asked for last")
        case Show(job=job, share=False):
            return say("Show the card of {name}", name=called_by(job))
        case Why(job=job):
            return say("Show what was posted of {name}, and why", name=called_by(job))
        case History(job=job, span=span):
            name, period = called_by(job), action.label
            if span == USUAL_SPAN:
                return say("Show the history of {name}", name=name)
            return say("Show the history of {name}: {period}", name=name, period=period)
        case Disclaim(job=job):
            return say("Say that {name} is not mine", name=called_by(job))
        case Cost():
            return say("Show the running hours: {period}", period=action.label)
        case _:
            return ""


def _of_us(action: Action) -> Words:
    match action.command:
        case Find(containing=""):
            return say("Find a job by its name")
        case ListJobs(phase=None):
            return say("List the jobs of the project")
        case Help():
            return say("Show what I can be asked")
        case Status():
            return say("Show whether the bot is well")
        case SettingsForm():
            return say("Open the settings")
        case DeadLetters():
            return say("Show the messages that could not be delivered")
        case _:
            return ""


def _target(job: JobRef | NamePattern | WholeProject | AllTargets) -> Words:
    match job:
        case NamePattern(text=pattern):
            return say("jobs named `{pattern}`", pattern=pattern)
        case WholeProject():
            return say("every job of the project")
        case AllTargets():
            return say("everything")
        case ref:
            return called_by(ref)
