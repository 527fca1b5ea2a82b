"""The commands into which the grammar parses sentences."""

from dataclasses import replace
from typing import TypeGuard

from bot.core.commands.act import Act
from bot.core.commands.copy import Copy
from bot.core.commands.details import Details
from bot.core.commands.job_reference import JobById, ThisJob
from bot.core.commands.show import Show
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.commands.verbs import AboutCare, AboutSnoozes, AboutThePast, VerbCommand
from bot.core.commands.why import Why
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
