"""When a place is offered a digest: it gets many messages and presses no button. Pure."""

from datetime import datetime, timedelta

#: So many messages in one day count as many.
NOISY_DAY = 20
#: Presses are recorded this closely.
CLICK_GRAIN = timedelta(hours=1)


def is_offered_digest(
    *,
    messages: int,
    day_began: datetime,
    clicked_at: datetime | None,
    was_offered: bool = False,
    has_digest: bool = False,
) -> bool:
    """Return True for a place with so many messages of the last day, including this one, without
    a press. `clicked_at` is the last recorded press; later ones may have followed."""
    if has_digest or was_offered or messages < NOISY_DAY:
        return False
    return clicked_at is None or clicked_at <= day_began - CLICK_GRAIN
