"""Edit outdated cards, and delete duplicates of posted messages. Nothing is posted here."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.core.card_edit import CardEdit
from bot.core.cards.reply import Renewal
from bot.core.delivery import Delivery, MessageRef, Rescan
from bot.core.errors import (
    MessageRejected,
    MessengerError,
    MessengerUnavailable,
    Refusal,
    StoreUnavailable,
)
from bot.core.job import VisualizationJob
from bot.core.ports.outbox import Outbox
from bot.core.ports.slack import Messenger
from bot.core.ports.time import Monotonic
from bot.core.project import Project
from bot.core.reasons import code_of
from bot.courier.duplicates import delete_copies, oldest
from bot.courier.lease_timing import LeaseTiming
from bot.courier.workspace_pauses import WorkspacePauses

_log = structlog.get_logger(__name__)

_EDITED_AT_ONCE = 10
_RESCANNED_AT_ONCE = 5
_PAUSE_UNASKED = timedelta(seconds=30)
_PAUSE_AFTER_A_BUG = timedelta(hours=1)
_UNCLEAR_IN_A_ROW = 2
# Refusals that concern every call, and not only the edited message.
_OF_ALL = frozenset((Refusal.TOO_FAST, Refusal.WORKSPACE, Refusal.NOT_SENT))
_LONGEST_PAUSE = timedelta(minutes=5)
# The courier tries to post for this long, so a copy may be this much older than the known one.
_RESCAN_LOOKS_BACK = timedelta(hours=24)

_TICK_SECONDS = 1.0
_RESCAN_SECONDS = 5.0


class CardKeeper:
    """The worker that edits cards and deletes duplicates."""

    def __init__(
        self,
        outbox: Outbox,
        messenger: Messenger,
        *,
        timing: LeaseTiming,
        monotonic: Monotonic,
    ) -> None:
        self._outbox = outbox
        self._messenger = messenger
        self._timing = timing
        self._monotonic = monotonic
        #: When cards may be edited again, by workspace, in monotonic seconds.
        self._edits_open_at: dict[str, float] = {}
        #: How many calls in a row got an unclear answer, by workspace.
        self._unclear_answers: Counter[str] = Counter()
        self._workspace_pauses = WorkspacePauses(monotonic)
        self._is_unreachable = False

    async def edit_due(self, project: Project) -> float:
        """Edit the outdated cards of a project; return the seconds until the next call is useful.

        An edit that Slack may have made is repeated, which does no harm.
        """
        asked_at = self._monotonic()
        wait = self._edits_open_at.get(project.team_id, 0.0) - asked_at
        if wait > 0:
            return max(wait, _TICK_SECONDS)
        try:
            for edit in await self._outbox.claim_edits(project, limit=_EDITED_AT_ONCE):
                await self._edit(edit, asked_at)
        except StoreUnavailable as error:
            self._note_unreachable(error)
        else:
            self._is_unreachable = False
        return _TICK_SECONDS

    async def renew(
        self, project: Project, card: MessageRef, job: VisualizationJob | None
    ) -> Renewal:
        """Handle a click on Refresh of this message, with the job as just read (None: not read).

        A followed card is edited at once, or else later; the reply replaces any other message.
        Raises nothing for failures of the database or Slack.
        """
        asked_at = self._monotonic()
        try:
            if job is None:
                is_card = await self._outbox.is_followed(project, card)
                return Renewal.KEPT if is_card else Renewal.REPLACED
            edits = await self._outbox.refresh_card(project, card, job)
            if edits is None:
                return Renewal.REPLACED
            done = [await self._edit(edit, asked_at) for edit in edits]
        except StoreUnavailable as error:
            self._note_unreachable(error)
            return Renewal.KEPT
        return Renewal.EDITED if any(done) else Renewal.KEPT

    async def rescan_due(self, project: Project) -> float:
        """Delete copies of deliveries that were once unsure; return the seconds until the next try.

        A rescan whose search fails keeps its lease, and is due again when the lease ends.
        """
        try:
            for rescan in await self._outbox.claim_rescans(project, limit=_RESCANNED_AT_ONCE):
                await self._rescan(rescan)
        except StoreUnavailable as error:
            self._note_unreachable(error)
        return _RESCAN_SECONDS

    def _note_unreachable(self, error: StoreUnavailable) -> None:
        """Log only the first failure in a row, because the outbox is asked each second."""
        if not self._is_unreachable:
            _log.warning("outbox_unreachable", error=str(error))
        self._is_unreachable = True

    async def _edit(self, edit: CardEdit, asked_at: float) -> bool:
        """Edit a card; True if the card shows the new content now."""
        now, team_id = self._monotonic(), edit.place.team_id
        is_open = now >= self._edits_open_at.get(team_id, 0.0)
        if not is_open or not self._timing.has_time_to_call(now - asked_at):
            await self._outbox.postpone_edit(edit, due_in=timedelta())
            return False
        try:
            await self._messenger.edit(edit)
            await self._correct(edit)
        except MessageRejected as error:
            await self._accept_refusal(edit, error)
        except MessengerUnavailable:
            self._count_unclear_answer(team_id)
            await self._outbox.postpone_edit(edit, due_in=self._timing.settle)
        else:
            del self._unclear_answers[team_id]
            self._workspace_pauses.end(team_id)
            await self._outbox.record_edited(edit)
            return True
        return False

    async def _correct(self, edit: CardEdit) -> None:
        """Edit the outdated messages about the card's job. A refusal that concerns every call is
        raised, so that the card's edit is postponed and repeated with all these messages."""
        for delivery, message in edit.outdated:
            try:
                await self._messenger.correct(delivery, message)
            except MessageRejected as error:
                if error.refusal in _OF_ALL:
                    raise
                _log.warning("notice_not_corrected", channel=message.channel_id, code=error.code)

    def _count_unclear_answer(self, team_id: str) -> None:
        """Count an unclear answer. After more than `_UNCLEAR_IN_A_ROW` edit no cards of the
        workspace for a while, longer each time, because Slack is in trouble."""
        self._unclear_answers[team_id] += 1
        further = self._unclear_answers[team_id] - _UNCLEAR_IN_A_ROW
        if further > 0:
            pause = min(self._timing.settle * 2.0 ** min(further, 10), _LONGEST_PAUSE)
            self._close_edits(team_id, pause)

    def _close_edits(self, team_id: str, pause: timedelta) -> None:
        self._edits_open_at[team_id] = self._monotonic() + pause.total_seconds()

    async def _accept_refusal(self, edit: CardEdit, error: MessageRejected) -> None:
        _log.warning("edit_refused", channel=edit.place.channel_id, code=error.code)
        pause = self._timing.settle
        match error.refusal:
            case Refusal.MESSAGE_GONE:
                await self._outbox.forget_card(edit)
                return
            case Refusal.TOO_FAST:
                pause = _asked_pause(error)
                self._close_edits(edit.place.team_id, pause)
            case Refusal.WORKSPACE | Refusal.SCOPE:
                pause = self._workspace_pauses.begin(edit.place.team_id)
                self._close_edits(edit.place.team_id, pause)
            case Refusal.PLACE:
                await self._outbox.pause_place(edit.place, reason=code_of(error))
            case Refusal.CONTENT:
                pause = _PAUSE_AFTER_A_BUG
            case Refusal.NOT_SENT:
                pass
        await self._outbox.postpone_edit(edit, due_in=pause)

    async def _rescan(self, rescan: Rescan) -> None:
        try:
            found = await self._messenger.find(_widened(rescan))
        except MessengerError as error:
            if isinstance(error, MessageRejected) and error.refusal is Refusal.SCOPE:
                await self._outbox.record_rescanned(rescan)
            return
        kept = _kept(rescan, found)
        others = (copy for copy in found if copy != kept)
        if await delete_copies(self._messenger, rescan.delivery.place, others):
            await self._outbox.record_rescanned(rescan)


def _widened(rescan: Rescan) -> Delivery:
    """Return the delivery with an earlier start of its search, to find copies that are older than
    the known one."""
    known_at = datetime.fromtimestamp(float(rescan.kept.ts), UTC)
    return replace(rescan.delivery, look_from=known_at - _RESCAN_LOOKS_BACK)


def _kept(rescan: Rescan, found: tuple[MessageRef, ...]) -> MessageRef:
    """Return the copy to keep: the known one or, if somebody deleted that, the oldest one left."""
    is_kept = rescan.kept in found or rescan.is_in_group or not found
    return rescan.kept if is_kept else oldest(found)


def _asked_pause(error: MessageRejected) -> timedelta:
    return timedelta(seconds=error.retry_after) if error.retry_after else _PAUSE_UNASKED
