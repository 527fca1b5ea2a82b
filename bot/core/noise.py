"""A place that hears much and presses no button: it is offered a digest, once. Pure."""

from datetime import datetime, timedelta

#: So many messages in one day are many.
NOISY_DAY = 20
#: A press is kept as closely as this.
CLICK_GRAIN = timedelta(hours=1)


def is_offered_digest(
    *,
    messages: int,
    day_began: datetime,
    clicked_at: datetime | None,
    was_offered: bool = False,
    has_digest: bool = False,
) -> bool:
    """True for a place with so many messages of its day, this one counted in, none of which got a
    press. `clicked_at` is the last press that was kept; later ones may have followed."""
    if has_digest or was_offered or messages < NOISY_DAY:
        return False
    return clicked_at is None or clicked_at <= day_began - CLICK_GRAIN
