"""Build the `subscribe` command that renews a former subscription to a job."""

from datetime import datetime

from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.times.until import exact_words
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, JobTarget, Subscription, usual_filter


def resubscribe_command(former: Subscription, job_id: JobId, now: datetime) -> Subscribe:
    """Return a command with the terms of `former`. Omit an end that is past, and an event filter
    or delivery mode that is the default."""
    is_usual = former.event_filter == usual_filter(JobTarget(job_id))
    is_ahead = former.until is not None and former.until > now
    return Subscribe(
        job=JobNumber(str(job_id)),
        event_filter="" if is_usual else former.event_filter.text,
        until=exact_words(former.until) if former.until and is_ahead else "",
        delivery_mode=unusual_mode(former),
    )


def unusual_mode(former: Subscription) -> DeliveryMode | None:
    """Return the delivery mode; None for the default, which a sentence need not name."""
    return None if former.delivery_mode is DeliveryMode.THREAD else former.delivery_mode
