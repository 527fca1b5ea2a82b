"""Every command there is."""

from dataclasses import replace

from bot.core.commands.copy import Copy
from bot.core.commands.find import Find
from bot.core.commands.help import Help
from bot.core.commands.job_reference import JobById
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.redeliver import Redeliver
from bot.core.commands.show import Show
from bot.core.commands.status import DeadLetters, Status
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.subscriptions import ListSubscriptions
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.commands.why import Why
from bot.core.job import JobId

AboutJobs = Show | ListJobs | Find

AboutSubscriptions = Subscribe | Unsubscribe | Copy | ListSubscriptions | Why

AboutUs = Status | DeadLetters | Redeliver | Help

Command = AboutJobs | AboutSubscriptions | AboutUs


#: What can be said of one job.
AboutJob = Show | Subscribe | Unsubscribe | Copy | Why


def naming(command: AboutJob, job_id: JobId) -> AboutJob:
    """The same sentence of the job with this id."""
    return replace(command, job=JobById(job_id))
