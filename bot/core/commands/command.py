"""Everything that a sentence can mean."""

from dataclasses import replace

from bot.core.commands.copy import Copy
from bot.core.commands.job_reference import JobById
from bot.core.commands.show import Show
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.commands.verbs import VerbCommand
from bot.core.commands.why import Why
from bot.core.job import JobId

Command = Show | VerbCommand

#: The commands that can be about one job.
AboutJob = Show | Subscribe | Unsubscribe | Copy | Why


def naming(command: AboutJob, job_id: JobId) -> AboutJob:
    """The same command about the job with this id."""
    return replace(command, job=JobById(job_id))
