"""In-memory fakes of the outbox and of Slack for the courier: leases, fences and receipts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.card_content import CardContent
from bot.core.card_edit import CardEdit
from bot.core.change import StatusChange
from bot.core.delivery import (
    ChangeDelivery,
    ChangesDelivery,
    Delivery,
    GroupMember,
    MessageRef,
    Rescan,
)
from bot.core.delivery_ids import delivery_id, group_id
from bot.core.errors import MessengerError, StoreUnavailable
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project
from bot.core.subscription import DeliveryMode, Place
from bot.courier.lease_timing import LeaseTiming
from tests.fakes import ManualClock
from tests.make import OURS, PROJECT, TEAM, a_change, a_job

HERE = Place(team_id=TEAM, channel_id="C0EXP00001")
THERE = Place(team_id=TEAM, channel_id="C0GENERAL1")
CARD = MessageRef(channel_id=HERE.channel_id, ts="1774361825.000100")
TIMING = LeaseTiming(
    lease=timedelta(seconds=60), settle=timedelta(seconds=30), timeout=timedelta(seconds=10)
)


def a_delivery(change: StatusChange | None = None, **parts: Any) -> ChangeDelivery:
    """Return the delivery of a change in the thread of the card HERE; `parts` replace single
    fields."""
    change = change or a_change()
    place = parts.get("place", HERE)
    usual: dict[str, Any] = {
        "id": delivery_id(place, change),
        "place": place,
        "project_id": PROJECT,
        "change": change,
        "delivery_mode": DeliveryMode.THREAD,
        "card": replace(CARD, channel_id=place.channel_id),
        "attempts": 0,
        "epoch": 0,
        "intent_at": None,
    }
    return ChangeDelivery(**{**usual, **parts})


def a_group(*changes: StatusChange, offers_quiet: bool = False) -> ChangesDelivery:
    """Return the grouped delivery of these changes HERE. With `offers_quiet` its first member
    offers a quieter delivery mode."""
    members = tuple(
        GroupMember(
            delivery_id=delivery_id(HERE, one), change=one, offers_quiet=offers_quiet and not number
        )
        for number, one in enumerate(changes)
    )
    return ChangesDelivery(
        id=group_id(tuple(member.delivery_id for member in members)),
        place=HERE,
        project_id=PROJECT,
        epoch=0,
        attempts=0,
        card=None,
        delivery_mode=DeliveryMode.THREAD,
        members=members,
        offers_quiet=offers_quiet,
    )


def an_edit(change: StatusChange | None = None, **parts: Any) -> CardEdit:
    """Return an edit after which the card HERE shows the job of the change, or flowers-tb
    running."""
    usual: dict[str, Any] = {
        "place": HERE,
        "project_id": PROJECT,
        "card": CARD,
        "shown": CardContent(job=change.job if change else a_job(), change=change),
        "epoch": 1,
    }
    return CardEdit(**{**usual, **parts})


@dataclass(slots=True)
class Row:
    """A delivery in the fake outbox, with its state."""

    delivery: Delivery
    due_at: datetime
    epoch: int = 0
    sent: MessageRef | None = None
    dead: str = ""
    is_rescanned: bool = False

    @property
    def is_open(self) -> bool:
        return self.sent is None and not self.dead


@dataclass(slots=True)
class FakeOutbox:
    """An Outbox over a list of rows, in the order of their posting."""

    clock: ManualClock
    rows: list[Row] = field(default_factory=list)
    edits: list[CardEdit] = field(default_factory=list)
    gates: dict[str, datetime] = field(default_factory=dict)
    paused: dict[Place, str] = field(default_factory=dict)
    edited: list[CardEdit] = field(default_factory=list)
    postponed: list[tuple[CardEdit, timedelta]] = field(default_factory=list)
    forgotten: list[CardEdit] = field(default_factory=list)
    reads: list[VisualizationJob] = field(default_factory=list)
    refused_records: list[MessageRef] = field(default_factory=list)
    error: StoreUnavailable | None = None
    #: The projects for which a worker may claim.
    served: set[Project] = field(default_factory=lambda: {OURS})

    def add(self, *deliveries: Delivery) -> None:
        """Enqueue deliveries that are due now."""
        self.rows += [Row(delivery, self.clock()) for delivery in deliveries]

    def row(self, delivery_id: str) -> Row:
        """Return the row of a delivery."""
        return next(row for row in self.rows if row.delivery.id == delivery_id)

    def lapse(self) -> None:
        """Raise the epoch of every row, as if another worker had claimed it."""
        for row in self.rows:
            row.epoch += 1

    async def claim(self, project: Project, *, limit: int) -> tuple[Delivery, ...]:
        if self.error:
            raise self.error
        assert project in self.served
        now = self.clock()
        claimed: list[Delivery] = []
        busy: set[tuple[Place, JobId]] = set()
        for row in self.rows:
            key = (row.delivery.place, row.delivery.job_id)
            if not row.is_open or key in busy:
                continue
            busy.add(key)
            if row.due_at <= now and self._is_open_place(row.delivery.place):
                row.epoch += 1
                row.due_at = now + TIMING.lease
                if row.delivery.intent_at:
                    row.due_at += TIMING.settle
                claimed.append(replace(row.delivery, epoch=row.epoch))
        return tuple(claimed[:limit])

    async def intend(self, delivery: Delivery) -> bool:
        row = self._held(delivery)
        if row:
            attempts = row.delivery.attempts + 1
            row.delivery = replace(row.delivery, intent_at=self.clock(), attempts=attempts)
            row.due_at += TIMING.settle
        return row is not None

    async def give_back(
        self, delivery: Delivery, *, due_in: timedelta, failures: int | None = None
    ) -> bool:
        row = self._held(delivery)
        if row:
            kept = row.delivery.failures if failures is None else failures
            row.delivery = replace(row.delivery, intent_at=None, failures=kept)
            row.due_at = self.clock() + due_in
        return row is not None

    async def record_absent(self, delivery: Delivery) -> bool:
        return await self.give_back(delivery, due_in=timedelta())

    async def record_sent(self, delivery: Delivery, message: MessageRef) -> bool:
        row = self._held(delivery)
        if row:
            row.sent = message
        else:
            self.refused_records.append(message)
        return row is not None

    async def record_unsure(
        self, delivery: Delivery, *, due_in: timedelta, failures: int | None = None
    ) -> bool:
        row = self._held(delivery)
        if row:
            kept = row.delivery.failures if failures is None else failures
            row.delivery = replace(row.delivery, failures=kept)
            row.due_at = self.clock() + due_in
        return row is not None

    async def record_dead(self, delivery: Delivery, *, reason: str) -> bool:
        row = self._held(delivery)
        if row:
            row.dead = reason
        return row is not None

    async def pause_place(self, place: Place, *, reason: str, is_announced: bool = False) -> None:
        assert not is_announced
        self.paused[place] = reason

    async def resume_place(self, place: Place) -> bool:
        return self.paused.pop(place, None) is not None

    async def close_gate(self, team_id: str, channel_id: str, *, opens_in: timedelta) -> None:
        assert team_id in {project.team_id for project in self.served}
        opens_at = self.clock() + opens_in
        self.gates[channel_id] = max(opens_at, self.gates.get(channel_id, opens_at))

    async def pause_workspace(self, team_id: str, *, reason: str, opens_in: timedelta) -> None:
        del reason
        await self.close_gate(team_id, "", opens_in=opens_in)

    async def claim_edits(self, project: Project, *, limit: int) -> tuple[CardEdit, ...]:
        if self.error:
            raise self.error
        assert project in self.served
        return tuple(self.edits[:limit])

    async def record_edited(self, edit: CardEdit) -> bool:
        self.edits.remove(edit)
        self.edited.append(edit)
        return True

    async def postpone_edit(self, edit: CardEdit, *, due_in: timedelta) -> bool:
        self.postponed.append((edit, due_in))
        return True

    async def forget_card(self, edit: CardEdit) -> bool:
        self.edits.remove(edit)
        self.forgotten.append(edit)
        return True

    async def is_followed(self, project: Project, card: MessageRef) -> bool:
        if self.error:
            raise self.error
        assert project == OURS
        return card in [edit.card for edit in self.edits]

    async def refresh_card(
        self, project: Project, card: MessageRef, job: VisualizationJob
    ) -> tuple[CardEdit, ...] | None:
        if not await self.is_followed(project, card):
            return None
        self.reads.append(job)
        return () if self.gates else tuple(edit for edit in self.edits if edit.card == card)

    async def claim_rescans(self, project: Project, *, limit: int) -> tuple[Rescan, ...]:
        if self.error:
            raise self.error
        assert project == OURS
        return tuple(
            Rescan(delivery=row.delivery, kept=row.sent, epoch=row.epoch)
            for row in self.rows
            if row.sent and not row.is_rescanned
        )[:limit]

    async def record_rescanned(self, rescan: Rescan) -> bool:
        self.row(rescan.delivery.id).is_rescanned = True
        return True

    def _held(self, delivery: Delivery) -> Row | None:
        if self.error:
            raise self.error
        row = self.row(delivery.id)
        return row if row.epoch == delivery.epoch and row.is_open else None

    def _is_open_place(self, place: Place) -> bool:
        shut = [self.gates.get(place.channel_id), self.gates.get("")]
        return place not in self.paused and not any(end and end > self.clock() for end in shut)


@dataclass(frozen=True, slots=True)
class Trouble:
    """How one call ends: with this error, for a post shown or not, after so many seconds."""

    error: BaseException
    is_shown: bool = False
    seconds: float = 0.0


@dataclass(slots=True)
class FakeMessenger:
    """A Messenger that stores what it shows; each trouble hits one call, in order."""

    clock: ManualClock
    shown: list[tuple[Delivery, MessageRef]] = field(default_factory=list)
    troubles: list[Trouble | None] = field(default_factory=list)
    find_errors: list[MessengerError] = field(default_factory=list)
    edit_errors: list[MessengerError] = field(default_factory=list)
    delete_errors: list[MessengerError] = field(default_factory=list)
    is_history_stale: bool = False
    posts: list[str] = field(default_factory=list)
    edits: list[CardEdit] = field(default_factory=list)
    corrected: list[MessageRef] = field(default_factory=list)
    correct_errors: list[MessengerError] = field(default_factory=list)
    searches: list[Delivery] = field(default_factory=list)
    deleted: list[MessageRef] = field(default_factory=list)

    async def post(self, delivery: Delivery) -> MessageRef:
        self.posts.append(delivery.id)
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble:
            self.clock.advance(seconds=trouble.seconds)
            if trouble.is_shown:
                self.show(delivery)
            raise trouble.error
        return self.show(delivery)

    def show(self, delivery: Delivery) -> MessageRef:
        """Show a delivery in the fake Slack, as an earlier post whose answer was lost does."""
        at = self.clock().timestamp() + len(self.shown) / 1000
        message = MessageRef(channel_id=delivery.place.channel_id, ts=f"{at:.6f}")
        self.shown.append((delivery, message))
        return message

    async def edit(self, edit: CardEdit) -> None:
        self.edits.append(edit)
        if self.edit_errors:
            raise self.edit_errors.pop(0)

    async def correct(self, delivery: Delivery, message: MessageRef) -> None:
        del delivery
        if self.correct_errors:
            raise self.correct_errors.pop(0)
        self.corrected.append(message)

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        self.searches.append(delivery)
        if self.find_errors:
            raise self.find_errors.pop(0)
        return () if self.is_history_stale else tuple(self.copies(delivery.id))

    def copies(self, delivery_id: str) -> Sequence[MessageRef]:
        """Return the copies of a delivery that Slack shows, oldest first."""
        return [message for delivery, message in self.shown if delivery.id == delivery_id]

    async def delete(self, _: Place, message: MessageRef) -> None:
        if self.delete_errors:
            raise self.delete_errors.pop(0)
        self.deleted.append(message)
        self.shown = [(delivery, kept) for delivery, kept in self.shown if kept != message]
