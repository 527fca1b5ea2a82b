"""When a place that hears much and presses nothing is offered a digest."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.noise import is_offered_digest

DAY = datetime(2026, 3, 24, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("facts", "is_offered"),
    [
        # Twenty messages of a day, this one counted in, are many.
        ({"messages": 20}, True),
        ({"messages": 57}, True),
        ({"messages": 19}, False),
        # Somebody pressed a button on this day, or may have: presses are kept once an hour.
        ({"clicked_at": DAY}, False),
        ({"clicked_at": DAY + 600 * MINUTE}, False),
        ({"clicked_at": DAY - 59 * MINUTE}, False),
        # A press of the day before says nothing of this one.
        ({"clicked_at": DAY - 60 * MINUTE}, True),
        ({"clicked_at": DAY - 600 * MINUTE}, True),
        # Never again, whatever became of the offer; nor where there is a digest.
        ({"was_offered": True}, False),
        ({"has_digest": True}, False),
    ],
)
def test_who_is_offered_a_digest(facts: dict[str, object], is_offered: bool) -> None:
    known: dict[str, object] = {"messages": 20, "day_began": DAY, "clicked_at": None, **facts}

    assert is_offered_digest(**known) is is_offered  # type: ignore[arg-type]  # a table's values
