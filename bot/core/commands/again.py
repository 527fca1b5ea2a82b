"""The sentence that follows a job once more, as it was followed before."""

from datetime import datetime

from bot.core.commands.job_reference import JobNumber
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.until import exact_words
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, JobTarget, Subscription, usual_filter


def subscribe_again(former: Subscription, job_id: JobId, now: datetime) -> Subscribe:
    """Follow the job where the sentence is said, in the terms of `former`; an end that is over is
    left out, and so is what is usual for a job."""
    is_usual = former.event_filter == usual_filter(JobTarget(job_id))
    is_ahead = former.until is not None and former.until > now
    return Subscribe(
        job=JobNumber(str(job_id)),
        event_filter="" if is_usual else former.event_filter.text,
        until=exact_words(former.until) if former.until and is_ahead else "",
        delivery_mode=said_mode(former),
    )


def said_mode(former: Subscription) -> DeliveryMode | None:
    """The delivery mode, if it must be said."""
    return None if former.delivery_mode is DeliveryMode.THREAD else former.delivery_mode
