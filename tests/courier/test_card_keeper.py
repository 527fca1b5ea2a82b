"""The card keeper: cards edited until they show what is known, extra copies deleted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.card_edit import CardEdit
from bot.core.cards.reply import Renewal
from bot.core.delivery import MessageRef
from bot.core.errors import (
    MessageRejected,
    MessengerError,
    MessengerUnavailable,
    Refusal,
    StoreUnavailable,
)
from bot.core.job import VisualizationJob
from bot.core.project import Project
from bot.core.subscription import Place
from bot.courier.card_keeper import CardKeeper
from tests.fakes import ManualClock
from tests.make import OURS, PROJECT, TEAM, a_change, a_job
from tests.outbox_fakes import (
    CARD,
    HERE,
    THERE,
    TIMING,
    FakeMessenger,
    FakeOutbox,
    a_delivery,
    an_edit,
)

LOST = MessengerUnavailable("Slack did not answer chat.update.")


@pytest.fixture
def card_keeper(outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock) -> CardKeeper:
    return a_card_keeper(outbox, slack, clock)


def a_card_keeper(outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock) -> CardKeeper:
    return CardKeeper(outbox, slack, timing=TIMING, monotonic=clock.monotonic)


def refused(refusal: Refusal, retry_after: float | None = None) -> MessageRejected:
    return MessageRejected("Slack refused chat.update.", refusal=refusal, retry_after=retry_after)


async def test_a_card_is_edited_and_recorded(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    edit = an_edit(a_change())
    outbox.edits = [edit]

    assert await card_keeper.edit_due(OURS) == 1.0

    assert slack.edits == [edit]
    assert outbox.edited == [edit]


async def test_an_edit_that_may_have_been_made_is_made_again(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.edits = [an_edit()]
    slack.edit_errors = [LOST]

    await card_keeper.edit_due(OURS)
    assert outbox.postponed == [(an_edit(), TIMING.settle)]
    await card_keeper.edit_due(OURS)

    assert len(slack.edits) == 2
    assert outbox.edited == [an_edit()]


async def test_a_card_that_is_gone_is_ordered_anew(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.edits = [an_edit()]
    slack.edit_errors = [refused(Refusal.MESSAGE_GONE)]

    await card_keeper.edit_due(OURS)

    assert outbox.forgotten == [an_edit()]
    assert outbox.postponed == []


async def test_too_fast_stops_every_edit_for_as_long_as_slack_asks(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    outbox.edits = [an_edit(), an_edit(place=THERE)]
    slack.edit_errors = [refused(Refusal.TOO_FAST, 12)]

    await card_keeper.edit_due(OURS)
    assert [pause for _, pause in outbox.postponed] == [timedelta(seconds=12), timedelta()]
    assert await card_keeper.edit_due(OURS) == 12.0
    clock.advance(seconds=12)
    await card_keeper.edit_due(OURS)

    assert len(slack.edits) == 3
    assert outbox.gates == {}


async def test_the_edits_of_another_workspace_go_on(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    theirs = Project(team_id="T0OTHER001", project_id=PROJECT)
    outbox.served.add(theirs)
    outbox.edits = [an_edit()]
    slack.edit_errors = [refused(Refusal.WORKSPACE)]
    await card_keeper.edit_due(OURS)
    their_place = Place(team_id=theirs.team_id, channel_id="C0THEIRS01")
    outbox.edits = [an_edit(place=their_place)]

    assert await card_keeper.edit_due(OURS) == 5.0
    assert await card_keeper.edit_due(theirs) == 1.0

    assert [edit.place for edit in slack.edits] == [HERE, their_place]


async def test_after_several_unclear_answers_every_edit_waits_and_longer_if_it_goes_on(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    outbox.edits = [an_edit()]
    slack.edit_errors = [LOST] * 4
    waits = []
    for _ in range(6):
        waits.append(await card_keeper.edit_due(OURS))
        clock.advance(seconds=max(waits[-1], 1.0))

    settle = TIMING.settle.total_seconds()
    assert waits == [1.0, 1.0, 1.0, 2 * settle - 1, 1.0, 4 * settle - 1]
    await card_keeper.edit_due(OURS)
    assert outbox.edited == [an_edit()]


@pytest.mark.parametrize(
    ("refusal", "pause"),
    [
        (Refusal.PLACE, TIMING.settle),
        (Refusal.NOT_SENT, TIMING.settle),
        (Refusal.WORKSPACE, timedelta(seconds=5)),
        (Refusal.SCOPE, timedelta(seconds=5)),
        (Refusal.CONTENT, timedelta(hours=1)),
    ],
)
async def test_a_refused_edit_is_postponed(
    card_keeper: CardKeeper,
    outbox: FakeOutbox,
    slack: FakeMessenger,
    refusal: Refusal,
    pause: timedelta,
) -> None:
    outbox.edits = [an_edit()]
    slack.edit_errors = [refused(refusal)]

    await card_keeper.edit_due(OURS)

    assert outbox.postponed == [(an_edit(), pause)]
    assert (HERE in outbox.paused) is (refusal is Refusal.PLACE)


async def test_an_edit_too_late_for_its_lease_is_not_begun(
    outbox: FakeOutbox, clock: ManualClock
) -> None:
    class Slow(FakeMessenger):
        async def edit(self, edit: CardEdit) -> None:
            clock.advance(seconds=30)
            await super().edit(edit)

    outbox.edits = [an_edit(), an_edit(place=THERE)]
    slack = Slow(clock)

    await a_card_keeper(outbox, slack, clock).edit_due(OURS)

    assert slack.edits == [an_edit()]
    assert outbox.postponed == [(an_edit(place=THERE), timedelta())]


async def test_extra_copies_are_deleted_and_the_known_one_stays(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger, clock: ManualClock
) -> None:
    delivery = a_delivery()
    outbox.add(delivery)
    first, kept, last = (slack.show(delivery) for _ in range(3))
    outbox.rows[0].sent = kept

    await card_keeper.rescan_due(OURS)

    assert slack.deleted == [first, last]
    assert slack.copies(delivery.id) == [kept]
    assert outbox.rows[0].is_rescanned
    looked_from = slack.searches[0].look_from
    assert looked_from is not None
    assert timedelta(hours=23) < clock() - looked_from < timedelta(hours=25)


async def test_the_only_copy_left_is_never_deleted(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    delivery = a_delivery()
    outbox.add(delivery)
    left = slack.show(delivery)
    outbox.rows[0].sent = MessageRef(channel_id=left.channel_id, ts="1774361824.000100")

    await card_keeper.rescan_due(OURS)

    assert slack.copies(delivery.id) == [left]


@pytest.mark.parametrize(
    ("error", "is_done"),
    [(LOST, False), (refused(Refusal.PLACE), False), (refused(Refusal.SCOPE), True)],
)
async def test_a_place_that_could_not_be_searched_is_searched_again_unless_it_never_can(
    card_keeper: CardKeeper,
    outbox: FakeOutbox,
    slack: FakeMessenger,
    error: MessengerError,
    is_done: bool,
) -> None:
    delivery = a_delivery()
    outbox.add(delivery)
    outbox.rows[0].sent = slack.show(delivery)
    slack.find_errors = [error]

    await card_keeper.rescan_due(OURS)

    assert outbox.rows[0].is_rescanned is is_done


@pytest.mark.parametrize(
    ("error", "is_done"), [(LOST, False), (refused(Refusal.MESSAGE_GONE), True)]
)
async def test_a_copy_that_was_not_deleted_is_looked_for_again(
    card_keeper: CardKeeper,
    outbox: FakeOutbox,
    slack: FakeMessenger,
    error: MessengerError,
    is_done: bool,
) -> None:
    delivery = a_delivery()
    outbox.add(delivery)
    outbox.rows[0].sent = slack.show(delivery)
    slack.show(delivery)
    slack.delete_errors = [error]

    await card_keeper.rescan_due(OURS)

    assert outbox.rows[0].is_rescanned is is_done


async def test_without_a_database_nothing_is_touched(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.edits = [replace(an_edit(), epoch=2)]
    outbox.error = StoreUnavailable("The database does not answer.")

    await card_keeper.edit_due(OURS)
    await card_keeper.rescan_due(OURS)

    assert slack.edits == []
    assert slack.searches == []


async def test_a_card_that_somebody_clicked_is_edited_at_once(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.edits = [an_edit()]

    assert await card_keeper.renew(OURS, CARD, a_job()) is Renewal.EDITED

    assert slack.edits == outbox.edited == [an_edit()]
    assert outbox.reads == [a_job()]


@pytest.mark.parametrize("job", [a_job(), None])
async def test_a_message_that_is_no_followed_card_is_left_to_others(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger, job: VisualizationJob | None
) -> None:
    outbox.edits = [an_edit(card=replace(CARD, ts="1774361899.000100"))]

    assert await card_keeper.renew(OURS, CARD, job) is Renewal.REPLACED
    assert slack.edits == []


async def test_a_card_whose_job_cannot_be_read_stays(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.edits = [an_edit()]

    assert await card_keeper.renew(OURS, CARD, None) is Renewal.KEPT
    assert slack.edits == []


async def test_a_card_that_cannot_be_edited_now_stays_and_is_edited_later(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.edits = [an_edit()]
    slack.edit_errors = [LOST]
    assert await card_keeper.renew(OURS, CARD, a_job()) is Renewal.KEPT

    await outbox.close_gate(TEAM, CARD.channel_id, opens_in=timedelta(seconds=30))
    assert await card_keeper.renew(OURS, CARD, a_job()) is Renewal.KEPT
    outbox.error = StoreUnavailable("The database does not answer.")
    assert await card_keeper.renew(OURS, CARD, a_job()) is Renewal.KEPT
    assert len(slack.edits) == 1


NOTICE = (a_delivery(a_change(8, 12)), MessageRef(channel_id=HERE.channel_id, ts="1.000009"))
BESIDE = replace(an_edit(a_change()), outdated=(NOTICE,))


async def test_what_offers_what_is_over_is_edited_with_the_card(
    card_keeper: CardKeeper, outbox: FakeOutbox, slack: FakeMessenger
) -> None:
    outbox.edits = [BESIDE]

    await card_keeper.edit_due(OURS)

    assert slack.corrected == [NOTICE[1]]
    assert outbox.edited == [BESIDE]


@pytest.mark.parametrize(
    ("error", "is_done"),
    [
        (refused(Refusal.MESSAGE_GONE), True),  # somebody deleted it
        (refused(Refusal.CONTENT), True),
        (refused(Refusal.TOO_FAST, 3), False),
        (LOST, False),
    ],
)
async def test_what_slack_has_no_time_for_is_edited_again_with_the_card(
    card_keeper: CardKeeper,
    outbox: FakeOutbox,
    slack: FakeMessenger,
    error: MessengerError,
    is_done: bool,
) -> None:
    outbox.edits, slack.correct_errors = [BESIDE], [error]

    await card_keeper.edit_due(OURS)

    assert (outbox.edited == [BESIDE]) is is_done
    assert bool(outbox.postponed) is not is_done
    assert outbox.forgotten == []
