"""The subscription that a sentence asks for."""

from datetime import datetime, tzinfo

from bot.core.commands.request import Request
from bot.core.commands.times.until import until_moment
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    Place,
    Subscription,
    Target,
    usual_filter,
)


def new_subscription(
    command: Subscribe,
    request: Request,
    *,
    target: Target,
    place: Place,
    project_id: str,
    now: datetime,
    zone: tzinfo,
) -> Subscription:
    """Return the subscription, with defaults for options that the sentence lacks. Raises BadCommand
    for an end that is past or too far away."""
    said = EventFilter(command.event_filter) if command.event_filter else None
    return Subscription(
        place=place,
        project_id=project_id,
        target=target,
        event_filter=said or usual_filter(target),
        delivery_mode=command.delivery_mode or DeliveryMode.THREAD,
        created_by=request.user_id,
        created_at=now,
        until=until_moment(command.until, now, zone),
    )
