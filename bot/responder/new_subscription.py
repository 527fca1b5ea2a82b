"""The subscription that a sentence asks for."""

from datetime import tzinfo

from bot.catalog import Catalog
from bot.core.commands.request import Request
from bot.core.commands.times.until import until_moment
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.ports.time import Clock
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    Place,
    Subscription,
    Target,
    usual_filter,
)


class NewSubscriptions:
    """Makes the subscriptions of sentences, as of now."""

    def __init__(self, catalog: Catalog, clock: Clock) -> None:
        self._catalog = catalog
        self._clock = clock

    def of(
        self, command: Subscribe, request: Request, target: Target, place: Place, zone: tzinfo
    ) -> Subscription:
        """Return the subscription, with defaults for options that the sentence lacks. Raises
        BadCommand for an end that is past or too far away."""
        said = EventFilter(command.event_filter) if command.event_filter else None
        now = self._clock()
        return Subscription(
            place=place,
            project_id=self._catalog.project(place.team_id).project_id,
            target=target,
            event_filter=said or usual_filter(target),
            delivery_mode=command.delivery_mode or DeliveryMode.THREAD,
            created_by=request.user_id,
            created_at=now,
            until=until_moment(command.until, now, zone),
        )
