"""The port to the database for messages: what to post, what to edit, and what to search for."""

from datetime import timedelta
from typing import Protocol

from bot.core.card_edit import CardEdit
from bot.core.delivery import Delivery, MessageRef, Rescan
from bot.core.job import VisualizationJob
from bot.core.project import Project
from bot.core.subscription import Place


class Outbox(Protocol):
    """Deliveries that Slack has not confirmed. Every write after `claim` is fenced by the epoch:
    a method returns False if another replica leases the row by now."""

    async def claim(self, project: Project, *, limit: int) -> tuple[Delivery, ...]:
        """Lease the deliveries that are due.

        Per place and job these are the lowest open one, a card before its changes. Deliveries of
        paused places and closed gates stay, and so do those that only edit a card. Where too many
        wait they come as one group.
        """

    async def intend(self, delivery: Delivery) -> bool:
        """Record that a post begins, in the thread of `delivery.card`. After a crash the
        delivery is unconfirmed from here on."""

    async def give_back(
        self, delivery: Delivery, *, due_in: timedelta, failures: int | None = None
    ) -> bool:
        """Clear the intent and release the row: nothing was sent. `failures` is the count for
        the next attempt; None leaves it as it is."""

    async def record_absent(self, delivery: Delivery) -> bool:
        """Record that a complete search found no copy: the delivery was not sent, and may join a
        group. The other unconfirmed deliveries of its place become due soon."""

    async def record_sent(self, delivery: Delivery, message: MessageRef) -> bool:
        """Record the message that Slack took. If the fence refuses the write, keep its ts as a
        late record."""

    async def record_unsure(
        self, delivery: Delivery, *, due_in: timedelta, failures: int | None = None
    ) -> bool:
        """Keep the intent, because Slack may have taken the message. The next claim searches
        before it posts."""

    async def record_dead(self, delivery: Delivery, *, reason: str) -> bool:
        """Give the delivery up as a dead letter, which people can see. Later changes of the job
        go on."""

    async def pause_place(self, place: Place, *, reason: str, is_announced: bool = False) -> None:
        """Hold the deliveries of a place that refuses posts until `resume_place`. Notify the
        people whose subscriptions wait there, unless `is_announced` says that they know."""

    async def resume_place(self, place: Place) -> bool:
        """Release the deliveries of the place. Return True if it was paused."""

    async def close_gate(self, team_id: str, channel_id: str, *, opens_in: timedelta) -> None:
        """Post nothing in a channel for so long, in all replicas, because Slack asked to slow
        down. An empty `channel_id` means the whole workspace. A gate that is closed for longer
        stays so."""

    async def pause_workspace(self, team_id: str, *, reason: str, opens_in: timedelta) -> None:
        """Post nothing in a workspace for so long, because Slack refuses the token with this
        code."""

    async def claim_edits(self, project: Project, *, limit: int) -> tuple[CardEdit, ...]:
        """Lease the cards that are older than their jobs."""

    async def record_edited(self, edit: CardEdit) -> bool:
        """Record that the card shows the content of the edit. Deliveries in mode CARD count as
        sent up to that change."""

    async def postpone_edit(self, edit: CardEdit, *, due_in: timedelta) -> bool:
        """Retry the edit after so long."""

    async def forget_card(self, edit: CardEdit) -> bool:
        """Order a new card, because the message of this one is gone."""

    async def is_followed(self, project: Project, card: MessageRef) -> bool:
        """Return True if this message is a card that is edited when its job changes."""

    async def refresh_card(
        self, project: Project, card: MessageRef, job: VisualizationJob
    ) -> tuple[CardEdit, ...] | None:
        """Record the read that a person's Refresh made, and order the edit of the card.

        A change in that read is delivered like any other. Return None if the message is no followed
        card of the job; else the leased edit, or nothing if it has to wait or another replica
        leases it.
        """

    async def claim_rescans(self, project: Project, *, limit: int) -> tuple[Rescan, ...]:
        """Lease the deliveries that were unconfirmed or claimed twice: 2 minutes, 15 minutes and
        24 hours after they were sent."""

    async def record_rescanned(self, rescan: Rescan) -> bool:
        """Record that this rescan is done. The delivery is due at the next of the three times,
        or never."""
