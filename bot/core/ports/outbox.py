"""The door to the database: what is to be posted, edited and looked for."""

from datetime import timedelta
from typing import Protocol

from bot.core.card_edit import CardEdit
from bot.core.delivery import Delivery, MessageRef, Rescan
from bot.core.job import VisualizationJob
from bot.core.project import Project
from bot.core.subscription import Place


class Outbox(Protocol):
    """Deliveries not yet accepted by Slack. After `claim`, every write is fenced by the epoch;
    a method that returns False was refused because somebody else holds the row now."""

    async def claim(self, project: Project, *, limit: int) -> tuple[Delivery, ...]:
        """Lease what is due: per place and job only the lowest open one, a card before its
        changes; nothing of paused places and closed gates, nor what the card alone tells;
        grouped where too many wait."""

    async def intend(self, delivery: Delivery) -> bool:
        """From here on a crash means: it may have been sent, to the thread of `delivery.card`."""

    async def give_back(
        self, delivery: Delivery, *, due_in: timedelta, failures: int | None = None
    ) -> bool:
        """Nothing was sent: clear the intent and free the row; `failures` are kept for the next
        attempt, None leaves them as they are."""

    async def record_absent(self, delivery: Delivery) -> bool:
        """A complete search shows no copy: it was not sent, and may be grouped. What else of its
        place is unsure is looked for soon."""

    async def record_sent(self, delivery: Delivery, message: MessageRef) -> bool:
        """Slack took it. A refused write keeps the ts as a late record."""

    async def record_unsure(
        self, delivery: Delivery, *, due_in: timedelta, failures: int | None = None
    ) -> bool:
        """Nobody knows: keep the intent; the next claim looks before it posts."""

    async def record_dead(self, delivery: Delivery, *, reason: str) -> bool:
        """It will never be sent: a visible dead letter. Later changes are not blocked by it."""

    async def pause_place(self, place: Place, *, reason: str, is_told: bool = False) -> None:
        """The place cannot be posted to: hold its deliveries until `resume_place`. Whose
        subscriptions wait there are told so, unless `is_told` says that they know."""

    async def resume_place(self, place: Place) -> bool:
        """It can again; True if it was paused."""

    async def close_gate(self, team_id: str, channel_id: str, *, opens_in: timedelta) -> None:
        """Slack asked to slow down (`channel_id` empty: the whole workspace); all replicas obey.
        A gate that is closed for longer stays closed for longer."""

    async def claim_edits(self, project: Project, *, limit: int) -> tuple[CardEdit, ...]:
        """Lease cards that show less than is known."""

    async def record_edited(self, edit: CardEdit) -> bool:
        """The card shows what the edit carried; what it alone tells (Telling.CARD) is recorded
        sent up to that change."""

    async def postpone_edit(self, edit: CardEdit, *, due_in: timedelta) -> bool:
        """It could not be edited now."""

    async def forget_card(self, edit: CardEdit) -> bool:
        """The card's message is gone: order a new one."""

    async def is_followed(self, project: Project, card: MessageRef) -> bool:
        """True if this message is a card that is edited as its job changes."""

    async def refresh_card(
        self, project: Project, card: MessageRef, job: VisualizationJob
    ) -> tuple[CardEdit, ...] | None:
        """Somebody asked for a card anew: record the read that was made for it (a change that it
        shows is told as any other), and order the edit. None if this message is no followed card
        of the job; else the edit, leased, unless it must wait or somebody has it in hand."""

    async def claim_rescans(self, project: Project, *, limit: int) -> tuple[Rescan, ...]:
        """Deliveries that ever were unsure or claimed twice: due 2 min, 15 min, 24 h later."""

    async def record_rescanned(self, rescan: Rescan) -> bool:
        """Looked at; due again at the next of the three times, or never."""
