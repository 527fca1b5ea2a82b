"""The commands into which the grammar parses sentences."""

from dataclasses import replace
from typing import TypeGuard

from bot.core.commands.targets.job_reference import JobById, ThisJob
from bot.core.commands.verbs.act import Act
from bot.core.commands.verbs.copy import Copy
from bot.core.commands.verbs.details import Details
from bot.core.commands.verbs.registry import AboutCare, AboutSnoozes, AboutThePast, VerbCommand
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.verbs.why import Why
from bot.core.job import JobId

Command = Show | VerbCommand

#: The commands that can be about one job.
AboutJob = (
    Show
    | Details
    | Subscribe
    | Unsubscribe
    | Copy
    | Why
    | AboutThePast
    | Act
    | AboutCare
    | AboutSnoozes
)


def is_about_this_job(command: Command) -> TypeGuard[AboutJob]:
    """Return whether a command is about one job that it does not name."""
    return isinstance(command, AboutJob) and isinstance(command.job, ThisJob)


def naming(command: AboutJob, job_id: JobId) -> AboutJob:
    """Return the same command about the job with this id."""
    return replace(command, job=JobById(job_id))
