"""What each kind of delivery is about."""

import pytest

from bot.core.card_content import CardContent
from bot.core.change import StatusChange
from bot.core.delivery import CardDelivery, Delivery, PauseNote, SourceNote
from tests.make import NOW, PROJECT, a_change, a_job
from tests.outbox_fakes import HERE, a_delivery, a_group

FIRST, SECOND = a_change(7, 8), a_change(8, 11, sequence=2, id=9)


def a_card(change: StatusChange | None = None) -> CardDelivery:
    """The card of job 7 on its way."""
    return CardDelivery(
        id="1",
        place=HERE,
        project_id=PROJECT,
        epoch=1,
        attempts=0,
        shown=CardContent(job=a_job(7), change=change),
    )


LOST = SourceNote(
    id="1", place=HERE, project_id=PROJECT, epoch=1, attempts=0, since=NOW, is_back=False
)
PAUSED = PauseNote(
    id="1", place=HERE, project_id=PROJECT, epoch=1, attempts=0, channel_id="C1", reason="archived"
)

# A sentence: the delivery, its job, and the changes that it shows.
KINDS: dict[str, tuple[Delivery, int, tuple[StatusChange, ...]]] = {
    "a card is of its job": (a_card(), 7, ()),
    "a card shows the latest change": (a_card(SECOND), 7, (SECOND,)),
    "a change is of its job": (a_delivery(FIRST), 205, (FIRST,)),
    "a group is of its first job": (a_group(SECOND, FIRST), 9, (SECOND, FIRST)),
    "a note on the source is of no job": (LOST, 0, ()),
    "a note on a pause is of no job": (PAUSED, 0, ()),
}


@pytest.mark.parametrize(("delivery", "job_id", "changes"), KINDS.values(), ids=KINDS)
def test_what_a_delivery_is_about(
    delivery: Delivery, job_id: int, changes: tuple[StatusChange, ...]
) -> None:
    assert (delivery.job_id, delivery.changes) == (job_id, changes)
