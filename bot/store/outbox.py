"""Deliveries on their way, each write fenced by the epoch of its lease: the Outbox over SQL."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.delivery import CardEdit, Delivery, MessageRef, Pause, Rescan
from bot.core.job import VisualizationJob
from bot.core.subscription import Place
from bot.store.database.database import Database, Transaction
from bot.store.database.inbox import is_known
from bot.store.delivering import edits, holding, pauses, progress, reconciling, rescans
from bot.store.delivering.claiming import claim_rows
from bot.store.delivering.loading import load_deliveries
from bot.store.watching import refreshing


class SqlOutbox:
    """The outbox of one project; every method is one transaction, raises StoreUnavailable."""

    def __init__(
        self, database: Database, *, project_id: str, lease: timedelta, settle: timedelta
    ) -> None:
        self._database = database
        self._project_id = project_id
        self._lease = lease
        self._settle = settle

    async def claim(self, team_id: str, *, limit: int) -> tuple[Delivery, ...]:
        """Lease what is due, in order: see the port."""

        async def write(transaction: Transaction) -> tuple[Delivery, ...]:
            await reconciling.doubt_new(transaction, team_id, self._project_id)
            rows = await claim_rows(
                transaction,
                team_id,
                self._project_id,
                limit=limit,
                lease=self._lease,
                settle=self._settle,
            )
            await edits.mark_carried(transaction, rows)
            return await load_deliveries(transaction, rows)

        return await self._database.write(write)

    async def intend(self, delivery: Delivery) -> bool:
        """From here on a crash means: it may have been sent. False if the lease has ended."""
        return await self._database.write(lambda tx: progress.intend(tx, delivery))

    async def give_back(
        self, delivery: Delivery, *, due_in: timedelta, failures: int | None = None
    ) -> bool:
        """Nothing was sent: clear the intent and free the row."""
        return await self._database.write(
            lambda tx: progress.give_back(tx, delivery, due_in, failures)
        )

    async def record_sent(self, delivery: Delivery, message: MessageRef) -> bool:
        """Slack took it. A refused write keeps the ts in the audit, for the sweep."""
        return await self._database.write(lambda tx: progress.record_sent(tx, delivery, message))

    async def record_unsure(
        self, delivery: Delivery, *, due_in: timedelta, failures: int | None = None
    ) -> bool:
        """Nobody knows: keep the intent; the next claim looks before it posts."""
        return await self._database.write(
            lambda tx: progress.record_unsure(tx, delivery, due_in, failures)
        )

    async def record_dead(self, delivery: Delivery, *, reason: str) -> bool:
        """It will never be sent: a visible dead letter. Later changes are not blocked by it."""
        return await self._database.write(lambda tx: progress.record_dead(tx, delivery, reason))

    async def pause_place(self, place: Place, *, reason: str, is_told: bool = False) -> None:
        """The place cannot be posted to: hold its deliveries until `resume_place`."""
        await self._database.write(lambda tx: holding.pause(tx, place, reason, is_told=is_told))

    async def pause_place_once(self, place: Place, *, reason: str, event_key: str) -> None:
        """The same, said by an event; one that was heard before is old news and pauses nothing."""

        async def write(transaction: Transaction) -> None:
            if not await is_known(transaction, place.team_id, event_key):
                await holding.pause(transaction, place, reason)

        await self._database.write(write)

    async def resume_place(self, place: Place) -> bool:
        """It can again; True if it was paused."""
        return await self._database.write(lambda tx: holding.resume(tx, place))

    async def untold_pauses(self, team_id: str, *, limit: int) -> tuple[Pause, ...]:
        """The pauses of channels that nobody was told of, the longest first."""
        return await self._database.read(lambda tx: pauses.untold(tx, team_id, limit=limit))

    async def order_pause_notes(self, pause: Pause, told: Sequence[Place]) -> None:
        """Order one note for each of these direct messages; the pause is told of no more."""
        await self._database.write(lambda tx: pauses.order_notes(tx, self._project_id, pause, told))

    async def close_gate(self, team_id: str, channel_id: str, *, opens_in: timedelta) -> None:
        """Slack asked to slow down (`channel_id` empty: the whole workspace); all obey."""
        await self._database.write(lambda tx: holding.close(tx, team_id, channel_id, opens_in))

    async def claim_edits(self, team_id: str, *, limit: int) -> tuple[CardEdit, ...]:
        """Lease cards that show less than is known."""
        return await self._database.write(
            lambda tx: edits.claim(tx, team_id, self._project_id, limit=limit, lease=self._lease)
        )

    async def record_edited(self, edit: CardEdit) -> bool:
        """The card shows what the edit carried; what it alone tells is recorded sent."""
        return await self._database.write(lambda tx: edits.record(tx, edit))

    async def postpone_edit(self, edit: CardEdit, *, due_in: timedelta) -> bool:
        """It could not be edited now."""
        return await self._database.write(lambda tx: edits.postpone(tx, edit, due_in))

    async def forget_card(self, edit: CardEdit) -> bool:
        """The card's message is gone: order a new one."""
        return await self._database.write(lambda tx: edits.forget(tx, edit))

    async def is_followed(self, team_id: str, card: MessageRef) -> bool:
        """True if this message is a card that is edited as its job changes."""
        return await self._database.read(
            lambda tx: refreshing.is_followed(tx, team_id, self._project_id, card)
        )

    async def refresh_card(
        self, team_id: str, card: MessageRef, job: VisualizationJob
    ) -> tuple[CardEdit, ...] | None:
        """Record the read that somebody asked for, and lease the edit: see the port."""

        async def write(transaction: Transaction) -> tuple[CardEdit, ...] | None:
            key = (team_id, self._project_id)
            if not await refreshing.is_followed(transaction, *key, card, job.id):
                return None
            await refreshing.refresh(transaction, *key, card, job)
            return await edits.claim(transaction, *key, limit=1, lease=self._lease, only=card)

        return await self._database.write(write)

    async def claim_rescans(self, team_id: str, *, limit: int) -> tuple[Rescan, ...]:
        """Deliveries that ever were unsure or claimed twice: due 2 min, 15 min, 24 h later."""
        return await self._database.write(
            lambda tx: rescans.claim(tx, team_id, self._project_id, limit=limit, lease=self._lease)
        )

    async def record_rescanned(self, rescan: Rescan) -> bool:
        """Looked at; due again at the next of the three times, or never."""
        return await self._database.write(lambda tx: rescans.record(tx, rescan))
