"""Claim and record deliveries, card edits and rescans, fenced by epoch: the Outbox over SQL."""

from bot.store.database.port import SqlPort, reading, writing
from bot.store.delivering import (
    claiming,
    edits,
    holding,
    pauses,
    posted,
    progress,
    rescans,
    waiting,
)
from bot.store.delivering.token_holds import hold_workspace
from bot.store.watching import refreshing


class SqlOutbox(SqlPort):
    """The Outbox port over SQL."""

    claim = writing(claiming.claim)
    intend = writing(progress.intend)
    give_back = writing(progress.give_back)
    record_absent = writing(waiting.record_absent)
    record_sent = writing(progress.record_sent)
    record_unsure = writing(progress.record_unsure)
    record_dead = writing(progress.record_dead)

    pause_place = writing(holding.pause)
    pause_place_once = writing(holding.pause_once)
    resume_place = writing(holding.resume)
    close_gate = writing(holding.close)
    pause_workspace = writing(hold_workspace)
    unannounced_pauses = reading(pauses.unannounced)
    order_pause_notes = writing(pauses.order_notes)

    claim_edits = writing(edits.claim)
    record_edited = writing(edits.record)
    postpone_edit = writing(edits.postpone)
    forget_card = writing(edits.forget)
    is_followed = reading(refreshing.is_followed)
    find_posted = reading(posted.find_posted)
    find_reminders = reading(posted.find_reminders)
    find_end = reading(posted.find_end)
    job_of_card = reading(refreshing.job_of_card)
    refresh_card = writing(refreshing.refresh_card)

    claim_rescans = writing(rescans.claim)
    record_rescanned = writing(rescans.record)
