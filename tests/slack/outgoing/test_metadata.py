"""The page about metadata says what the code writes."""

import re
from pathlib import Path

import pytest

from bot.core.delivery import Delivery
from bot.slack.outgoing import metadata
from tests.make import a_change
from tests.outbox_fakes import a_delivery, a_group
from tests.slack.outgoing.test_deliveries import a_card_delivery
from tests.slack.test_golden_guard import a_notice

PAGE = Path(__file__).parents[3] / "docs/metadata.md"
EVENTS = {
    metadata.CARD,
    metadata.CHANGE,
    metadata.CHANGES,
    metadata.GUARD,
    metadata.SOURCE,
    metadata.PAUSE,
    metadata.MORNING,
    metadata.GREETING,
}


def rows() -> dict[str, list[str]]:
    """The fields of each kind of message, as the page lists them."""
    found = re.findall(r"^\| `(visjob_\w+)` \| .* \| (.*) \|$", PAGE.read_text(), re.MULTILINE)
    return {event: re.findall(r"`(\w+)`", fields) for event, fields in found}


def test_the_page_lists_every_kind_of_message() -> None:
    assert set(rows()) == EVENTS


@pytest.mark.parametrize(
    "delivery",
    [
        a_card_delivery(),
        a_delivery(a_change(7, 8)),
        a_group(a_change(7, 8), a_change(8, 12, sequence=2)),
        a_notice(),
    ],
    ids=lambda one: type(one).__name__,
)
def test_the_fields_are_those_of_the_page(delivery: Delivery) -> None:
    written = metadata.receipt(delivery)

    assert list(written["event_payload"]) == rows()[written["event_type"]]


def test_a_group_lists_changes_with_the_fields_of_one() -> None:
    group = metadata.receipt(a_group(a_change(7, 8), a_change(8, 12, sequence=2)))

    (first, _) = group["event_payload"]["changes"]
    assert list(first) == rows()[metadata.CHANGE]
